/*
 * The threads of a block whose kernel has barriers: fibers, each on a stack of its own, that are left at a barrier and taken up again
 * when all have come there. Warp by warp, so that a warp may shuffle alone.
 */
#include <stdio.h>
#include <string.h>

#include "double.h"
#include "stacks.h"

enum { WARP = 32 };
enum state { RUNNABLE, AT_BARRIER, AT_WARP_BARRIER, AT_SHUFFLE, ENDED, STATES };

static place fibers[MAX_STACKS], scheduler;
static unsigned begun; /* so many fibers have a stack */
static unsigned char states[MAX_STACKS];
static unsigned char turns[MAX_STACKS];               /* parity of a thread's shuffles */
static unsigned long long values[2][MAX_STACKS];      /* of this shuffle and of the one before, which a slower thread may still read */
static unsigned current, warp_end, block_size;
static char problem[200];
static const struct kernel_library *library_now;
static const struct kernel_entry *kernel_now;
static void **parameters_now;

static void go_on_as(place *from, unsigned thread) {
  current = thread;
  library_now->set_thread(thread);
  stacks_jump(from, &fibers[thread]);
}

/* Goes on with the warp's next thread, or back to the scheduler. */
static void leave(enum state state) {
  unsigned own = current, next = own + 1;
  states[own] = (unsigned char)state;
  if (next < warp_end && states[next] == RUNNABLE) go_on_as(&fibers[own], next);
  else stacks_jump(&fibers[own], &scheduler);
}

static void fiber_main(void) {
  for (;;) {
    kernel_now->thread(parameters_now);
    leave(ENDED);
  }
}

void fibers_abandon(void) { begun = 0; }

static void barrier(void) { leave(AT_BARRIER); }

static void check_mask(unsigned mask, const char *what) {
  if (mask != 0xffffffffu && problem[0] == 0) snprintf(problem, sizeof problem, "%s with mask %#x instead of the whole warp", what, mask);
}

static void warp_barrier(unsigned mask) {
  check_mask(mask, "__syncwarp");
  leave(AT_WARP_BARRIER);
}

static unsigned long long shuffle(unsigned mask, unsigned long long bits, int source) {
  check_mask(mask, "a shuffle");
  unsigned own = current, from = own / WARP * WARP + (unsigned)source, turn = turns[own] ^= 1;
  values[turn][own] = bits;
  if (from >= block_size && problem[0] == 0) {
    snprintf(problem, sizeof problem, "thread %u shuffles with lane %d, which a block of %u threads has not", own, source, block_size);
  }
  leave(AT_SHUFFLE);
  return values[turn][from < block_size ? from : own];
}

unsigned fibers_order;

/* Who comes next: a device promises nothing of it. */
static unsigned turn(unsigned number, unsigned count) {
  if (fibers_order == 0) return number;
  unsigned turned = (unsigned)(((unsigned long long)number + fibers_order / 2) % count);
  return fibers_order % 2 == 1 ? count - 1 - turned : turned;
}

const struct kernel_hooks kernel_hooks = {barrier, warp_barrier, shuffle, turn};

static void count_states(unsigned first, unsigned end, unsigned counts[STATES]) {
  memset(counts, 0, STATES * sizeof *counts);
  for (unsigned t = first; t < end; t++) counts[states[t]]++;
}

/* Runs a warp until all its threads wait for the block or have ended. */
static bool run_warp(unsigned first, unsigned end) {
  unsigned counts[STATES];
  warp_end = end;
  for (;;) {
    for (unsigned t = first; t < end; t++) {
      if (states[t] == RUNNABLE) go_on_as(&scheduler, t);
    }
    if (problem[0] != 0) return false;
    count_states(first, end, counts);
    if (counts[AT_SHUFFLE] + counts[AT_WARP_BARRIER] == 0) return true;
    if (counts[AT_SHUFFLE] != end - first && counts[AT_WARP_BARRIER] != end - first) {
      snprintf(problem, sizeof problem,
               "%u of the %u threads of the warp from thread %u came to a shuffle, %u to __syncwarp, %u to __syncthreads, %u to the end",
               counts[AT_SHUFFLE], end - first, first, counts[AT_WARP_BARRIER], counts[AT_BARRIER], counts[ENDED]);
      return false;
    }
    memset(states + first, RUNNABLE, end - first);
  }
}

static bool run_block(void) {
  unsigned counts[STATES];
  for (;;) {
    unsigned warps = (block_size + WARP - 1) / WARP;
    for (unsigned warp = 0; warp < warps; warp++) {
      unsigned first = turn(warp, warps) * WARP;
      if (!run_warp(first, first + WARP < block_size ? first + WARP : block_size)) return false;
    }
    count_states(0, block_size, counts);
    if (counts[ENDED] == block_size) return true;
    if (counts[ENDED] > 0) {
      snprintf(problem, sizeof problem, "%u threads wait at __syncthreads, which %u have passed by to their end", counts[AT_BARRIER],
               counts[ENDED]);
      return false;
    }
    memset(states, RUNNABLE, block_size);
  }
}

const char *fibers_run(const struct kernel_library *library, const struct kernel_entry *kernel, void **parameters, unsigned grid,
                       unsigned block) {
  library_now = library;
  kernel_now = kernel;
  parameters_now = parameters;
  block_size = block;
  problem[0] = 0;
  for (; begun < block; begun++) stacks_begin(&fibers[begun], begun, fiber_main);
  for (unsigned b = 0; b < grid; b++) {
    library->set_block(turn(b, grid), block, grid);
    memset(states, RUNNABLE, block);
    memset(turns, 0, block);
    if (!run_block()) {
      fibers_abandon();
      return problem;
    }
  }
  return NULL;
}

/*
 * The threads of a block whose kernel has barriers: fibers, each on a stack of its own, that are left at a barrier and taken up again
 * when all have come there. Warp by warp, so that a warp may shuffle alone.
 */
#undef _FORTIFY_SOURCE /* its longjmp takes a change of stacks for an error */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "double.h"

enum { MAX_THREADS = 1024, WARP = 32, STACK_BYTES = 128 << 10, PAGE = 4096 };
enum state { RUNNABLE, AT_BARRIER, AT_WARP_BARRIER, AT_SHUFFLE, ENDED };

struct fiber {
  jmp_buf context;
  ucontext_t begin;
  bool begun;
  enum state state;
  unsigned shuffles;
  unsigned long long values[2]; /* of this shuffle and of the one before, which a slower thread may still read */
};

static struct fiber *fibers;
static char *stacks;
static jmp_buf scheduler;
static unsigned current, block_size;
static char problem[200];
static const struct kernel_entry *kernel_now;
static void **parameters_now;

static __attribute__((noinline)) void leave(enum state state) {
  fibers[current].state = state;
  if (_setjmp(fibers[current].context) == 0) _longjmp(scheduler, 1);
}

static void fiber_main(void) {
  for (;;) {
    kernel_now->thread(parameters_now);
    leave(ENDED);
  }
}

static void create_all(void) {
  if (fibers == NULL) {
    fibers = zeroed(MAX_THREADS * sizeof *fibers);
    stacks = mmap(NULL, (size_t)MAX_THREADS * STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (stacks == MAP_FAILED) abort();
    for (size_t i = 0; i < MAX_THREADS; i++) mprotect(stacks + i * STACK_BYTES, PAGE, PROT_NONE);
  }
}

void fibers_abandon(void) {
  for (unsigned i = 0; fibers != NULL && i < MAX_THREADS; i++) fibers[i].begun = false;
}

/* Runs a thread up to its next barrier or its end. */
static __attribute__((noinline)) void resume(unsigned thread) {
  current = thread;
  if (_setjmp(scheduler) != 0) return;
  struct fiber *fiber = &fibers[thread];
  if (fiber->begun) _longjmp(fiber->context, 1);
  fiber->begun = true;
  getcontext(&fiber->begin);
  fiber->begin.uc_stack.ss_sp = stacks + (size_t)thread * STACK_BYTES + PAGE;
  fiber->begin.uc_stack.ss_size = STACK_BYTES - PAGE;
  makecontext(&fiber->begin, fiber_main, 0);
  setcontext(&fiber->begin);
}

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
  struct fiber *fiber = &fibers[current];
  unsigned turn = fiber->shuffles++ % 2;
  unsigned from = current / WARP * WARP + (unsigned)source;
  fiber->values[turn] = bits;
  if (from >= block_size && problem[0] == 0) {
    snprintf(problem, sizeof problem, "thread %u shuffles with lane %d, which a block of %u threads has not", current, source, block_size);
  }
  leave(AT_SHUFFLE);
  return from < block_size ? fibers[from].values[turn] : 0;
}

const struct kernel_hooks kernel_hooks = {barrier, warp_barrier, shuffle};

static unsigned count(unsigned first, unsigned end, enum state state) {
  unsigned found = 0;
  for (unsigned t = first; t < end; t++) found += fibers[t].state == state;
  return found;
}

static void release(unsigned first, unsigned end) {
  for (unsigned t = first; t < end; t++) fibers[t].state = RUNNABLE;
}

/* Runs a warp until all its threads wait for the block or have ended. */
static bool run_warp(const struct kernel_library *library, unsigned first, unsigned end) {
  for (;;) {
    for (unsigned t = first; t < end; t++) {
      if (fibers[t].state != RUNNABLE) continue;
      library->set_thread(t);
      resume(t);
    }
    if (problem[0] != 0) return false;
    unsigned shuffles = count(first, end, AT_SHUFFLE), barriers = count(first, end, AT_WARP_BARRIER);
    if (shuffles == 0 && barriers == 0) return true;
    if (shuffles != end - first && barriers != end - first) {
      snprintf(problem, sizeof problem, "%u of the %u threads of the warp from thread %u came to a shuffle, %u to __syncwarp, %u to __syncthreads, %u to the end",
               shuffles, end - first, first, barriers, count(first, end, AT_BARRIER), count(first, end, ENDED));
      return false;
    }
    release(first, end);
  }
}

static bool run_block(const struct kernel_library *library, unsigned block) {
  for (;;) {
    for (unsigned first = 0; first < block; first += WARP) {
      if (!run_warp(library, first, first + WARP < block ? first + WARP : block)) return false;
    }
    unsigned ended = count(0, block, ENDED);
    if (ended == block) return true;
    if (ended > 0) {
      snprintf(problem, sizeof problem, "%u threads wait at __syncthreads, which %u have passed by to their end", block - ended, ended);
      return false;
    }
    release(0, block);
  }
}

const char *fibers_run(const struct kernel_library *library, const struct kernel_entry *kernel, void **parameters, unsigned grid,
                       unsigned block) {
  create_all();
  kernel_now = kernel;
  parameters_now = parameters;
  block_size = block;
  problem[0] = 0;
  for (unsigned b = 0; b < grid; b++) {
    library->set_block(b, block, grid);
    for (unsigned t = 0; t < block; t++) fibers[t] .state = RUNNABLE, fibers[t].shuffles = 0;
    if (!run_block(library, block)) {
      fibers_abandon();
      return problem;
    }
  }
  return NULL;
}

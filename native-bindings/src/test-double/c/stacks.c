/*
 * Stacks for fibers. Changing between them costs a few nanoseconds on x86-64, where six registers are all that a called function has to
 * keep; elsewhere setjmp and longjmp do it.
 */
#undef _FORTIFY_SOURCE /* its longjmp takes a change of stacks for an error */
#define _GNU_SOURCE
#include "stacks.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>

/* The stacks in use lie at different distances from a page, lest they all contend for the same lines of the cache. */
enum { STACK_BYTES = 128 << 10, PAGE = 4096, STAGGERED = 128, STAGGER = 576 };

static char *stacks;

/* The lowest address of a stack that may be used, and how much of it; below is a page that may not. */
static char *stack_of(unsigned number, size_t *bytes) {
  if (stacks == NULL) {
    stacks = mmap(NULL, (size_t)MAX_STACKS * STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (stacks == MAP_FAILED) abort();
    for (size_t i = 0; i < MAX_STACKS; i++) mprotect(stacks + i * STACK_BYTES, PAGE, PROT_NONE);
  }
  *bytes = STACK_BYTES - PAGE - (size_t)number % STAGGERED * STAGGER;
  return stacks + (size_t)number * STACK_BYTES + PAGE;
}

#ifdef HYPERTAPE_FAST_STACKS

/* void stacks_jump(place *from, place *to): what is pushed here is popped when somebody jumps back. */
__asm__(
    ".text\n"
    ".hidden stacks_jump\n"
    ".globl stacks_jump\n"
    ".type stacks_jump, @function\n"
    "stacks_jump:\n"
    "  pushq %rbp\n"
    "  pushq %rbx\n"
    "  pushq %r12\n"
    "  pushq %r13\n"
    "  pushq %r14\n"
    "  pushq %r15\n"
    "  movq %rsp, (%rdi)\n"
    "  movq (%rsi), %rsp\n"
    "  popq %r15\n"
    "  popq %r14\n"
    "  popq %r13\n"
    "  popq %r12\n"
    "  popq %rbx\n"
    "  popq %rbp\n"
    "  ret\n"
    ".size stacks_jump, . - stacks_jump\n");

void stacks_begin(place *start, unsigned number, void (*function)(void)) {
  size_t bytes;
  char *low = stack_of(number, &bytes);
  uintptr_t *top = (uintptr_t *)((uintptr_t)(low + bytes) & ~(uintptr_t)15);
  *--top = 0; /* where a call would have left its return address */
  *--top = (uintptr_t)function;
  for (int i = 0; i < 6; i++) *--top = 0;
  start->stack = top;
}

#else

__attribute__((noinline)) void stacks_jump(place *from, place *to) {
  if (_setjmp(from->registers) == 0) _longjmp(to->registers, 1);
}

static jmp_buf beginner;
static place *beginning;
static void (*begun)(void);

static void begin(void) {
  void (*function)(void) = begun;
  if (_setjmp(beginning->registers) == 0) _longjmp(beginner, 1);
  function();
}

/* Goes to the new stack once, to be jumped to from then on. */
__attribute__((noinline)) void stacks_begin(place *start, unsigned number, void (*function)(void)) {
  static ucontext_t context;
  beginning = start;
  begun = function;
  getcontext(&context);
  context.uc_stack.ss_sp = stack_of(number, &context.uc_stack.ss_size);
  makecontext(&context, begin, 0);
  if (_setjmp(beginner) == 0) setcontext(&context);
}

#endif

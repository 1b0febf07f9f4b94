/* Stacks to run on, and leaving one for another: see stacks.c. */
#ifndef HYPERTAPE_STACKS_H
#define HYPERTAPE_STACKS_H

#include <setjmp.h>

#if defined(__x86_64__) && defined(__ELF__) && !defined(HYPERTAPE_PORTABLE_STACKS)
#define HYPERTAPE_FAST_STACKS 1
typedef struct {
  void *stack;
} place;
#else
typedef struct {
  jmp_buf registers;
} place;
#endif

/* Keeps the place where this thread is and goes on at another. */
void stacks_jump(place *from, place *to);
/* Makes `start` a place at which `function`, that never returns, begins on the numbered stack. */
void stacks_begin(place *start, unsigned number, void (*function)(void));

enum { MAX_STACKS = 1024 };

#endif

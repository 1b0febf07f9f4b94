/*
 * A kernel that leaves mapped memory must not take the process with it. Signals that are not the kernel's go to the handler that was
 * there before: a Java VM lives with such signals.
 */
#undef _FORTIFY_SOURCE /* see fibers.c */
#define _GNU_SOURCE
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>

#include "double.h"

static const int SIGNALS[] = {SIGSEGV, SIGBUS, SIGFPE};
enum { SIGNAL_COUNT = 3 };

static struct sigaction before[SIGNAL_COUNT];
static sigjmp_buf way_out;
static pthread_t owner;
static volatile sig_atomic_t active;
static const void *volatile fault_address;

static void handle(int number, siginfo_t *info, void *context) {
  if (active && pthread_equal(owner, pthread_self())) {
    fault_address = info->si_addr;
    siglongjmp(way_out, number);
  }
  for (int i = 0; i < SIGNAL_COUNT; i++) {
    if (SIGNALS[i] != number) continue;
    if (before[i].sa_flags & SA_SIGINFO) {
      before[i].sa_sigaction(number, info, context);
    } else if (before[i].sa_handler == SIG_DFL || before[i].sa_handler == SIG_IGN) {
      signal(number, SIG_DFL); /* comes again and ends the process as it would have */
    } else {
      before[i].sa_handler(number);
    }
  }
}

int guarded(void (*function)(void *), void *context, const void **address) {
  for (int i = 0; i < SIGNAL_COUNT; i++) {
    sigaction(SIGNALS[i], NULL, &before[i]);
    struct sigaction own = before[i];
    own.sa_sigaction = handle;
    own.sa_flags |= SA_SIGINFO;
    sigaction(SIGNALS[i], &own, NULL);
  }
  owner = pthread_self();
  int number = sigsetjmp(way_out, 1);
  if (number == 0) {
    active = 1;
    function(context);
  }
  active = 0;
  for (int i = 0; i < SIGNAL_COUNT; i++) sigaction(SIGNALS[i], &before[i], NULL);
  *address = number == 0 ? NULL : (const void *)fault_address;
  return number;
}

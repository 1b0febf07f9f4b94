/* What every exported function does first: the lock, the count, an injected failure; and the log of violations. */
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "double.h"

enum { KEPT_VIOLATIONS = 1000 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct function *functions;
static long total_calls, unchecked_calls;
static struct text violations;
static long violation_count;

static long fail_after, fail_times;
static int fail_status;
static char fail_name[80];
static char failed_name[80];
static struct text failures; /* a line each, NAME STATUS */

static long lose_after;
static int lose_status;
static bool lost;

static _Thread_local const char *entered = "?";
static _Thread_local int last_error;

/* Where no status is asked for, the one with which a library says that it failed for a reason of its own. */
static int typical_failure(enum library library) {
  switch (library) {
    case CUBLAS: return CUBLAS_STATUS_INTERNAL_ERROR;
    case CUDNN: return CUDNN_STATUS_INTERNAL_ERROR;
    case NVRTC: return NVRTC_ERROR_INTERNAL_ERROR;
    default: return cudaErrorUnknown;
  }
}

/* Where a lack of memory is asked for, the one with which a library says that. */
static int lack_of_memory(enum library library) {
  switch (library) {
    case CUBLAS: return CUBLAS_STATUS_ALLOC_FAILED;
    case CUDNN: return CUDNN_STATUS_INTERNAL_ERROR_HOST_ALLOCATION_FAILED;
    case NVRTC: return NVRTC_ERROR_OUT_OF_MEMORY;
    default: return cudaErrorMemoryAllocation;
  }
}

static bool failure_is_due(const struct function *function) {
  if (fail_after <= 0) return false;
  bool meant = fail_name[0] ? strcmp(fail_name, function->name) == 0 : function->library != STATELESS;
  if (!meant) return false;
  if (fail_after > 1) {
    fail_after--;
    return false;
  }
  if (--fail_times == 0) fail_after = 0; /* else the next one too */
  return true;
}

static bool needs_device(const struct function *function) { return function->library != NVRTC && function->library != STATELESS; }

/* Of a lost device things can still be given back: that is done, although it is answered with the loss. */
static bool gives_back(const struct function *function) {
  return strstr(function->name, "Destroy") != NULL || strstr(function->name, "Free") != NULL || strstr(function->name, "Unload") != NULL;
}

/* cuBLAS and cuDNN say only that something could not be run. */
static int status_of_loss(enum library library) {
  switch (library) {
    case CUBLAS: return CUBLAS_STATUS_EXECUTION_FAILED;
    case CUDNN: return CUDNN_STATUS_EXECUTION_FAILED;
    default: return lose_status;
  }
}

/* All that is queued is dropped, captures with it. */
static void lose_device(const struct function *function) {
  lost = true;
  snprintf(failed_name, sizeof failed_name, "%s", function->name);
  captures_reset();
  device_fault(lose_status);
  streams_run_all();
}

struct scope scope_enter(struct function *function) {
  pthread_mutex_lock(&lock);
  if (!function->known) {
    function->known = true;
    function->next = functions;
    functions = function;
  }
  function->calls++;
  total_calls++;
  entered = function->name;
  struct scope scope = {.function = function};
  if (failure_is_due(function)) {
    scope.failed = true;
    scope.status = fail_status > 0 ? fail_status : fail_status < 0 ? lack_of_memory(function->library) : typical_failure(function->library);
    if (failed_name[0] == 0) snprintf(failed_name, sizeof failed_name, "%s", function->name);
    text_add(&failures, "%s %d\n", function->name, scope.status);
    if (function->library == RUNTIME) runtime_status(scope.status);
  }
  if (lose_after > 0 && needs_device(function) && --lose_after == 0) lose_device(function);
  if (lost && needs_device(function) && !gives_back(function)) {
    scope.failed = true;
    scope.status = status_of_loss(function->library);
    if (function->library == RUNTIME) runtime_status(scope.status);
  }
  return scope;
}

void scope_leave(struct scope *scope) {
  (void)scope;
  pthread_mutex_unlock(&lock);
}

const char *current_function(void) { return entered; }

int violation(int status, const char *format, ...) {
  char message[1200];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  if (violation_count++ < KEPT_VIOLATIONS) text_add(&violations, "%s: %s\n", entered, message);
  return status;
}

void note_unchecked(void) { unchecked_calls++; }

int runtime_status(int status) {
  if (status != cudaSuccess) last_error = status;
  return status;
}

int runtime_last_error(void) {
  int status = last_error;
  last_error = cudaSuccess;
  return status;
}

void calls_reset(void) {
  for (struct function *f = functions; f != NULL; f = f->next) f->calls = 0;
  total_calls = unchecked_calls = violation_count = 0;
  text_clear(&violations);
  text_clear(&failures);
  fail_after = fail_times = 0;
  fail_name[0] = failed_name[0] = 0;
  lose_after = 0;
  lost = false;
  last_error = cudaSuccess;
}

/* ---- control: each takes the lock, for another thread may be at work ---- */

/* How often a function was called since the reset; all of them where the name is NULL. */
EXPORT long hypertape_double_calls(const char *name) {
  pthread_mutex_lock(&lock);
  long count = name == NULL ? total_calls : 0;
  for (struct function *f = functions; f != NULL && name != NULL; f = f->next) {
    if (strcmp(f->name, name) == 0) count = f->calls;
  }
  pthread_mutex_unlock(&lock);
  return count;
}

/* Lines `name count` of the functions called since the reset; gives their number. */
EXPORT long hypertape_double_call_names(char *buffer, size_t size) {
  pthread_mutex_lock(&lock);
  struct text text = {0};
  long count = 0;
  for (struct function *f = functions; f != NULL; f = f->next) {
    if (f->calls == 0) continue;
    text_add(&text, "%s %ld\n", f->name, f->calls);
    count++;
  }
  text_copy(&text, buffer, size);
  text_clear(&text);
  pthread_mutex_unlock(&lock);
  return count;
}

EXPORT long hypertape_double_unchecked_calls(void) {
  pthread_mutex_lock(&lock);
  long count = unchecked_calls;
  pthread_mutex_unlock(&lock);
  return count;
}

/* The violations, one a line, and their number. */
EXPORT long hypertape_double_violations(char *buffer, size_t size) {
  pthread_mutex_lock(&lock);
  memory_check();
  text_copy(&violations, buffer, size);
  long count = violation_count;
  pthread_mutex_unlock(&lock);
  return count;
}

/*
 * The nth call from now (1 is the next), of the named function or, with NULL, of any that gives a status of its own, does nothing and
 * returns this status; 0 stands for the status with which that library says that it failed inside, -1 for the one with which it says
 * that it has no memory. So do the calls that follow it, as many as times says. An nth of 0 takes it back.
 */
EXPORT void hypertape_double_fail(long nth, int times, int status, const char *name) {
  pthread_mutex_lock(&lock);
  fail_after = nth;
  fail_times = times;
  fail_status = status;
  text_clear(&failures);
  snprintf(fail_name, sizeof fail_name, "%s", name == NULL ? "" : name);
  failed_name[0] = 0;
  pthread_mutex_unlock(&lock);
}

/*
 * At the nth call from now of a function that needs the device, it is lost: what is queued is dropped, and that call and all later
 * ones give this status of the runtime, or what cuBLAS and cuDNN make of it.
 */
EXPORT void hypertape_double_lose(long nth, int status) {
  pthread_mutex_lock(&lock);
  lose_after = nth;
  lose_status = status;
  failed_name[0] = 0;
  pthread_mutex_unlock(&lock);
}

/* The function in which the injected failure has fired, empty before that; gives whether it has. */
EXPORT int hypertape_double_failed(char *buffer, size_t size) {
  pthread_mutex_lock(&lock);
  if (buffer != NULL && size > 0) snprintf(buffer, size, "%s", failed_name);
  int fired = failed_name[0] != 0;
  pthread_mutex_unlock(&lock);
  return fired;
}

/* The calls that have failed because they were made to, a line each: name and status; gives their number. */
EXPORT long hypertape_double_failures(char *buffer, size_t size) {
  pthread_mutex_lock(&lock);
  text_copy(&failures, buffer, size);
  long count = 0;
  for (const char *c = failures.characters; c != NULL && (size_t)(c - failures.characters) < failures.length; c++) count += *c == '\n';
  pthread_mutex_unlock(&lock);
  return count;
}

void control_lock(void) {
  pthread_mutex_lock(&lock);
  entered = "control";
}

void control_unlock(void) { pthread_mutex_unlock(&lock); }

/* Events: marks in a stream's queue. */
#include <stdlib.h>
#include <time.h>

#include "double.h"

struct record_work {
  struct work work;
  struct event *event;
  long version;
};

struct wait_work {
  struct work work;
  void *stream;
  long position;
};

static double milliseconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec * 1e-6;
}

struct event *event_find(cudaEvent_t handle, const char *argument) { return handle_check(EVENT, handle, argument); }

static void release(struct event *event) {
  if (--event->references == 0) free(event);
}

static void run_record(struct work *work) {
  struct record_work *record = (struct record_work *)work;
  if (record->event->version != record->version) return; /* recorded anew since */
  record->event->complete = true;
  record->event->milliseconds = milliseconds_now();
}

static void drop_record(struct work *work) { release(((struct record_work *)work)->event); }

/* A stream that is gone has done its work before it went. */
static void run_wait(struct work *work) {
  struct wait_work *wait = (struct wait_work *)work;
  const char *reason;
  struct stream *stream = handle_find(STREAM, wait->stream, &reason);
  if (stream == NULL && (uintptr_t)wait->stream <= (uintptr_t)cudaStreamPerThread) stream = stream_find(wait->stream, "stream");
  if (stream != NULL) stream_run_to(stream, wait->position);
}

static void forget_capture(void *visited, void *context) {
  struct event *event = visited;
  if (event->capture == context) event->capture = NULL;
}

void events_forget_capture(struct capture *capture) { handles_each(EVENT, forget_capture, capture); }

EXPORT cudaError_t cudaEventCreateWithFlags(cudaEvent_t *handle, unsigned int flags) {
  ENTER_AS(RUNTIME);
  int status = runtime_obstacle();
  if (status != cudaSuccess) return runtime_status(status);
  if (handle == NULL) return runtime_status(violation(cudaErrorInvalidValue, "event is NULL"));
  if (flags & ~7u || (flags & cudaEventInterprocess && !(flags & cudaEventDisableTiming))) {
    return runtime_status(violation(cudaErrorInvalidValue, "flags %u", flags));
  }
  struct event *event = zeroed(sizeof *event);
  event->device = device_current();
  event->flags = flags;
  event->references = 1;
  event->handle = handle_create(EVENT, event);
  *handle = event->handle;
  return cudaSuccess;
}

EXPORT cudaError_t cudaEventDestroy(cudaEvent_t handle) {
  ENTER_AS(RUNTIME);
  struct event *event = event_find(handle, "event");
  if (event == NULL) return runtime_status(cudaErrorInvalidResourceHandle);
  handle_destroy(handle);
  release(event);
  return runtime_status(device_pending_fault());
}

EXPORT cudaError_t cudaEventRecord(cudaEvent_t handle, cudaStream_t stream_handle) {
  ENTER_AS(RUNTIME);
  int status = runtime_obstacle();
  if (status != cudaSuccess) return runtime_status(status);
  struct event *event = event_find(handle, "event");
  struct stream *stream = stream_find(stream_handle, "stream");
  if (event == NULL || stream == NULL) return runtime_status(cudaErrorInvalidResourceHandle);
  if (event->device != stream->device) {
    return runtime_status(violation(cudaErrorInvalidResourceHandle, "the event is of device %d, the stream of device %d", event->device,
                                    stream->device));
  }
  event->asked = false;
  if (stream->capture != NULL) {
    if (stream->capture->invalidated) return runtime_status(cudaErrorStreamCaptureInvalidated);
    capture_mark_event(stream->capture, stream, event);
    return cudaSuccess;
  }
  struct record_work *record = (struct record_work *)work_create(sizeof *record, "cudaEventRecord", run_record, 0);
  record->work.drop = drop_record;
  record->event = event;
  record->version = ++event->version;
  event->references++;
  status = stream_submit(stream, &record->work, cudaErrorInvalidValue);
  if (status != cudaSuccess) return runtime_status(status);
  event->recorded = true;
  event->complete = event->captured = false;
  event->capture = NULL;
  event->stream = stream_handle;
  event->position = stream->enqueued;
  return cudaSuccess;
}

EXPORT cudaError_t cudaStreamWaitEvent(cudaStream_t stream_handle, cudaEvent_t handle, unsigned int flags) {
  ENTER_AS(RUNTIME);
  int status = runtime_obstacle();
  if (status != cudaSuccess) return runtime_status(status);
  struct stream *stream = stream_find(stream_handle, "stream");
  struct event *event = event_find(handle, "event");
  if (event == NULL || stream == NULL) return runtime_status(cudaErrorInvalidResourceHandle);
  if (flags != 0) return runtime_status(violation(cudaErrorInvalidValue, "flags %u", flags));
  if (stream->capture != NULL || event->captured) return runtime_status(capture_wait_event(stream, event));
  if (!event->recorded) return cudaSuccess; /* as in CUDA: nothing to wait for */
  struct wait_work *wait = (struct wait_work *)work_create(sizeof *wait, "cudaStreamWaitEvent", run_wait, 0);
  wait->stream = event->stream;
  wait->position = event->position;
  return runtime_status(stream_submit(stream, &wait->work, cudaErrorInvalidValue));
}

/* 0, or why this event cannot be asked or waited for. */
static int refuse(const struct event *event, const char *what) {
  if (event->captured) {
    if (event->capture != NULL) capture_invalidate(event->capture);
    return violation(cudaErrorCapturedEvent, "%s an event last recorded in a capturing stream", what);
  }
  return capture_refuse(what);
}

static void run_to(struct event *event) {
  struct wait_work wait = {.stream = event->stream, .position = event->position};
  run_wait(&wait.work);
}

EXPORT cudaError_t cudaEventSynchronize(cudaEvent_t handle) {
  ENTER_AS(RUNTIME);
  int status = runtime_obstacle();
  if (status != cudaSuccess) return runtime_status(status);
  struct event *event = event_find(handle, "event");
  if (event == NULL) return runtime_status(cudaErrorInvalidResourceHandle);
  status = refuse(event, "waiting for");
  if (status != cudaSuccess) return runtime_status(status);
  if (event->recorded) run_to(event);
  return runtime_status(device_pending_fault());
}

EXPORT cudaError_t cudaEventQuery(cudaEvent_t handle) {
  ENTER_AS(RUNTIME);
  int status = runtime_obstacle();
  if (status != cudaSuccess) return runtime_status(status);
  struct event *event = event_find(handle, "event");
  if (event == NULL) return runtime_status(cudaErrorInvalidResourceHandle);
  status = refuse(event, "asking for");
  if (status != cudaSuccess) return runtime_status(status);
  if (event->recorded && !event->complete) {
    if (!event->asked) {
      event->asked = true;
      return runtime_status(cudaErrorNotReady);
    }
    run_to(event);
  }
  return runtime_status(device_pending_fault());
}

EXPORT cudaError_t cudaEventElapsedTime(float *milliseconds, cudaEvent_t start_handle, cudaEvent_t end_handle) {
  ENTER_AS(RUNTIME);
  int status = runtime_obstacle();
  if (status != cudaSuccess) return runtime_status(status);
  if (milliseconds == NULL) return runtime_status(violation(cudaErrorInvalidValue, "ms is NULL"));
  struct event *start = event_find(start_handle, "start"), *end = event_find(end_handle, "end");
  if (start == NULL || end == NULL) return runtime_status(cudaErrorInvalidResourceHandle);
  if ((start->flags | end->flags) & cudaEventDisableTiming) {
    return runtime_status(violation(cudaErrorInvalidResourceHandle, "an event was created without timing"));
  }
  if (!start->recorded || !end->recorded) {
    return runtime_status(violation(cudaErrorInvalidResourceHandle, "an event was never recorded"));
  }
  if (!start->complete || !end->complete) return runtime_status(cudaErrorNotReady);
  *milliseconds = (float)(end->milliseconds - start->milliseconds);
  return cudaSuccess;
}

static void drop_visited(void *visited, void *context) {
  (void)context;
  struct event *event = visited;
  handle_destroy(event->handle);
  release(event);
}

void events_reset(void) { handles_each(EVENT, drop_visited, NULL); }

/* Streams: queues of work that run only when something waits for them. */
#include <stdlib.h>

#include "double.h"

struct item {
  struct work *work;
  struct item *next;
};

/* A device has begun with its work long before so much of it is queued. */
enum { MOST_QUEUED = 10000 };

static struct stream legacy_stream = {.legacy = true}, thread_stream = {.per_thread = true};

struct stream *stream_find(cudaStream_t handle, const char *argument) {
  if (handle == NULL || handle == cudaStreamLegacy) return &legacy_stream;
  if (handle == cudaStreamPerThread) return &thread_stream;
  return handle_check(STREAM, handle, argument);
}

bool stream_idle(const struct stream *stream) { return stream->first == NULL; }

static void run_first(struct stream *stream) {
  struct item *item = stream->first;
  work_run(item->work);
  stream->first = item->next;
  if (stream->first == NULL) stream->last = NULL;
  stream->done++;
  work_pending(item->work, -1);
  work_release(item->work);
  free(item);
}

void stream_run_to(struct stream *stream, long position) {
  while (stream->first != NULL && stream->done < position) run_first(stream);
}

void stream_run(struct stream *stream) { stream_run_to(stream, stream->enqueued); }

static void run_visited(void *stream, void *context) {
  (void)context;
  stream_run(stream);
}

/* The youngest stream first: an order that nobody may rely on. */
void streams_run_all(void) {
  handles_each(STREAM, run_visited, NULL);
  stream_run(&thread_stream);
  stream_run(&legacy_stream);
}

static void run_if_blocking(void *visited, void *context) {
  (void)context;
  struct stream *stream = visited;
  if (stream->flags != cudaStreamNonBlocking) stream_run(stream);
}

void stream_enqueue(struct stream *stream, struct work *work) {
  if (stream->legacy) {
    handles_each(STREAM, run_if_blocking, NULL);
    stream_run(&thread_stream);
  } else if (stream->flags != cudaStreamNonBlocking) {
    stream_run(&legacy_stream);
  }
  struct item *item = zeroed(sizeof *item);
  item->work = work;
  if (stream->last != NULL) stream->last->next = item;
  else stream->first = item;
  stream->last = item;
  stream->enqueued++;
  stream->asked = false;
  work_pending(work, 1);
  if (stream->enqueued - stream->done > MOST_QUEUED) stream_run(stream);
}

int stream_submit(struct stream *stream, struct work *work, int bad_memory) {
  int status = cudaSuccess;
  if (stream->capture != NULL && stream->capture->invalidated) status = cudaErrorStreamCaptureInvalidated;
  if (status == cudaSuccess && stream->legacy) status = capture_refuse_legacy();
  if (status == cudaSuccess) {
    const char *fault = work_fault(work);
    if (fault == NULL && work->recheck != NULL) fault = work->recheck(work);
    if (fault != NULL) {
      status = violation(bad_memory, "%s", fault);
      if (stream->capture != NULL) capture_invalidate(stream->capture);
    }
  }
  if (status != cudaSuccess) work_release(work);
  else if (stream->capture != NULL) capture_add(stream->capture, stream, work);
  else stream_enqueue(stream, work);
  return status;
}

static void add_pending(void *visited, void *count) {
  struct stream *stream = visited;
  *(long *)count += stream->enqueued - stream->done;
}

long streams_pending(void) {
  long count = 0;
  add_pending(&legacy_stream, &count);
  add_pending(&thread_stream, &count);
  handles_each(STREAM, add_pending, &count);
  return count;
}

static void drop_queue(struct stream *stream) {
  while (stream->first != NULL) {
    struct item *item = stream->first;
    stream->first = item->next;
    work_release(item->work);
    free(item);
  }
  stream->last = NULL;
  stream->done = stream->enqueued;
}

static void drop_visited(void *visited, void *context) {
  (void)context;
  struct stream *stream = visited;
  drop_queue(stream);
  handle_destroy(stream->handle);
  free(stream);
}

void streams_reset(void) {
  drop_queue(&legacy_stream);
  drop_queue(&thread_stream);
  handles_each(STREAM, drop_visited, NULL);
}

int stream_refuse_in_capture(struct stream *stream, const char *what) {
  if (stream->legacy) {
    int status = capture_refuse_legacy();
    if (status != cudaSuccess) return status;
  }
  if (stream->capture == NULL) return cudaSuccess;
  capture_invalidate(stream->capture);
  return violation(cudaErrorStreamCaptureUnsupported, "%s while the stream captures", what);
}

EXPORT cudaError_t cudaStreamCreateWithFlags(cudaStream_t *handle, unsigned int flags) {
  ENTER_AS(RUNTIME);
  int status = runtime_obstacle();
  if (status != cudaSuccess) return runtime_status(status);
  if (handle == NULL) return runtime_status(violation(cudaErrorInvalidValue, "pStream is NULL"));
  if (flags > cudaStreamNonBlocking) return runtime_status(violation(cudaErrorInvalidValue, "flags %u", flags));
  struct stream *stream = zeroed(sizeof *stream);
  stream->device = device_current();
  stream->flags = flags;
  stream->handle = handle_create(STREAM, stream);
  *handle = stream->handle;
  return cudaSuccess;
}

EXPORT cudaError_t cudaStreamDestroy(cudaStream_t handle) {
  ENTER_AS(RUNTIME);
  struct stream *stream = handle_check(STREAM, handle, "stream");
  if (stream == NULL) return runtime_status(cudaErrorInvalidResourceHandle);
  int status = device_pending_fault();
  if (stream->capture != NULL) {
    status = violation(cudaErrorStreamCaptureUnsupported, "the stream still captures");
    if (stream->capture->origin == stream) {
      capture_drop(stream->capture);
    } else {
      capture_invalidate(stream->capture);
      return runtime_status(status);
    }
  }
  stream_run(stream);
  handle_destroy(handle);
  free(stream);
  return runtime_status(status);
}

EXPORT cudaError_t cudaStreamSynchronize(cudaStream_t handle) {
  ENTER_AS(RUNTIME);
  int status = runtime_obstacle();
  if (status != cudaSuccess) return runtime_status(status);
  struct stream *stream = stream_find(handle, "stream");
  if (stream == NULL) return runtime_status(cudaErrorInvalidResourceHandle);
  status = stream_refuse_in_capture(stream, "synchronizing");
  if (status != cudaSuccess) return runtime_status(status);
  stream_run(stream);
  device_settle(stream->device);
  return runtime_status(device_pending_fault());
}

/* Says 'not ready' once after each new work, so that nobody takes a stream for idle that merely was not looked at. */
EXPORT cudaError_t cudaStreamQuery(cudaStream_t handle) {
  ENTER_AS(RUNTIME);
  int status = runtime_obstacle();
  if (status != cudaSuccess) return runtime_status(status);
  struct stream *stream = stream_find(handle, "stream");
  if (stream == NULL) return runtime_status(cudaErrorInvalidResourceHandle);
  status = stream_refuse_in_capture(stream, "asking whether it is idle");
  if (status != cudaSuccess) return runtime_status(status);
  if (!stream_idle(stream) && !stream->asked) {
    stream->asked = true;
    return runtime_status(cudaErrorNotReady);
  }
  stream_run(stream);
  return runtime_status(device_pending_fault());
}

EXPORT cudaError_t cudaDeviceSynchronize(void) {
  ENTER_AS(RUNTIME);
  int status = runtime_obstacle();
  if (status == cudaSuccess) status = capture_refuse("synchronizing with the device");
  if (status != cudaSuccess) return runtime_status(status);
  streams_run_all();
  device_settle(device_current());
  return runtime_status(device_pending_fault());
}

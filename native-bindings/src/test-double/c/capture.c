/* Stream capture, with the rules of CUDA's programming guide and their statuses. */
#include <stdlib.h>

#include "double.h"

/* A stream that an event has drawn into a capture, and whether its work has been joined again. */
struct fork {
  struct stream *stream;
  long last; /* the position of its last captured call */
  bool joined;
  struct fork *next;
};

/* Few captures are open at a time. */
enum { MAX_CAPTURES = 32 };
static struct capture *open_captures[MAX_CAPTURES];

unsigned long thread_number(void) {
  static unsigned long numbers;
  static _Thread_local unsigned long own;
  if (own == 0) own = ++numbers;
  return own;
}

void capture_invalidate(struct capture *capture) { capture->invalidated = true; }

static struct fork *fork_of(struct capture *capture, const struct stream *stream) {
  for (struct fork *f = capture->forks; f != NULL; f = f->next) {
    if (f->stream == stream) return f;
  }
  return NULL;
}

void capture_add(struct capture *capture, struct stream *stream, struct work *work) {
  if (capture->count == capture->capacity) {
    capture->capacity = capture->capacity ? capture->capacity * 2 : 64;
    capture->works = realloc(capture->works, (size_t)capture->capacity * sizeof *capture->works);
    if (capture->works == NULL) abort();
  }
  capture->works[capture->count++] = work;
  capture->position++;
  struct fork *fork = fork_of(capture, stream);
  if (fork != NULL) {
    fork->last = capture->position;
    fork->joined = false;
  }
}

/* Ends a capture; what it holds is the caller's if taken before. */
void capture_drop(struct capture *capture) {
  for (int i = 0; i < capture->count; i++) work_release(capture->works[i]);
  free(capture->works);
  while (capture->forks != NULL) {
    struct fork *fork = capture->forks;
    capture->forks = fork->next;
    fork->stream->capture = NULL;
    free(fork);
  }
  capture->origin->capture = NULL;
  events_forget_capture(capture);
  for (int i = 0; i < MAX_CAPTURES; i++) {
    if (open_captures[i] == capture) open_captures[i] = NULL;
  }
  free(capture);
}

void captures_reset(void) {
  for (int i = 0; i < MAX_CAPTURES; i++) {
    if (open_captures[i] != NULL) capture_drop(open_captures[i]);
  }
}

static struct capture *capture_forbidding(void) {
  for (int i = 0; i < MAX_CAPTURES; i++) {
    struct capture *c = open_captures[i];
    if (c == NULL || c->mode == cudaStreamCaptureModeRelaxed) continue;
    if (c->mode == cudaStreamCaptureModeGlobal || c->thread == thread_number()) return c;
  }
  return NULL;
}

int capture_refuse(const char *what) {
  struct capture *capture = capture_forbidding();
  if (capture == NULL) return cudaSuccess;
  capture_invalidate(capture);
  return violation(cudaErrorStreamCaptureUnsupported, "%s is not permitted while a stream captures", what);
}

int capture_refuse_legacy(void) {
  struct capture *capture = capture_forbidding();
  if (capture == NULL) return cudaSuccess;
  capture_invalidate(capture);
  return violation(cudaErrorStreamCaptureImplicit, "the default stream is used while a stream captures");
}

void capture_mark_event(struct capture *capture, struct stream *stream, struct event *event) {
  event->captured = true;
  event->capture = capture;
  event->capture_stream = stream;
  event->capture_position = capture->position;
}

int capture_wait_event(struct stream *stream, struct event *event) {
  struct capture *own = stream->capture, *other = event->capture;
  if (own != NULL && own->invalidated) return cudaErrorStreamCaptureInvalidated;
  if (other == NULL) {
    if (own == NULL) return violation(cudaErrorCapturedEvent, "the event was recorded in a capture that has ended");
    capture_invalidate(own);
    return violation(cudaErrorStreamCaptureIsolation, "a capturing stream waits for an event from outside its capture");
  }
  if (own != NULL && own != other) {
    capture_invalidate(own);
    capture_invalidate(other);
    return violation(cudaErrorStreamCaptureMerge, "a capturing stream waits for another capture's event");
  }
  if (other->invalidated) return cudaErrorStreamCaptureInvalidated;
  if (own == NULL) {
    if (stream->legacy) {
      capture_invalidate(other);
      return violation(cudaErrorStreamCaptureImplicit, "the default stream waits for a captured event");
    }
    struct fork *fork = zeroed(sizeof *fork);
    *fork = (struct fork){.stream = stream, .last = other->position, .next = other->forks};
    other->forks = fork;
    stream->capture = other;
  }
  struct fork *source = fork_of(other, event->capture_stream);
  if (source != NULL && source->stream != stream && event->capture_position >= source->last) source->joined = true;
  return cudaSuccess;
}

EXPORT cudaError_t cudaStreamBeginCapture(cudaStream_t handle, enum cudaStreamCaptureMode mode) {
  ENTER_AS(RUNTIME);
  int status = runtime_obstacle();
  if (status != cudaSuccess) return runtime_status(status);
  struct stream *stream = stream_find(handle, "stream");
  if (stream == NULL) return runtime_status(cudaErrorInvalidResourceHandle);
  if (stream->legacy) return runtime_status(violation(cudaErrorStreamCaptureUnsupported, "the default stream cannot be captured"));
  if ((unsigned)mode > cudaStreamCaptureModeRelaxed) return runtime_status(violation(cudaErrorInvalidValue, "mode %d", (int)mode));
  if (stream->capture != NULL) return runtime_status(violation(cudaErrorIllegalState, "the stream captures already"));
  for (int i = 0; i < MAX_CAPTURES; i++) {
    if (open_captures[i] != NULL) continue;
    struct capture *capture = zeroed(sizeof *capture);
    *capture = (struct capture){.origin = stream, .mode = (int)mode, .thread = thread_number()};
    open_captures[i] = stream->capture = capture;
    return cudaSuccess;
  }
  return runtime_status(violation(cudaErrorNotSupported, "too many captures at once for the double"));
}

/* Why the capture gives no graph, or 0; an event waited for by nobody leaves its stream's work unjoined. */
static int end_fault(const struct capture *capture) {
  if (capture->invalidated) return cudaErrorStreamCaptureInvalidated;
  for (const struct fork *f = capture->forks; f != NULL; f = f->next) {
    if (!f->joined) return violation(cudaErrorStreamCaptureUnjoined, "stream %p was not joined again", f->stream->handle);
  }
  return cudaSuccess;
}

EXPORT cudaError_t cudaStreamEndCapture(cudaStream_t handle, cudaGraph_t *graph) {
  ENTER_AS(RUNTIME);
  struct stream *stream = stream_find(handle, "stream");
  if (stream == NULL) return runtime_status(cudaErrorInvalidResourceHandle);
  if (graph == NULL) return runtime_status(violation(cudaErrorInvalidValue, "pGraph is NULL"));
  *graph = NULL;
  struct capture *capture = stream->capture;
  if (capture == NULL) return runtime_status(violation(cudaErrorIllegalState, "the stream does not capture"));
  if (capture->origin != stream) {
    capture_invalidate(capture);
    return runtime_status(violation(cudaErrorStreamCaptureUnmatched, "the capture was begun in another stream"));
  }
  if (capture->mode != cudaStreamCaptureModeRelaxed && capture->thread != thread_number()) {
    return runtime_status(violation(cudaErrorStreamCaptureWrongThread, "the capture was begun by another thread"));
  }
  int status = end_fault(capture);
  if (status == cudaSuccess) {
    *graph = graph_create(capture->works, capture->count);
    capture->works = NULL;
    capture->count = 0;
  }
  capture_drop(capture);
  return runtime_status(status);
}

EXPORT cudaError_t cudaStreamIsCapturing(cudaStream_t handle, enum cudaStreamCaptureStatus *answer) {
  ENTER_AS(RUNTIME);
  struct stream *stream = stream_find(handle, "stream");
  if (stream == NULL) return runtime_status(cudaErrorInvalidResourceHandle);
  if (answer == NULL) return runtime_status(violation(cudaErrorInvalidValue, "pCaptureStatus is NULL"));
  *answer = stream->capture == NULL          ? cudaStreamCaptureStatusNone
            : stream->capture->invalidated ? cudaStreamCaptureStatusInvalidated
                                           : cudaStreamCaptureStatusActive;
  return cudaSuccess;
}

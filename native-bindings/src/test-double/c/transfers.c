/* cudaMemcpyAsync and cudaMemsetAsync. Pageable memory is read at the call and written before it returns, as CUDA does. */
#include <stdlib.h>
#include <string.h>

#include "double.h"

enum side { PAGEABLE, PINNED, ON_DEVICE };

struct copy_work {
  struct work work;
  void *target;
  const void *source;
  void *staged;
  size_t bytes;
};

struct fill_work {
  struct work work;
  void *target;
  int value;
  size_t bytes;
};

static void run_copy(struct work *work) {
  struct copy_work *copy = (struct copy_work *)work;
  memcpy(copy->target, copy->source, copy->bytes);
}

static void drop_copy(struct work *work) { free(((struct copy_work *)work)->staged); }

static void run_fill(struct work *work) {
  struct fill_work *fill = (struct fill_work *)work;
  memset(fill->target, fill->value, fill->bytes);
}

static enum side side_of(const void *address) {
  const struct allocation *allocation = memory_find(address);
  return allocation == NULL ? PAGEABLE : allocation->pinned ? PINNED : ON_DEVICE;
}

/* Whether the sides are what the kind says; a kind that says nothing finds out. */
static bool kind_fits(enum cudaMemcpyKind kind, enum side target, enum side source) {
  switch (kind) {
    case cudaMemcpyHostToHost: return target != ON_DEVICE && source != ON_DEVICE;
    case cudaMemcpyHostToDevice: return target == ON_DEVICE && source != ON_DEVICE;
    case cudaMemcpyDeviceToHost: return target != ON_DEVICE && source == ON_DEVICE;
    case cudaMemcpyDeviceToDevice: return target == ON_DEVICE && source == ON_DEVICE;
    default: return true;
  }
}

static const char *side_name(enum side side) {
  return side == ON_DEVICE ? "device memory" : side == PINNED ? "pinned host memory" : "pageable host memory or nobody's";
}

static struct work *copy_create(void *target, const void *source, size_t bytes, enum side target_side, enum side source_side) {
  struct copy_work *copy = (struct copy_work *)work_create(sizeof *copy, "cudaMemcpyAsync", run_copy, 2);
  copy->work.drop = drop_copy;
  copy->work.pinned_too = true;
  copy->work.range_count = 0;
  copy->target = target;
  copy->source = source;
  copy->bytes = bytes;
  if (target_side != PAGEABLE) {
    copy->work.ranges[copy->work.range_count++] = (struct range){target, bytes, WRITES, "dst"};
  }
  if (source_side != PAGEABLE) {
    copy->work.ranges[copy->work.range_count++] = (struct range){source, bytes, READS, "src"};
  } else {
    copy->staged = malloc(bytes);
    if (copy->staged == NULL) abort();
    memcpy(copy->staged, source, bytes);
    copy->source = copy->staged;
  }
  return &copy->work;
}

EXPORT cudaError_t cudaMemcpyAsync(void *target, const void *source, size_t bytes, enum cudaMemcpyKind kind, cudaStream_t stream_handle) {
  ENTER_AS(RUNTIME);
  int status = runtime_obstacle();
  if (status != cudaSuccess) return runtime_status(status);
  struct stream *stream = stream_find(stream_handle, "stream");
  if (stream == NULL) return runtime_status(cudaErrorInvalidResourceHandle);
  if ((unsigned)kind > cudaMemcpyDefault) return runtime_status(violation(cudaErrorInvalidMemcpyDirection, "kind %d", (int)kind));
  if (bytes == 0) return cudaSuccess;
  if (target == NULL || source == NULL) {
    return runtime_status(violation(cudaErrorInvalidValue, "%s is NULL", target == NULL ? "dst" : "src"));
  }
  enum side target_side = side_of(target), source_side = side_of(source);
  if (!kind_fits(kind, target_side, source_side)) {
    return runtime_status(violation(cudaErrorInvalidValue, "kind %d does not fit: dst %p is %s, src %p is %s", (int)kind, target,
                                    side_name(target_side), source, side_name(source_side)));
  }
  if (ranges_overlap(target, bytes, source, bytes)) {
    return runtime_status(violation(cudaErrorInvalidValue, "%zu bytes at dst %p and at src %p overlap", bytes, target, source));
  }
  bool pageable = target_side == PAGEABLE || source_side == PAGEABLE;
  if (pageable && stream->capture != NULL) {
    return runtime_status(stream_refuse_in_capture(stream, "copying from or to pageable memory"));
  }
  status = stream_submit(stream, copy_create(target, source, bytes, target_side, source_side), cudaErrorInvalidValue);
  if (status == cudaSuccess && target_side == PAGEABLE) {
    stream_run(stream);
    status = device_pending_fault();
  }
  return runtime_status(status);
}

EXPORT cudaError_t cudaMemsetAsync(void *target, int value, size_t bytes, cudaStream_t stream_handle) {
  ENTER_AS(RUNTIME);
  int status = runtime_obstacle();
  if (status != cudaSuccess) return runtime_status(status);
  struct stream *stream = stream_find(stream_handle, "stream");
  if (stream == NULL) return runtime_status(cudaErrorInvalidResourceHandle);
  if (bytes == 0) return cudaSuccess;
  if (value < 0 || value > 255) return runtime_status(violation(cudaErrorInvalidValue, "value %d is no byte", value));
  struct fill_work *fill = (struct fill_work *)work_create(sizeof *fill, "cudaMemsetAsync", run_fill, 1);
  fill->work.ranges[0] = (struct range){target, bytes, WRITES, "devPtr"};
  fill->target = target;
  fill->value = value;
  fill->bytes = bytes;
  return runtime_status(stream_submit(stream, &fill->work, cudaErrorInvalidValue));
}

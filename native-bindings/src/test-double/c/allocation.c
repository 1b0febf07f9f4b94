/* Stream-ordered device memory and pinned host memory: the calls. */
#include <stdio.h>

#include "double.h"

struct allocation_work {
  struct work work;
  struct allocation *allocation;
  size_t waiting; /* of a free: its bytes */
};

static void run_allocation(struct work *work) { memory_ready(((struct allocation_work *)work)->allocation); }

/* Freed memory that waits for its stream; a long queue of it would take the machine's memory, not the pretended one. */
#define MOST_WAITING ((size_t)256 << 20)
static size_t waiting;

static void run_free(struct work *work) {
  struct allocation *allocation = ((struct allocation_work *)work)->allocation;
  if (allocation->ready) {
    memory_retire(allocation);
  } else {
    violation(0, "%p is freed before its allocation: another stream's, without an event between", (void *)allocation->base);
  }
}

static void drop_free(struct work *work) { waiting -= ((struct allocation_work *)work)->waiting; }

static struct work *work_of(struct allocation *allocation, const char *name, void (*run)(struct work *)) {
  struct allocation_work *work = (struct allocation_work *)work_create(sizeof *work, name, run, 0);
  work->allocation = allocation;
  return &work->work;
}

static int refuse_in_capture(struct stream *stream, const char *what) {
  int status = stream_refuse_in_capture(stream, what);
  return status != cudaSuccess ? status : capture_refuse(what);
}

static int allocate(void **address, size_t bytes, struct pool *pool, struct stream *stream, const char *name) {
  if (bytes == 0) return violation(cudaErrorInvalidValue, "0 bytes are asked for");
  int status = refuse_in_capture(stream, "allocating");
  if (status != cudaSuccess) return status;
  if (!pool_reserve(pool, bytes)) return cudaErrorMemoryAllocation;
  struct allocation *allocation = memory_create(bytes, false, pool->device);
  if (allocation == NULL) {
    pool_release(pool, bytes);
    return cudaErrorMemoryAllocation;
  }
  allocation->pool = pool;
  stream_enqueue(stream, work_of(allocation, name, run_allocation));
  *address = allocation->base;
  return cudaSuccess;
}

EXPORT cudaError_t cudaMallocAsync(void **address, size_t bytes, cudaStream_t stream_handle) {
  ENTER_AS(RUNTIME);
  int status = runtime_obstacle();
  if (status != cudaSuccess) return runtime_status(status);
  if (address == NULL) return runtime_status(violation(cudaErrorInvalidValue, "devPtr is NULL"));
  *address = NULL;
  struct stream *stream = stream_find(stream_handle, "stream");
  if (stream == NULL) return runtime_status(cudaErrorInvalidResourceHandle);
  return runtime_status(allocate(address, bytes, device_default_pool(stream->device), stream, "cudaMallocAsync"));
}

EXPORT cudaError_t cudaMallocFromPoolAsync(void **address, size_t bytes, cudaMemPool_t pool_handle, cudaStream_t stream_handle) {
  ENTER_AS(RUNTIME);
  int status = runtime_obstacle();
  if (status != cudaSuccess) return runtime_status(status);
  if (address == NULL) return runtime_status(violation(cudaErrorInvalidValue, "ptr is NULL"));
  *address = NULL;
  struct pool *pool = handle_check(POOL, pool_handle, "memPool");
  struct stream *stream = stream_find(stream_handle, "stream");
  if (pool == NULL) return runtime_status(cudaErrorInvalidValue);
  if (stream == NULL) return runtime_status(cudaErrorInvalidResourceHandle);
  if (pool->device != stream->device) {
    return runtime_status(violation(cudaErrorInvalidValue, "the pool is of device %d, the stream of device %d", pool->device, stream->device));
  }
  return runtime_status(allocate(address, bytes, pool, stream, "cudaMallocFromPoolAsync"));
}

/* The live allocation that begins at the address, or NULL with a violation that says what is there. */
static struct allocation *to_free(const void *address, bool pinned) {
  struct allocation *allocation = memory_at(address), *around = memory_find(address);
  if (allocation != NULL && !allocation->freed && allocation->pinned == pinned) return allocation;
  if (address == NULL) {
    violation(0, "NULL is freed");
  } else if (around == NULL) {
    violation(0, "%p is no address of these libraries", address);
  } else if (around->freed) {
    violation(0, "%p is freed already (allocation %lu, %zu bytes)", address, around->serial, around->bytes);
  } else if (allocation == NULL) {
    violation(0, "%p is not the begin of the allocation at %p", address, (void *)around->base);
  } else {
    violation(0, "%p is %s memory", address, allocation->pinned ? "pinned host" : "device");
  }
  return NULL;
}

EXPORT cudaError_t cudaFreeAsync(void *address, cudaStream_t stream_handle) {
  ENTER_AS(RUNTIME);
  struct stream *stream = stream_find(stream_handle, "stream");
  if (stream == NULL) return runtime_status(cudaErrorInvalidResourceHandle);
  struct allocation *allocation = to_free(address, false);
  if (allocation == NULL) return runtime_status(cudaErrorInvalidValue);
  int status = refuse_in_capture(stream, "freeing");
  if (status != cudaSuccess) return runtime_status(status);
  allocation->freed = true;
  pool_release(allocation->pool, allocation->bytes);
  struct work *work = work_of(allocation, "cudaFreeAsync", run_free);
  work->drop = drop_free;
  waiting += ((struct allocation_work *)work)->waiting = allocation->bytes;
  stream_enqueue(stream, work);
  if (waiting > MOST_WAITING) stream_run(stream);
  return runtime_status(device_pending_fault());
}

EXPORT cudaError_t cudaHostAlloc(void **address, size_t bytes, unsigned int flags) {
  ENTER_AS(RUNTIME);
  int status = runtime_obstacle();
  if (status != cudaSuccess) return runtime_status(status);
  if (address == NULL) return runtime_status(violation(cudaErrorInvalidValue, "pHost is NULL"));
  *address = NULL;
  if (flags > 7) return runtime_status(violation(cudaErrorInvalidValue, "flags %u", flags));
  if (bytes == 0) return runtime_status(violation(cudaErrorInvalidValue, "0 bytes are asked for"));
  status = capture_refuse("allocating pinned memory");
  if (status != cudaSuccess) return runtime_status(status);
  struct allocation *allocation = memory_create(bytes, true, device_current());
  if (allocation == NULL) return runtime_status(cudaErrorMemoryAllocation);
  memory_ready(allocation);
  *address = allocation->base;
  return cudaSuccess;
}

EXPORT cudaError_t cudaFreeHost(void *address) {
  ENTER_AS(RUNTIME);
  struct allocation *allocation = to_free(address, true);
  if (allocation == NULL) return runtime_status(cudaErrorInvalidValue);
  int status = capture_refuse("freeing pinned memory");
  if (status != cudaSuccess) return runtime_status(status);
  if (allocation->pending > 0) {
    violation(0, "%p is freed while %ld queued pieces of work use it", address, allocation->pending);
    streams_run_all();
  }
  allocation->freed = true;
  memory_retire(allocation);
  return runtime_status(device_pending_fault());
}

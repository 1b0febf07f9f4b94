/* The books of the devices' memory, and the memory pool that shows them. */
#include <string.h>

#include "double.h"

#define DEFAULT_MEMORY ((size_t)16 << 30)

static struct device_books books[MAX_DEVICES];
static void *pools[MAX_DEVICES];

struct device_books *device_books(int device) { return &books[device]; }

void books_reset(void) {
  for (int i = 0; i < MAX_DEVICES; i++) books[i] = (struct device_books){.total = DEFAULT_MEMORY};
}

bool device_reserve(int device, size_t bytes) {
  struct device_books *b = &books[device];
  if (bytes > b->total || b->used > b->total - bytes) return false;
  b->used += bytes;
  if (b->used > b->used_high) b->used_high = b->used;
  if (b->used > b->reserved) b->reserved = b->used;
  if (b->reserved > b->reserved_high) b->reserved_high = b->reserved;
  return true;
}

void device_release(int device, size_t bytes) { books[device].used -= bytes; }

/* At a synchronization the pool gives back what it holds beyond its threshold. */
void device_settle(int device) {
  struct device_books *b = &books[device];
  size_t kept = b->used > b->release_threshold ? b->used : (size_t)b->release_threshold;
  if (b->reserved > kept) b->reserved = kept;
}

EXPORT cudaError_t cudaMemGetInfo(size_t *available, size_t *total) {
  ENTER_AS(RUNTIME);
  int status = runtime_obstacle();
  if (status != cudaSuccess) return runtime_status(status);
  if (available == NULL || total == NULL) return runtime_status(violation(cudaErrorInvalidValue, "free or total is NULL"));
  const struct device_books *b = &books[device_current()];
  *total = b->total;
  *available = b->total - b->reserved;
  return cudaSuccess;
}

EXPORT cudaError_t cudaDeviceGetDefaultMemPool(cudaMemPool_t *pool, int device) {
  ENTER_AS(RUNTIME);
  int status = platform_obstacle();
  if (status != cudaSuccess) return runtime_status(status);
  if (pool == NULL) return runtime_status(violation(cudaErrorInvalidValue, "memPool is NULL"));
  if (device < 0 || device >= device_count) {
    return runtime_status(violation(cudaErrorInvalidDevice, "device %d of %d", device, device_count));
  }
  if (pools[device] == NULL) pools[device] = handle_create(POOL, &books[device]);
  *pool = pools[device];
  return cudaSuccess;
}

EXPORT cudaError_t cudaMemPoolSetAttribute(cudaMemPool_t pool, enum cudaMemPoolAttr attribute, void *value) {
  ENTER_AS(RUNTIME);
  struct device_books *b = handle_check(POOL, pool, "memPool");
  if (b == NULL) return runtime_status(cudaErrorInvalidValue);
  if (value == NULL) return runtime_status(violation(cudaErrorInvalidValue, "value is NULL"));
  uint64_t wide;
  switch (attribute) {
    case cudaMemPoolReuseFollowEventDependencies:
    case cudaMemPoolReuseAllowOpportunistic:
    case cudaMemPoolReuseAllowInternalDependencies: return cudaSuccess; /* the double hands out fresh memory anyway */
    case cudaMemPoolAttrReleaseThreshold: memcpy(&b->release_threshold, value, sizeof b->release_threshold); return cudaSuccess;
    case cudaMemPoolAttrReservedMemHigh:
    case cudaMemPoolAttrUsedMemHigh:
      memcpy(&wide, value, sizeof wide);
      if (wide != 0) return runtime_status(violation(cudaErrorInvalidValue, "a high watermark can be set to 0 only"));
      if (attribute == cudaMemPoolAttrUsedMemHigh) b->used_high = b->used;
      else b->reserved_high = b->reserved;
      return cudaSuccess;
    default: return runtime_status(violation(cudaErrorInvalidValue, "attribute %d cannot be set", (int)attribute));
  }
}

EXPORT cudaError_t cudaMemPoolGetAttribute(cudaMemPool_t pool, enum cudaMemPoolAttr attribute, void *value) {
  ENTER_AS(RUNTIME);
  const struct device_books *b = handle_check(POOL, pool, "memPool");
  if (b == NULL) return runtime_status(cudaErrorInvalidValue);
  if (value == NULL) return runtime_status(violation(cudaErrorInvalidValue, "value is NULL"));
  uint64_t wide = 0;
  switch (attribute) {
    case cudaMemPoolReuseFollowEventDependencies:
    case cudaMemPoolReuseAllowOpportunistic:
    case cudaMemPoolReuseAllowInternalDependencies: memcpy(value, &(int){1}, sizeof(int)); return cudaSuccess;
    case cudaMemPoolAttrReleaseThreshold: wide = b->release_threshold; break;
    case cudaMemPoolAttrReservedMemCurrent: wide = b->reserved; break;
    case cudaMemPoolAttrReservedMemHigh: wide = b->reserved_high; break;
    case cudaMemPoolAttrUsedMemCurrent: wide = b->used; break;
    case cudaMemPoolAttrUsedMemHigh: wide = b->used_high; break;
    default: return runtime_status(violation(cudaErrorInvalidValue, "attribute %d is not known", (int)attribute));
  }
  memcpy(value, &wide, sizeof wide);
  return cudaSuccess;
}

EXPORT cudaError_t cudaMemPoolTrimTo(cudaMemPool_t pool, size_t kept) {
  ENTER_AS(RUNTIME);
  struct device_books *b = handle_check(POOL, pool, "memPool");
  if (b == NULL) return runtime_status(cudaErrorInvalidValue);
  size_t least = b->used > kept ? b->used : kept;
  if (b->reserved > least) b->reserved = least;
  return runtime_status(capture_refuse("trimming a memory pool"));
}

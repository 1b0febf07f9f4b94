/* The books of the devices' memory: the default pools and those of the program's own. */
#include <stdlib.h>
#include <string.h>

#include "double.h"

#define DEFAULT_MEMORY ((size_t)16 << 30)

static size_t totals[MAX_DEVICES];
static struct pool defaults[MAX_DEVICES];
static struct pool *own_pools; /* a list; those that are destroyed too, as long as memory of theirs is held */

size_t device_total(int device) { return totals[device]; }

struct pool *device_default_pool(int device) { return &defaults[device]; }

/* What all pools have of a device's memory, in use or not. */
static size_t reserved_of(int device) {
  size_t sum = defaults[device].reserved;
  for (struct pool *p = own_pools; p != NULL; p = p->next) {
    if (p->device == device) sum += p->reserved;
  }
  return sum;
}

void pools_reset(void) {
  while (own_pools != NULL) {
    struct pool *p = own_pools;
    own_pools = p->next;
    if (!p->destroyed) handle_destroy(p->handle);
    free(p);
  }
  for (int i = 0; i < MAX_DEVICES; i++) {
    totals[i] = DEFAULT_MEMORY;
    defaults[i] = (struct pool){.handle = defaults[i].handle, .device = i};
  }
}

/* What a pool keeps without use fills the card for all others. */
bool pool_reserve(struct pool *p, size_t bytes) {
  size_t total = totals[p->device];
  if (bytes > total || p->used > total - bytes) return false;
  size_t growth = p->used + bytes > p->reserved ? p->used + bytes - p->reserved : 0;
  if (growth > total - reserved_of(p->device)) return false;
  p->used += bytes;
  p->reserved += growth;
  if (p->used > p->used_high) p->used_high = p->used;
  if (p->reserved > p->reserved_high) p->reserved_high = p->reserved;
  return true;
}

static void forget_if_over(struct pool *pool) {
  if (!pool->destroyed || pool->used > 0) return;
  for (struct pool **at = &own_pools; *at != NULL; at = &(*at)->next) {
    if (*at != pool) continue;
    *at = pool->next;
    free(pool);
    return;
  }
}

void pool_release(struct pool *pool, size_t bytes) {
  pool->used -= bytes;
  forget_if_over(pool);
}

static void settle(struct pool *p) {
  size_t kept = p->used > p->release_threshold ? p->used : (size_t)p->release_threshold;
  if (p->reserved > kept) p->reserved = kept;
}

/* At a synchronization pools give back what they hold beyond their threshold. */
void device_settle(int device) {
  settle(&defaults[device]);
  for (struct pool *p = own_pools; p != NULL; p = p->next) {
    if (p->device == device) settle(p);
  }
}

void pools_set_free(size_t bytes) {
  for (int i = 0; i < MAX_DEVICES; i++) defaults[i].reserved = defaults[i].used;
  for (struct pool *p = own_pools; p != NULL; p = p->next) p->reserved = p->used;
  for (int i = 0; i < MAX_DEVICES; i++) totals[i] = reserved_of(i) + bytes;
}

EXPORT cudaError_t cudaMemGetInfo(size_t *available, size_t *total) {
  ENTER_AS(RUNTIME);
  int status = runtime_obstacle();
  if (status != cudaSuccess) return runtime_status(status);
  if (available == NULL || total == NULL) return runtime_status(violation(cudaErrorInvalidValue, "free or total is NULL"));
  *total = totals[device_current()];
  *available = *total - reserved_of(device_current());
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
  if (defaults[device].handle == NULL) defaults[device].handle = handle_create(POOL, &defaults[device]);
  *pool = defaults[device].handle;
  return cudaSuccess;
}

EXPORT cudaError_t cudaMemPoolCreate(cudaMemPool_t *pool, const struct cudaMemPoolProps *properties) {
  ENTER_AS(RUNTIME);
  int status = runtime_obstacle();
  if (status != cudaSuccess) return runtime_status(status);
  if (pool == NULL || properties == NULL) return runtime_status(violation(cudaErrorInvalidValue, "memPool or poolProps is NULL"));
  struct cudaMemPoolProps known = {.allocType = 1, .locationType = 1, .locationId = properties->locationId};
  if (memcmp(&known, properties, sizeof known) != 0) {
    return runtime_status(violation(cudaErrorInvalidValue, "the double knows pools of pinned memory on a device only, and nothing else set"));
  }
  if (known.locationId < 0 || known.locationId >= device_count) {
    return runtime_status(violation(cudaErrorInvalidDevice, "device %d of %d", known.locationId, device_count));
  }
  status = capture_refuse("creating a memory pool");
  if (status != cudaSuccess) return runtime_status(status);
  struct pool *made = zeroed(sizeof *made);
  *made = (struct pool){.device = known.locationId, .own = true, .next = own_pools};
  own_pools = made;
  *pool = made->handle = handle_create(POOL, made);
  return cudaSuccess;
}

/* What it holds without use goes back at once, the rest when it is freed. */
EXPORT cudaError_t cudaMemPoolDestroy(cudaMemPool_t handle) {
  ENTER_AS(RUNTIME);
  struct pool *pool = handle_check(POOL, handle, "memPool");
  if (pool == NULL) return runtime_status(cudaErrorInvalidValue);
  if (!pool->own) return runtime_status(violation(cudaErrorInvalidValue, "the default pool is destroyed"));
  int status = capture_refuse("destroying a memory pool");
  if (status != cudaSuccess) return runtime_status(status);
  handle_destroy(handle);
  pool->destroyed = true;
  pool->reserved = pool->used;
  forget_if_over(pool);
  return runtime_status(device_pending_fault());
}

EXPORT cudaError_t cudaMemPoolSetAttribute(cudaMemPool_t pool, enum cudaMemPoolAttr attribute, void *value) {
  ENTER_AS(RUNTIME);
  struct pool *b = handle_check(POOL, pool, "memPool");
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
  const struct pool *b = handle_check(POOL, pool, "memPool");
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
  struct pool *b = handle_check(POOL, pool, "memPool");
  if (b == NULL) return runtime_status(cudaErrorInvalidValue);
  size_t least = b->used > kept ? b->used : kept;
  if (b->reserved > least) b->reserved = least;
  return runtime_status(capture_refuse("trimming a memory pool"));
}

/* The devices that are pretended: what there is of them, their memory's books, and what keeps a call from working. */
#include <stdio.h>
#include <string.h>

#include "double.h"

#define DEFAULT_MEMORY ((size_t)16 << 30)

int device_count = 1, device_driver_version = CUDA_VERSION, device_capability = 90;
static struct device_books books[MAX_DEVICES];
static void *pools[MAX_DEVICES];
static bool initialized;
static int pending_fault;

static _Thread_local int current;
static _Thread_local bool context_is_current;

struct device_books *device_books(int device) { return &books[device]; }
int device_current(void) { return current; }

void device_fault(int status) {
  if (pending_fault == cudaSuccess) pending_fault = status;
}

int device_pending_fault(void) { return pending_fault; }

/* What was initialized stays so, as it does in a process. */
void device_reset(void) {
  device_count = 1;
  device_driver_version = CUDA_VERSION;
  device_capability = 90;
  pending_fault = cudaSuccess;
  for (int i = 0; i < MAX_DEVICES; i++) books[i] = (struct device_books){.total = DEFAULT_MEMORY};
}

__attribute__((constructor)) static void begin(void) { device_reset(); }

static int platform_obstacle(void) {
  if (device_driver_version < CUDA_VERSION / 1000 * 1000) return cudaErrorInsufficientDriver;
  return device_count == 0 ? cudaErrorNoDevice : cudaSuccess;
}

int runtime_obstacle(void) {
  int status = platform_obstacle();
  if (status == cudaSuccess && current >= device_count) status = cudaErrorInvalidDevice;
  if (status != cudaSuccess) return status;
  initialized = context_is_current = true;
  return pending_fault;
}

int driver_obstacle(bool context_needed) {
  if (!initialized) return violation(cudaErrorInitializationError, "before cuInit");
  if (!context_needed) return cudaSuccess;
  if (!context_is_current) {
    return violation(cudaErrorDeviceUninitialized, "no context is current on this thread: cudaSetDevice comes first");
  }
  return pending_fault;
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

EXPORT cudaError_t cudaGetDeviceCount(int *count) {
  ENTER_AS(RUNTIME);
  if (count == NULL) return runtime_status(violation(cudaErrorInvalidValue, "count is NULL"));
  *count = 0;
  int status = platform_obstacle();
  if (status == cudaSuccess) *count = device_count;
  return runtime_status(status);
}

EXPORT cudaError_t cudaSetDevice(int device) {
  ENTER_AS(RUNTIME);
  int status = platform_obstacle();
  if (status != cudaSuccess) return runtime_status(status);
  if (device < 0 || device >= device_count) {
    return runtime_status(violation(cudaErrorInvalidDevice, "device %d of %d", device, device_count));
  }
  current = device;
  return runtime_status(runtime_obstacle());
}

EXPORT cudaError_t cudaGetDevice(int *device) {
  ENTER_AS(RUNTIME);
  if (device == NULL) return runtime_status(violation(cudaErrorInvalidValue, "device is NULL"));
  *device = current;
  return runtime_status(platform_obstacle());
}

EXPORT cudaError_t cudaDeviceGetAttribute(int *value, enum cudaDeviceAttr attribute, int device) {
  ENTER_AS(RUNTIME);
  int status = platform_obstacle();
  if (status != cudaSuccess) return runtime_status(status);
  if (value == NULL) return runtime_status(violation(cudaErrorInvalidValue, "value is NULL"));
  if (device < 0 || device >= device_count) {
    return runtime_status(violation(cudaErrorInvalidDevice, "device %d of %d", device, device_count));
  }
  switch (attribute) {
    case cudaDevAttrMaxThreadsPerBlock:
    case cudaDevAttrMaxBlockDimX: *value = 1024; break;
    case cudaDevAttrMaxGridDimX: *value = 2147483647; break;
    case cudaDevAttrMaxSharedMemoryPerBlock: *value = 49152; break;
    case cudaDevAttrWarpSize: *value = 32; break;
    case cudaDevAttrClockRate: *value = 1000000; break;
    case cudaDevAttrMultiProcessorCount: *value = 4; break;
    case cudaDevAttrL2CacheSize: *value = 1 << 20; break;
    case cudaDevAttrMaxThreadsPerMultiProcessor: *value = 2048; break;
    case cudaDevAttrConcurrentKernels:
    case cudaDevAttrUnifiedAddressing:
    case cudaDevAttrManagedMemory:
    case cudaDevAttrMemoryPoolsSupported: *value = 1; break;
    case cudaDevAttrPageableMemoryAccess: *value = 0; break;
    case cudaDevAttrComputeCapabilityMajor: *value = device_capability / 10; break;
    case cudaDevAttrComputeCapabilityMinor: *value = device_capability % 10; break;
    default: return runtime_status(violation(cudaErrorInvalidValue, "attribute %d is not known to the double", (int)attribute));
  }
  return cudaSuccess;
}

EXPORT cudaError_t cudaRuntimeGetVersion(int *version) {
  ENTER_AS(RUNTIME);
  if (version == NULL) return runtime_status(violation(cudaErrorInvalidValue, "runtimeVersion is NULL"));
  *version = CUDA_VERSION;
  return cudaSuccess;
}

EXPORT cudaError_t cudaDriverGetVersion(int *version) {
  ENTER_AS(RUNTIME);
  if (version == NULL) return runtime_status(violation(cudaErrorInvalidValue, "driverVersion is NULL"));
  *version = device_driver_version;
  return cudaSuccess;
}

EXPORT cudaError_t cudaMemGetInfo(size_t *available, size_t *total) {
  ENTER_AS(RUNTIME);
  int status = runtime_obstacle();
  if (status != cudaSuccess) return runtime_status(status);
  if (available == NULL || total == NULL) return runtime_status(violation(cudaErrorInvalidValue, "free or total is NULL"));
  const struct device_books *b = &books[current];
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

EXPORT CUresult cuInit(unsigned int flags) {
  ENTER_AS(DRIVER);
  if (flags != 0) return violation(cudaErrorInvalidValue, "flags must be 0");
  if (device_count == 0) return cudaErrorNoDevice;
  initialized = true;
  return cudaSuccess;
}

EXPORT CUresult cuDriverGetVersion(int *version) {
  ENTER_AS(DRIVER);
  if (version == NULL) return violation(cudaErrorInvalidValue, "driverVersion is NULL");
  *version = device_driver_version;
  return cudaSuccess;
}

EXPORT CUresult cuDeviceGet(CUdevice *device, int ordinal) {
  ENTER_AS(DRIVER);
  int status = driver_obstacle(false);
  if (status != cudaSuccess) return status;
  if (device == NULL) return violation(cudaErrorInvalidValue, "device is NULL");
  if (ordinal < 0 || ordinal >= device_count) {
    return violation(cudaErrorInvalidDevice, "device %d of %d", ordinal, device_count);
  }
  *device = ordinal;
  return cudaSuccess;
}

EXPORT CUresult cuDeviceGetName(char *name, int length, CUdevice device) {
  ENTER_AS(DRIVER);
  int status = driver_obstacle(false);
  if (status != cudaSuccess) return status;
  if (name == NULL || length <= 0) return violation(cudaErrorInvalidValue, "name is NULL or its length not positive");
  if (device < 0 || device >= device_count) return violation(cudaErrorInvalidDevice, "device %d of %d", device, device_count);
  snprintf(name, (size_t)length, "Hypertape test double %d", device);
  return cudaSuccess;
}

EXPORT CUresult cuDeviceTotalMem_v2(size_t *bytes, CUdevice device) {
  ENTER_AS(DRIVER);
  int status = driver_obstacle(false);
  if (status != cudaSuccess) return status;
  if (bytes == NULL) return violation(cudaErrorInvalidValue, "bytes is NULL");
  if (device < 0 || device >= device_count) return violation(cudaErrorInvalidDevice, "device %d of %d", device, device_count);
  *bytes = books[device].total;
  return cudaSuccess;
}

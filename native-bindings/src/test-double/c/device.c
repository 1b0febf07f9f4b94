/* The devices that are pretended, and what keeps a call from working. */
#include <stdio.h>

#include "double.h"

int device_count = 1, device_driver_version = CUDA_VERSION, device_capability = 90;
static bool initialized;
static int pending_fault;

static _Thread_local int current;
static _Thread_local bool context_is_current;

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
  pools_reset();
}

__attribute__((constructor)) static void begin(void) { device_reset(); }

int platform_obstacle(void) {
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
  *bytes = device_total(device);
  return cudaSuccess;
}

/* Control functions for tests; those of calls, failures and violations are in calls.c. */
#include "double.h"

/* As at the begin of the process: nothing lives, nothing was called; only that the driver was initialized stays. */
EXPORT void hypertape_double_reset(void) {
  control_lock();
  captures_reset();
  streams_reset();
  graphs_reset();
  events_reset();
  cublas_reset();
  cudnn_reset();
  modules_reset();
  programs_reset();
  memory_reset();
  device_reset();
  calls_reset();
  control_unlock();
}

/* What lives, a line each, and how much of it. */
EXPORT long hypertape_double_live(char *buffer, size_t size) {
  control_lock();
  struct text text = {0};
  long count = memory_live(&text) + handles_live(&text);
  text_copy(&text, buffer, size);
  text_clear(&text);
  control_unlock();
  return count;
}

/* Pieces of work that are queued and have not run. */
EXPORT long hypertape_double_pending(void) {
  control_lock();
  long count = streams_pending();
  control_unlock();
  return count;
}

/* How many devices there are; 0 for none. */
EXPORT void hypertape_double_set_devices(int count) {
  control_lock();
  device_count = count < 0 ? 0 : count > MAX_DEVICES ? MAX_DEVICES : count;
  control_unlock();
}

/* 13000 is CUDA 13.0, 0 that there is no driver. */
EXPORT void hypertape_double_set_driver_version(int version) {
  control_lock();
  device_driver_version = version;
  control_unlock();
}

/* Major · 10 + minor. */
EXPORT void hypertape_double_set_compute_capability(int capability) {
  control_lock();
  device_capability = capability;
  control_unlock();
}

/* So much more can be allocated on each device from now; what the pool held without use is given back. */
EXPORT void hypertape_double_set_free_memory(size_t bytes) {
  control_lock();
  pools_set_free(bytes);
  control_unlock();
}

/* 0: blocks and warps have their turns forward, 1: reversed; above, other orders. It stays over a reset. */
EXPORT void hypertape_double_set_order(int order) {
  control_lock();
  fibers_order = order < 0 ? 0u : (unsigned)order;
  control_unlock();
}

/* The CUDA that cuDNN says it was built for: 12090 is CUDA 12.9. */
EXPORT void hypertape_double_set_cudnn_cuda(int version) {
  control_lock();
  cudnn_cuda = version;
  control_unlock();
}

/* Deferred work: one call's effect, that a stream or a graph runs later. */
#include <stdlib.h>

#include "double.h"

struct work *work_create(size_t size, const char *name, void (*run)(struct work *), int ranges) {
  struct work *work = zeroed(size);
  work->references = 1;
  work->name = name;
  work->run = run;
  work->range_count = ranges;
  work->ranges = zeroed((size_t)ranges * sizeof *work->ranges);
  return work;
}

void work_hold(struct work *work) { work->references++; }

void work_release(struct work *work) {
  if (--work->references > 0) return;
  if (work->drop != NULL) work->drop(work);
  free(work->ranges);
  free(work);
}

const char *work_fault(const struct work *work) {
  for (int i = 0; i < work->range_count; i++) {
    const char *fault = range_fault(&work->ranges[i], work->pinned_too);
    if (fault != NULL) return fault;
  }
  return NULL;
}

void work_pending(struct work *work, int change) {
  if (work->children != NULL) work->children(work, change);
  for (int i = 0; i < work->range_count; i++) {
    struct allocation *allocation = memory_find(work->ranges[i].address);
    if (allocation != NULL) allocation->pending += change;
  }
}

void work_run(struct work *work) {
  if (device_pending_fault() != cudaSuccess && work->range_count > 0) return; /* as after a fault on a device */
  for (int i = 0; i < work->range_count; i++) {
    const char *fault = range_fault_now(&work->ranges[i]);
    if (fault != NULL) {
      violation(0, "when %s ran: %s", work->name, fault);
      device_fault(cudaErrorIllegalAddress);
      return;
    }
  }
  work->run(work);
}

/* Launching kernels: parameters are copied at the call, their pointers checked then and again when the kernel runs. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "double.h"

enum { MAX_BLOCK = 1024, ALIGNMENT = 16 };

struct launch_work {
  struct work work;
  struct module *module;
  const struct kernel_entry *kernel;
  unsigned grid, block;
  void **parameters;
  unsigned char *bytes;
  const char *problem; /* of the barriers */
};

static void run_unguarded(void *context) {
  struct launch_work *launch = context;
  if (launch->kernel->run != NULL) launch->kernel->run(launch->parameters, launch->grid, launch->block);
  else launch->problem = fibers_run(launch->module->kernels, launch->kernel, launch->parameters, launch->grid, launch->block);
}

static void run_launch(struct work *work) {
  struct launch_work *launch = (struct launch_work *)work;
  const char *name = launch->kernel->name;
  const void *address;
  launch->problem = NULL;
  int signal = guarded(run_unguarded, launch, &address);
  if (signal != 0) {
    fibers_abandon();
    if (signal == SIGFPE) violation(0, "kernel %s divided an integer by zero", name);
    else violation(0, "kernel %s touched %p, which is not mapped or not aligned", name, address);
    device_fault(cudaErrorIllegalAddress);
  } else if (launch->problem != NULL) {
    violation(0, "kernel %s: %s", name, launch->problem);
    device_fault(cudaErrorLaunchFailure);
  }
  for (int i = 0; i < work->range_count; i++) {
    struct allocation *allocation = memory_find(work->ranges[i].address);
    if (allocation != NULL && memory_damaged(allocation)) {
      violation(0, "it was kernel %s <<<%u, %u>>>", name, launch->grid, launch->block);
    }
  }
}

static void drop_launch(struct work *work) {
  struct launch_work *launch = (struct launch_work *)work;
  module_release(launch->module);
  free(launch->parameters);
  free(launch->bytes);
}

static const char *recheck_launch(struct work *work) {
  return ((struct launch_work *)work)->module->unloaded ? "the module of a kernel in the graph was unloaded" : NULL;
}

static void count_queued(struct work *work, int change) { ((struct launch_work *)work)->module->queued += change; }

static size_t aligned(size_t bytes) { return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT; }

static bool is_struct(const struct kernel_parameter *parameter) {
  return parameter->kind == PARAMETER_VALUE && strstr(parameter->text, "struct ") != NULL;
}

/* At most so many ranges: one for each pointer, and for each word of a struct, which may hold one. */
static int most_ranges(const struct kernel_entry *kernel) {
  int count = 0;
  for (int i = 0; i < kernel->parameters; i++) {
    const struct kernel_parameter *p = &kernel->parameter[i];
    if (p->kind == PARAMETER_POINTER) count++;
    else if (is_struct(p)) count += (int)(p->size / sizeof(void *));
  }
  return count;
}

/*
 * A NULL is left to the kernel, which may know not to follow it: an empty tensor has no address. The words of a struct are taken for
 * pointers where they point into memory of ours, be it live or freed.
 */
static void add_ranges(struct launch_work *launch) {
  struct range *next = launch->work.ranges;
  for (int i = 0; i < launch->kernel->parameters; i++) {
    const struct kernel_parameter *p = &launch->kernel->parameter[i];
    int access = p->flags & POINTS_TO_CONST ? READS : READS | WRITES;
    void *address;
    if (p->kind == PARAMETER_POINTER) {
      memcpy(&address, launch->parameters[i], sizeof address);
      if (address != NULL) *next++ = (struct range){address, 1, access, p->text};
    } else if (is_struct(p)) {
      for (size_t at = 0; at + sizeof address <= p->size; at += sizeof address) {
        memcpy(&address, (unsigned char *)launch->parameters[i] + at, sizeof address);
        if (address != NULL && memory_find(address) != NULL) *next++ = (struct range){address, 1, access, p->text};
      }
    }
  }
  launch->work.range_count = (int)(next - launch->work.ranges);
}

static struct launch_work *launch_create(const struct function_object *function, unsigned grid, unsigned block, void **parameters) {
  const struct kernel_entry *kernel = function->kernel;
  size_t bytes = 0;
  for (int i = 0; i < kernel->parameters; i++) bytes += aligned(kernel->parameter[i].size);
  struct launch_work *launch = (struct launch_work *)work_create(sizeof *launch, kernel->name, run_launch, most_ranges(kernel));
  launch->work.drop = drop_launch;
  launch->work.recheck = recheck_launch;
  launch->work.children = count_queued;
  launch->work.pinned_too = true;
  launch->module = function->module;
  launch->module->references++;
  launch->kernel = kernel;
  launch->grid = grid;
  launch->block = block;
  launch->parameters = zeroed((size_t)kernel->parameters * sizeof *launch->parameters);
  launch->bytes = aligned_alloc(ALIGNMENT, bytes > 0 ? bytes : ALIGNMENT);
  if (launch->bytes == NULL) abort();
  unsigned char *next = launch->bytes;
  for (int i = 0; i < kernel->parameters; i++) {
    memcpy(next, parameters[i], kernel->parameter[i].size);
    launch->parameters[i] = next;
    next += aligned(kernel->parameter[i].size);
  }
  add_ranges(launch);
  return launch;
}

/* 0 if grid and block are such that a device takes them, and one-dimensional, as all of Hypertape's are. */
static int shape_fault(const unsigned grid[3], const unsigned block[3], unsigned shared) {
  if (grid[0] == 0 || grid[1] == 0 || grid[2] == 0 || block[0] == 0 || block[1] == 0 || block[2] == 0 || grid[0] > 0x7FFFFFFFu) {
    return violation(cudaErrorInvalidValue, "grid %u×%u×%u, block %u×%u×%u", grid[0], grid[1], grid[2], block[0], block[1], block[2]);
  }
  if (block[0] > MAX_BLOCK || block[1] > MAX_BLOCK || block[2] > 64 || (unsigned long)block[0] * block[1] * block[2] > MAX_BLOCK) {
    return violation(cudaErrorInvalidValue, "a block of %u×%u×%u threads, above %d", block[0], block[1], block[2], MAX_BLOCK);
  }
  if (grid[1] * grid[2] * block[1] * block[2] != 1) {
    return violation(cudaErrorInvalidValue, "the double knows one-dimensional grids and blocks only");
  }
  if (shared != 0) return violation(cudaErrorInvalidValue, "%u bytes of dynamic shared memory: the double knows static only", shared);
  return cudaSuccess;
}

/* What is written must not be reached by a second way where one of the two says that it is the only one. */
static bool breaks_restrict(const struct kernel_entry *kernel, void **parameters, int *first, int *second) {
  for (*second = 1; *second < kernel->parameters; (*second)++) {
    const struct kernel_parameter *q = &kernel->parameter[*second];
    for (*first = 0; *first < *second; (*first)++) {
      const struct kernel_parameter *p = &kernel->parameter[*first];
      if (p->kind != PARAMETER_POINTER || q->kind != PARAMETER_POINTER || !((p->flags | q->flags) & RESTRICTED)) continue;
      if (p->flags & q->flags & POINTS_TO_CONST) continue;
      const void *a = *(void **)parameters[*first], *b = *(void **)parameters[*second];
      if (a == b && a != NULL) return true;
    }
  }
  return false;
}

EXPORT CUresult cuLaunchKernel(CUfunction handle, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z, unsigned int block_x,
                               unsigned int block_y, unsigned int block_z, unsigned int shared, CUstream stream_handle,
                               void **parameters, void **extra) {
  ENTER_AS(DRIVER);
  int status = driver_obstacle(true);
  if (status != cudaSuccess) return status;
  struct function_object *function = handle_check(FUNCTION, handle, "f");
  struct stream *stream = stream_find(stream_handle, "hStream");
  if (function == NULL || stream == NULL) return cudaErrorInvalidResourceHandle;
  if (stream->device != function->module->device) {
    return violation(cudaErrorInvalidResourceHandle, "the kernel is of device %d, the stream of device %d", function->module->device,
                     stream->device);
  }
  status = shape_fault((unsigned[]){grid_x, grid_y, grid_z}, (unsigned[]){block_x, block_y, block_z}, shared);
  if (status != cudaSuccess) return status;
  if (extra != NULL) return violation(cudaErrorInvalidValue, "extra is not NULL");
  const struct kernel_entry *kernel = function->kernel;
  if (kernel->parameters > 0 && parameters == NULL) return violation(cudaErrorInvalidValue, "kernelParams is NULL");
  for (int i = 0; i < kernel->parameters; i++) {
    if (parameters[i] != NULL) continue;
    return violation(cudaErrorInvalidValue, "kernel %s: parameter %d (%s) is NULL", kernel->name, i, kernel->parameter[i].text);
  }
  int p, q;
  if (breaks_restrict(kernel, parameters, &p, &q)) {
    return violation(cudaErrorInvalidValue, "kernel %s: %s and %s are the same address, in spite of __restrict__", kernel->name,
                     kernel->parameter[p].text, kernel->parameter[q].text);
  }
  struct launch_work *launch = launch_create(function, grid_x, block_x, parameters);
  return stream_submit(stream, &launch->work, cudaErrorIllegalAddress);
}

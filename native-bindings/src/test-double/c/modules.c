/* Modules: images that are loaded, and the kernels in them. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "double.h"

EXPORT CUresult cuModuleLoadData(CUmodule *handle, const void *image) {
  ENTER_AS(DRIVER);
  int status = driver_obstacle(true);
  if (status != cudaSuccess) return status;
  if (handle == NULL || image == NULL) return violation(cudaErrorInvalidValue, "%s is NULL", handle == NULL ? "module" : "image");
  status = capture_refuse("loading a module");
  if (status != cudaSuccess) return status;
  unsigned char *bytes = NULL;
  size_t count = 0;
  status = image_unwrap(image, device_capability, &bytes, &count);
  if (status != cudaSuccess) return status;
  char path[PATH_MAX];
  scratch_path(path, sizeof path, ".so");
  bool written = file_write(path, bytes, count);
  free(bytes);
  void *library = written ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : NULL;
  const char *refusal = library == NULL && written ? dlerror() : "it cannot be written";
  unlink(path);
  if (library == NULL) return violation(cudaErrorInvalidKernelImage, "%s: %s", path, refusal);
  const struct kernel_library *kernels = dlsym(library, "hypertape_kernels");
  if (kernels == NULL) {
    dlclose(library);
    return violation(cudaErrorInvalidKernelImage, "the image holds no kernels");
  }
  *kernels->hooks = &kernel_hooks;
  struct module *module = zeroed(sizeof *module);
  module->library = library;
  module->kernels = kernels;
  module->functions = zeroed((size_t)kernels->count * sizeof *module->functions);
  module->device = device_current();
  module->references = 1;
  *handle = module->handle = handle_create(MODULE, module);
  return cudaSuccess;
}

void module_release(struct module *module) {
  if (--module->references > 0) return;
  dlclose(module->library);
  free(module->functions);
  free(module);
}

static void unload(struct module *module) {
  module->unloaded = true;
  handle_destroy(module->handle);
  const char *reason;
  for (int i = 0; i < module->kernels->count; i++) {
    if (module->functions[i] == NULL) continue;
    free(handle_find(FUNCTION, module->functions[i], &reason));
    handle_destroy(module->functions[i]);
  }
  module_release(module);
}

EXPORT CUresult cuModuleUnload(CUmodule handle) {
  ENTER_AS(DRIVER);
  struct module *module = handle_check(MODULE, handle, "hmod");
  if (module == NULL) return cudaErrorInvalidResourceHandle;
  int status = driver_obstacle(true);
  if (status == cudaErrorDeviceUninitialized) return status;
  status = capture_refuse("unloading a module");
  if (status != cudaSuccess) return status;
  if (module->queued > 0) {
    violation(0, "%ld launches of the module's kernels are still queued", module->queued);
    streams_run_all();
  }
  unload(module);
  return device_pending_fault();
}

EXPORT CUresult cuModuleGetFunction(CUfunction *handle, CUmodule module_handle, const char *name) {
  ENTER_AS(DRIVER);
  int status = driver_obstacle(true);
  if (status != cudaSuccess) return status;
  if (handle == NULL || name == NULL) return violation(cudaErrorInvalidValue, "%s is NULL", handle == NULL ? "hfunc" : "name");
  struct module *module = handle_check(MODULE, module_handle, "hmod");
  if (module == NULL) return cudaErrorInvalidResourceHandle;
  for (int i = 0; i < module->kernels->count; i++) {
    if (strcmp(module->kernels->kernels[i].name, name) != 0) continue;
    if (module->functions[i] == NULL) {
      struct function_object *function = zeroed(sizeof *function);
      *function = (struct function_object){module, &module->kernels->kernels[i]};
      module->functions[i] = handle_create(FUNCTION, function);
    }
    *handle = module->functions[i];
    return cudaSuccess;
  }
  return violation(cudaErrorSymbolNotFound, "the module has no kernel %s", name);
}

/* As the driver does: the status of an invalid value behind the last parameter. Made to fail by nobody, for that would read alike. */
EXPORT CUresult cuFuncGetParamInfo(CUfunction handle, size_t index, size_t *offset, size_t *size) {
  ENTER_PLAIN();
  struct function_object *function = handle_check(FUNCTION, handle, "func");
  if (function == NULL || offset == NULL) return cudaErrorInvalidValue;
  if (index >= (size_t)function->kernel->parameters) return cudaErrorInvalidValue;
  size_t at = 0;
  for (size_t i = 0;; i++) {
    size_t bytes = function->kernel->parameter[i].size, alignment = bytes < 8 ? bytes : 8;
    at = (at + alignment - 1) / alignment * alignment;
    if (i == index) {
      *offset = at;
      if (size != NULL) *size = bytes;
      return cudaSuccess;
    }
    at += bytes;
  }
}

static void drop(void *module, void *context) {
  (void)context;
  unload(module);
}

void modules_reset(void) { handles_each(MODULE, drop, NULL); }

/* NVRTC: programs, their options, and what comes of compiling them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "double.h"

struct program {
  void *handle;
  char *source, *name;
  bool compiled;
  struct text log, cubin, ptx;
};

/* Of NVRTC 13.0. */
static const int ARCHITECTURES[] = {75, 80, 86, 87, 88, 89, 90, 100, 103, 110, 120, 121};
enum { ARCHITECTURE_COUNT = sizeof ARCHITECTURES / sizeof *ARCHITECTURES, DEFAULT_ARCHITECTURE = 75 };

static struct program *find(nvrtcProgram handle) { return handle_check(PROGRAM, handle, "prog"); }

EXPORT nvrtcResult nvrtcVersion(int *major, int *minor) {
  ENTER_AS(NVRTC);
  if (major == NULL || minor == NULL) return violation(NVRTC_ERROR_INVALID_INPUT, "major or minor is NULL");
  *major = NVRTC_MAJOR;
  *minor = NVRTC_MINOR;
  return NVRTC_SUCCESS;
}

EXPORT nvrtcResult nvrtcGetNumSupportedArchs(int *count) {
  ENTER_AS(NVRTC);
  if (count == NULL) return violation(NVRTC_ERROR_INVALID_INPUT, "numArchs is NULL");
  *count = ARCHITECTURE_COUNT;
  return NVRTC_SUCCESS;
}

EXPORT nvrtcResult nvrtcGetSupportedArchs(int *architectures) {
  ENTER_AS(NVRTC);
  if (architectures == NULL) return violation(NVRTC_ERROR_INVALID_INPUT, "supportedArchs is NULL");
  memcpy(architectures, ARCHITECTURES, sizeof ARCHITECTURES);
  return NVRTC_SUCCESS;
}

EXPORT nvrtcResult nvrtcCreateProgram(nvrtcProgram *handle, const char *source, const char *name, int header_count,
                                      const char *const *headers, const char *const *include_names) {
  ENTER_AS(NVRTC);
  if (handle == NULL) return violation(NVRTC_ERROR_INVALID_PROGRAM, "prog is NULL");
  if (source == NULL) return violation(NVRTC_ERROR_INVALID_INPUT, "src is NULL");
  if (header_count < 0 || (header_count > 0 && (headers == NULL || include_names == NULL))) {
    return violation(NVRTC_ERROR_INVALID_INPUT, "%d headers, but where are they", header_count);
  }
  if (header_count > 0) return violation(NVRTC_ERROR_PROGRAM_CREATION_FAILURE, "headers are not known to the double");
  struct program *program = zeroed(sizeof *program);
  program->source = strdup(source);
  program->name = strdup(name == NULL ? "default_program" : name);
  *handle = program->handle = handle_create(PROGRAM, program);
  return NVRTC_SUCCESS;
}

static void program_free(struct program *program) {
  handle_destroy(program->handle);
  text_clear(&program->log);
  text_clear(&program->cubin);
  text_clear(&program->ptx);
  free(program->source);
  free(program->name);
  free(program);
}

EXPORT nvrtcResult nvrtcDestroyProgram(nvrtcProgram *handle) {
  ENTER_AS(NVRTC);
  if (handle == NULL) return violation(NVRTC_ERROR_INVALID_PROGRAM, "prog is NULL");
  struct program *program = find(*handle);
  if (program == NULL) return NVRTC_ERROR_INVALID_PROGRAM;
  program_free(program);
  *handle = NULL;
  return NVRTC_SUCCESS;
}

/* What follows `--name=` or `-name=`, or NULL. */
static const char *option_value(const char *option, const char *name) {
  if (*option != '-') return NULL;
  option += option[1] == '-' ? 2 : 1;
  size_t length = strlen(name);
  return strncmp(option, name, length) == 0 && option[length] == '=' ? option + length + 1 : NULL;
}

/* The architecture, negative for a virtual one, 0 if it is none of NVRTC's. */
static int architecture_of(const char *value) {
  int number = 0, end = 0, sign = 1;
  if (sscanf(value, "sm_%d%n", &number, &end) != 1) {
    sign = -1;
    if (sscanf(value, "compute_%d%n", &number, &end) != 1) return 0;
  }
  if (value[end] != 0 && strcmp(value + end, "a") != 0) return 0;
  for (int i = 0; i < ARCHITECTURE_COUNT; i++) {
    if (ARCHITECTURES[i] == number) return sign * number;
  }
  return 0;
}

static bool is_known(const char *option) {
  static const char *const KNOWN[] = {"-default-device", "--device-as-default-execution-space", "-lineinfo", "--generate-line-info",
                                      "--std=c++11", "--std=c++14", "--std=c++17", "--std=c++20", "-std=c++17",
                                      "--fmad=true", "--fmad=false", "-fmad=true", "-fmad=false", "--restrict", "-w"};
  for (size_t i = 0; i < sizeof KNOWN / sizeof *KNOWN; i++) {
    if (strcmp(option, KNOWN[i]) == 0) return true;
  }
  return false;
}

/* 0, or what NVRTC says to the options; the architecture is found on the way. */
static int read_options(struct program *program, int count, const char *const *options, int *architecture) {
  for (int i = 0; i < count; i++) {
    const char *option = options[i];
    if (option == NULL) return violation(NVRTC_ERROR_INVALID_INPUT, "option %d is NULL", i);
    const char *value = option_value(option, "gpu-architecture");
    if (value == NULL) value = option_value(option, "arch");
    if (value != NULL) {
      *architecture = architecture_of(value);
      if (*architecture != 0) continue;
      text_add(&program->log, "nvrtc: error: invalid value for --gpu-architecture (-arch)\n");
      return NVRTC_ERROR_INVALID_OPTION;
    }
    if (strstr(option, "fast") != NULL) violation(0, "option %s: kernels are compiled without fast math", option);
    if (!is_known(option)) {
      text_add(&program->log, "nvrtc: error: unrecognized option %s found\n", option);
      return NVRTC_ERROR_INVALID_OPTION;
    }
  }
  return NVRTC_SUCCESS;
}

EXPORT nvrtcResult nvrtcCompileProgram(nvrtcProgram handle, int option_count, const char *const *options) {
  ENTER_AS(NVRTC);
  struct program *program = find(handle);
  if (program == NULL) return NVRTC_ERROR_INVALID_PROGRAM;
  if (option_count < 0 || (option_count > 0 && options == NULL)) return violation(NVRTC_ERROR_INVALID_INPUT, "options is NULL");
  text_clear(&program->log);
  text_clear(&program->cubin);
  text_clear(&program->ptx);
  program->compiled = true;
  int architecture = DEFAULT_ARCHITECTURE;
  int status = read_options(program, option_count, options, &architecture);
  if (status != NVRTC_SUCCESS) return status;
  struct text object = {0}, image = {0};
  status = kernel_build(program->name, program->source, &object, &program->log);
  if (status == NVRTC_SUCCESS) {
    int capability = abs(architecture);
    image_wrap(&image, capability, object.characters, object.length);
    image_as_ptx(&program->ptx, capability, &image);
    if (architecture > 0) text_add_bytes(&program->cubin, image.characters, image.length); /* a virtual one has PTX only */
  }
  text_clear(&object);
  text_clear(&image);
  return status;
}

/* What NVRTC gives before and after: sizes are those of nothing, and nothing is copied; asking so early is a mistake all the same. */
static struct program *find_compiled(nvrtcProgram handle) {
  struct program *program = find(handle);
  if (program != NULL && !program->compiled) violation(0, "before nvrtcCompileProgram");
  return program;
}

static nvrtcResult size_of(nvrtcProgram handle, size_t *size, size_t offset, size_t ending) {
  struct program *program = find_compiled(handle);
  if (program == NULL) return NVRTC_ERROR_INVALID_PROGRAM;
  if (size == NULL) return violation(NVRTC_ERROR_INVALID_INPUT, "the size's address is NULL");
  *size = ((struct text *)((char *)program + offset))->length + ending;
  return NVRTC_SUCCESS;
}

static nvrtcResult copy_of(nvrtcProgram handle, char *target, size_t offset, size_t ending) {
  struct program *program = find_compiled(handle);
  if (program == NULL) return NVRTC_ERROR_INVALID_PROGRAM;
  if (target == NULL) return violation(NVRTC_ERROR_INVALID_INPUT, "the target is NULL");
  const struct text *text = (struct text *)((char *)program + offset);
  if (text->length == 0 && offset == offsetof(struct program, cubin)) violation(0, "there is no CUBIN to give");
  if (text->length > 0) memcpy(target, text->characters, text->length);
  if (ending) target[text->length] = 0;
  return NVRTC_SUCCESS;
}

EXPORT nvrtcResult nvrtcGetCUBINSize(nvrtcProgram handle, size_t *size) {
  ENTER_AS(NVRTC);
  return size_of(handle, size, offsetof(struct program, cubin), 0);
}

EXPORT nvrtcResult nvrtcGetCUBIN(nvrtcProgram handle, char *target) {
  ENTER_AS(NVRTC);
  return copy_of(handle, target, offsetof(struct program, cubin), 0);
}

EXPORT nvrtcResult nvrtcGetPTXSize(nvrtcProgram handle, size_t *size) {
  ENTER_AS(NVRTC);
  return size_of(handle, size, offsetof(struct program, ptx), 1);
}

EXPORT nvrtcResult nvrtcGetPTX(nvrtcProgram handle, char *target) {
  ENTER_AS(NVRTC);
  return copy_of(handle, target, offsetof(struct program, ptx), 1);
}

EXPORT nvrtcResult nvrtcGetProgramLogSize(nvrtcProgram handle, size_t *size) {
  ENTER_AS(NVRTC);
  return size_of(handle, size, offsetof(struct program, log), 1);
}

EXPORT nvrtcResult nvrtcGetProgramLog(nvrtcProgram handle, char *target) {
  ENTER_AS(NVRTC);
  return copy_of(handle, target, offsetof(struct program, log), 1);
}

EXPORT const char *nvrtcGetErrorString(nvrtcResult result) {
  ENTER_PLAIN();
  static const char *const NAMES[] = {
      "NVRTC_SUCCESS", "NVRTC_ERROR_OUT_OF_MEMORY", "NVRTC_ERROR_PROGRAM_CREATION_FAILURE", "NVRTC_ERROR_INVALID_INPUT",
      "NVRTC_ERROR_INVALID_PROGRAM", "NVRTC_ERROR_INVALID_OPTION", "NVRTC_ERROR_COMPILATION",
      "NVRTC_ERROR_BUILTIN_OPERATION_FAILURE", "NVRTC_ERROR_NO_NAME_EXPRESSIONS_AFTER_COMPILATION",
      "NVRTC_ERROR_NO_LOWERED_NAMES_BEFORE_COMPILATION", "NVRTC_ERROR_NAME_EXPRESSION_NOT_VALID", "NVRTC_ERROR_INTERNAL_ERROR",
      "NVRTC_ERROR_TIME_FILE_WRITE_FAILED", "NVRTC_ERROR_NO_PCH_CREATE_ATTEMPTED", "NVRTC_ERROR_PCH_CREATE_HEAP_EXHAUSTED",
      "NVRTC_ERROR_PCH_CREATE", "NVRTC_ERROR_CANCELLED", "NVRTC_ERROR_TIME_TRACE_FILE_WRITE_FAILED"};
  bool known = result >= 0 && (size_t)result < sizeof NAMES / sizeof *NAMES;
  return known ? NAMES[result] : "NVRTC_ERROR unknown";
}

static void drop(void *program, void *context) {
  (void)context;
  program_free(program);
}

void programs_reset(void) { handles_each(PROGRAM, drop, NULL); }

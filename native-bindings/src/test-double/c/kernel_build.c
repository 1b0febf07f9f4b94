/* Compiles kernels with the system's C compiler, in the folder of this library; what was compiled once is found again by its hash. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "double.h"

/* To be changed with the generated code, so that what is kept from before is not taken. */
#define GENERATION "3"

extern char **environ;

/* Where this library lies; the header for kernels is beside it. */
static const char *own_folder(void) {
  static char folder[PATH_MAX];
  if (folder[0] == 0) {
    Dl_info info;
    if (dladdr((void *)own_folder, &info) == 0 || info.dli_fname == NULL) abort();
    snprintf(folder, sizeof folder, "%s", info.dli_fname);
    char *slash = strrchr(folder, '/');
    if (slash != NULL) *slash = 0;
    else strcpy(folder, ".");
  }
  return folder;
}

void scratch_path(char *path, size_t size, const char *suffix) {
  static unsigned long number;
  snprintf(path, size, "%s/kernels", own_folder());
  mkdir(path, 0700);
  snprintf(path, size, "%s/kernels/%ld-%lu%s", own_folder(), (long)getpid(), ++number, suffix);
}

bool file_write(const char *path, const void *bytes, size_t count) {
  FILE *file = fopen(path, "wb");
  if (file == NULL) return false;
  bool good = count == 0 || fwrite(bytes, 1, count, file) == count;
  return fclose(file) == 0 && good;
}

bool file_read(const char *path, struct text *content) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) return false;
  char block[65536];
  size_t count;
  while ((count = fread(block, 1, sizeof block, file)) > 0) text_add_bytes(content, block, count);
  bool good = !ferror(file);
  fclose(file);
  return good;
}

/* The environment with the compiler's words in plain English. */
static char **plain_environment(void) {
  size_t count = 0, kept = 0;
  while (environ[count] != NULL) count++;
  char **own = zeroed((count + 2) * sizeof *own);
  for (size_t i = 0; i < count; i++) {
    if (strncmp(environ[i], "LC_", 3) != 0 && strncmp(environ[i], "LANG", 4) != 0) own[kept++] = environ[i];
  }
  own[kept] = "LC_ALL=C";
  return own;
}

/* Runs the compiler; its words are added to the log. */
static bool compile(char *const arguments[], struct text *log) {
  char words[PATH_MAX];
  scratch_path(words, sizeof words, ".log");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, words, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  pid_t child;
  char **environment = plain_environment();
  int failure = posix_spawnp(&child, arguments[0], &actions, NULL, arguments, environment), state = 1;
  free(environment);
  posix_spawn_file_actions_destroy(&actions);
  if (failure != 0) {
    text_add(log, "error: %s cannot be run: %s\n", arguments[0], strerror(failure));
    return false;
  }
  while (waitpid(child, &state, 0) < 0 && errno == EINTR) continue;
  file_read(words, log);
  unlink(words);
  return WIFEXITED(state) && WEXITSTATUS(state) == 0;
}

/* Source, preprocessed and generated text and object are files of this build alone. */
struct build {
  char source[PATH_MAX], preprocessed[PATH_MAX], generated[PATH_MAX], object[PATH_MAX];
};

/* As for the double itself. */
static char *compiler(void) {
  char *named = getenv("CC");
  return named != NULL && named[0] != 0 ? named : "cc";
}

static bool preprocess(struct build *build, struct text *log) {
  char *const arguments[] = {compiler(), "-E", "-x", "c", "-std=gnu11", "-o", build->preprocessed, build->source, NULL};
  return compile(arguments, log);
}

/*
 * As strict as C++ where C is laxer, for NVRTC compiles the same source as C++; no contraction, so that results do not depend on
 * the machine.
 */
static bool link_object(struct build *build, struct text *log) {
  char *const arguments[] = {compiler(), "-x", "cpp-output", "-std=gnu11", "-O3", "-fno-math-errno", "-fno-trapping-math",
                             "-ffp-contract=off", "-fPIC", "-shared", "-Wall", "-Wno-unused", "-Werror=c++-compat",
                             "-Werror=implicit-function-declaration", "-Werror=incompatible-pointer-types", "-Werror=int-conversion",
                             "-Werror=return-type", "-o", build->object, build->generated, "-lm", NULL};
  return compile(arguments, log);
}

static bool build_steps(struct build *build, const char *name, const char *source, struct text *object, struct text *log) {
  struct text text = {0}, preprocessed = {0};
  text_add(&text, "#include \"%s/device.h\"\n# 1 \"%s\"\n%s\n", own_folder(), name, source);
  bool good = file_write(build->source, text.characters, text.length) && preprocess(build, log) &&
              file_read(build->preprocessed, &preprocessed);
  text_clear(&text);
  if (good && preprocessed.length > 0) {
    good = kernel_source(preprocessed.characters, &text, log) && file_write(build->generated, text.characters, text.length) &&
           link_object(build, log) && file_read(build->object, object);
  }
  text_clear(&text);
  text_clear(&preprocessed);
  return good;
}

int kernel_build(const char *name, const char *source, struct text *object, struct text *log) {
  struct text header = {0};
  char path[PATH_MAX + 100], kept[PATH_MAX + 100], kept_log[PATH_MAX + 200];
  snprintf(path, sizeof path, "%s/device.h", own_folder());
  if (!file_read(path, &header)) {
    text_add(log, "error: %s is not there\n", path);
    return NVRTC_ERROR_BUILTIN_OPERATION_FAILURE;
  }
  uint64_t first = 1, second = 2;
  const char *const parts[] = {GENERATION, header.characters, name, source};
  for (int i = 0; i < 4; i++) {
    first = hash_bytes(first, parts[i], strlen(parts[i]) + 1);
    second = hash_bytes(second, parts[i], strlen(parts[i]) + 1);
  }
  text_clear(&header);
  snprintf(kept, sizeof kept, "%s/kernels/%016llx%016llx.so", own_folder(), (unsigned long long)first, (unsigned long long)second);
  snprintf(kept_log, sizeof kept_log, "%s.log", kept);
  if (file_read(kept_log, log) && file_read(kept, object) && object->length > 0) return NVRTC_SUCCESS;
  text_clear(log);
  text_clear(object);

  struct build build;
  scratch_path(build.source, sizeof build.source, ".cu");
  scratch_path(build.preprocessed, sizeof build.preprocessed, ".i");
  scratch_path(build.generated, sizeof build.generated, ".i");
  scratch_path(build.object, sizeof build.object, ".so");
  bool good = build_steps(&build, name, source, object, log);
  if (good) { /* moved into place, so that another process never sees half of it */
    scratch_path(path, sizeof path, ".log");
    if (file_write(path, log->characters, log->length) && rename(path, kept_log) == 0) rename(build.object, kept);
  }
  unlink(build.source);
  unlink(build.preprocessed);
  unlink(build.generated);
  unlink(build.object);
  return good ? NVRTC_SUCCESS : NVRTC_ERROR_COMPILATION;
}

/* Opaque handles: addresses that point nowhere and are used once only, so that a destroyed one stays known as destroyed. */
#include <stdio.h>
#include <stdlib.h>

#include "double.h"

#define FIRST_HANDLE UINT64_C(0x00D0000000000000)
enum { SPACING = 64 };

struct entry {
  enum kind kind;
  void *object; /* NULL once destroyed */
};

static struct entry *entries;
static size_t count, capacity;

const char *kind_name(enum kind kind) {
  static const char *const NAMES[KINDS] = {
      "stream", "event", "graph", "graph node", "executable graph", "module", "kernel", "NVRTC program", "cuBLAS handle",
      "cuDNN handle", "tensor descriptor", "memory pool", "filter descriptor", "convolution descriptor", "dropout descriptor",
      "RNN descriptor", "RNN data descriptor"};
  return NAMES[kind];
}

void *handle_create(enum kind kind, void *object) {
  if (count == capacity) {
    capacity = capacity ? capacity * 2 : 256;
    entries = realloc(entries, capacity * sizeof *entries);
    if (entries == NULL) abort();
  }
  entries[count] = (struct entry){kind, object};
  return (void *)(uintptr_t)(FIRST_HANDLE + SPACING * count++);
}

static struct entry *entry_of(const void *handle) {
  uint64_t address = (uint64_t)(uintptr_t)handle;
  if (address < FIRST_HANDLE || (address - FIRST_HANDLE) % SPACING != 0) return NULL;
  uint64_t index = (address - FIRST_HANDLE) / SPACING;
  return index < count ? &entries[index] : NULL;
}

void *handle_find(enum kind kind, const void *handle, const char **reason) {
  static char text[100];
  struct entry *entry = entry_of(handle);
  *reason = text;
  if (handle == NULL) {
    *reason = "is NULL";
  } else if (entry == NULL) {
    *reason = "is no handle of these libraries";
  } else if (entry->kind != kind) {
    snprintf(text, sizeof text, "is a %s%s", entry->object == NULL ? "destroyed " : "", kind_name(entry->kind));
  } else if (entry->object == NULL) {
    *reason = "is destroyed";
  } else {
    return entry->object;
  }
  return NULL;
}

void *handle_check(enum kind kind, const void *handle, const char *argument) {
  const char *reason;
  void *object = handle_find(kind, handle, &reason);
  if (object == NULL) violation(0, "%s (a %s): %p %s", argument, kind_name(kind), handle, reason);
  return object;
}

void handle_destroy(const void *handle) {
  struct entry *entry = entry_of(handle);
  if (entry != NULL) entry->object = NULL;
}

void handles_each(enum kind kind, void (*visit)(void *object, void *context), void *context) {
  for (size_t i = count; i-- > 0;) {
    if (entries[i].kind == kind && entries[i].object != NULL) visit(entries[i].object, context);
  }
}

/* Kernels and nodes go with their module or graph, and the default pool is nobody's. */
static bool is_owned(const struct entry *entry) {
  if (entry->kind == POOL) return ((const struct pool *)entry->object)->own;
  return entry->kind != FUNCTION && entry->kind != GRAPH_NODE;
}

long handles_live(struct text *text) {
  long live = 0;
  for (size_t i = 0; i < count; i++) {
    if (entries[i].object == NULL || !is_owned(&entries[i])) continue;
    live++;
    text_add(text, "%s %p\n", kind_name(entries[i].kind), (void *)(uintptr_t)(FIRST_HANDLE + SPACING * i));
  }
  return live;
}

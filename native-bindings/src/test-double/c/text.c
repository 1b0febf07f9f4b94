/* A growing text, ended by 0. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "double.h"

void *zeroed(size_t bytes) {
  void *memory = calloc(1, bytes ? bytes : 1);
  if (memory == NULL) abort();
  return memory;
}

static void grow(struct text *text, size_t count) {
  size_t needed = text->length + count + 1;
  if (needed <= text->capacity) return;
  text->capacity = needed * 2;
  text->characters = realloc(text->characters, text->capacity);
  if (text->characters == NULL) abort();
}

void text_add_bytes(struct text *text, const void *bytes, size_t count) {
  grow(text, count);
  if (count > 0) memcpy(text->characters + text->length, bytes, count);
  text->length += count;
  text->characters[text->length] = 0;
}

void text_add(struct text *text, const char *format, ...) {
  va_list arguments, again;
  va_start(arguments, format);
  va_copy(again, arguments);
  int count = vsnprintf(NULL, 0, format, arguments);
  grow(text, (size_t)count);
  vsnprintf(text->characters + text->length, (size_t)count + 1, format, again);
  text->length += (size_t)count;
  va_end(again);
  va_end(arguments);
}

void text_clear(struct text *text) {
  free(text->characters);
  memset(text, 0, sizeof *text);
}

void text_copy(const struct text *text, char *buffer, size_t size) {
  if (buffer == NULL || size == 0) return;
  size_t count = text->length < size - 1 ? text->length : size - 1;
  if (count > 0) memcpy(buffer, text->characters, count);
  buffer[count] = 0;
}

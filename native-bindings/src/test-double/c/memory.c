/*
 * Device memory and pinned host memory. Each allocation has guards before and behind it, is filled with NaN until it is written, and
 * after its free is kept for a while, filled with another NaN, so that a late use is recognised for what it is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "double.h"

/* Of what is larger only so much at either end is filled, for the time and the pages that it takes. */
#define FILLED ((size_t)2 << 20)

/* As 32-bit floats and as 64-bit ones all of these are NaN. */
#define GUARD_WORD UINT32_C(0x7FFADEAD)
#define FRESH_WORD UINT32_C(0x7FFAF2E5)
#define FREED_WORD UINT32_C(0x7FFAF2EE)

enum { GUARD_BYTES = 256, ALIGNMENT = 256, QUARANTINED = 512 };
#define QUARANTINED_BYTES ((size_t)64 << 20)

static struct allocation **sorted; /* by address: the live and the freed ones that are still known */
static size_t count, capacity;
static struct allocation *quarantine[QUARANTINED];
static size_t quarantine_first, quarantine_count, quarantine_bytes;
static unsigned long serials;

/* The word pattern is laid by address, so that a piece of it is recognised wherever it begins. */
static void fill(unsigned char *from, unsigned char *to, uint32_t word) {
  while (from < to && (uintptr_t)from % 4 != 0) {
    *from = (unsigned char)(word >> (8 * ((uintptr_t)from % 4)));
    from++;
  }
  for (; from + 4 <= to; from += 4) memcpy(from, &word, 4);
  for (; from < to; from++) *from = (unsigned char)(word >> (8 * ((uintptr_t)from % 4)));
}

static void fill_allocation(const struct allocation *a, uint32_t word) {
  unsigned char *end = a->base + a->bytes;
  if (a->bytes <= 2 * FILLED) {
    fill(a->base, end, word);
  } else {
    fill(a->base, a->base + FILLED, word);
    fill(end - FILLED, end, word);
  }
}

static bool holds(const unsigned char *from, const unsigned char *to, uint32_t word) {
  for (; from < to && (uintptr_t)from % 4 != 0; from++) {
    if (*from != (unsigned char)(word >> (8 * ((uintptr_t)from % 4)))) return false;
  }
  for (; from + 4 <= to; from += 4) {
    uint32_t found;
    memcpy(&found, from, 4);
    if (found != word) return false;
  }
  return true;
}

/* The first allocation whose guards end beyond the address. */
static size_t place_of(const void *address) {
  size_t low = 0, high = count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    const struct allocation *a = sorted[middle];
    if (a->base + a->held - GUARD_BYTES <= (const unsigned char *)address) low = middle + 1;
    else high = middle;
  }
  return low;
}

static void forget(struct allocation *allocation) {
  size_t place = place_of(allocation->base);
  memmove(sorted + place, sorted + place + 1, (count - place - 1) * sizeof *sorted);
  count--;
  free(allocation->base - GUARD_BYTES);
  free(allocation);
}

static void leave_quarantine(void) {
  struct allocation *oldest = quarantine[quarantine_first];
  quarantine_first = (quarantine_first + 1) % QUARANTINED;
  quarantine_count--;
  quarantine_bytes -= oldest->held;
  forget(oldest);
}

struct allocation *memory_create(size_t bytes, bool pinned, int device) {
  size_t held = GUARD_BYTES + (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT + GUARD_BYTES;
  unsigned char *memory = bytes <= SIZE_MAX / 2 ? aligned_alloc(ALIGNMENT, held) : NULL;
  if (memory == NULL) return NULL;
  struct allocation *allocation = zeroed(sizeof *allocation);
  *allocation = (struct allocation){
      .base = memory + GUARD_BYTES, .bytes = bytes, .held = held, .serial = ++serials, .device = device, .pinned = pinned};
  fill(memory, allocation->base, GUARD_WORD);
  fill_allocation(allocation, FRESH_WORD);
  fill(allocation->base + bytes, memory + held, GUARD_WORD);
  if (count == capacity) {
    capacity = capacity ? capacity * 2 : 256;
    sorted = realloc(sorted, capacity * sizeof *sorted);
    if (sorted == NULL) abort();
  }
  size_t place = place_of(allocation->base);
  memmove(sorted + place + 1, sorted + place, (count - place) * sizeof *sorted);
  sorted[place] = allocation;
  count++;
  return allocation;
}

void memory_ready(struct allocation *allocation) { allocation->ready = true; }

void memory_retire(struct allocation *allocation) {
  memory_damaged(allocation);
  allocation->gone = true;
  fill_allocation(allocation, FREED_WORD);
  if (quarantine_count == QUARANTINED) leave_quarantine();
  quarantine[(quarantine_first + quarantine_count++) % QUARANTINED] = allocation;
  quarantine_bytes += allocation->held;
  while (quarantine_bytes > QUARANTINED_BYTES && quarantine_count > 1) leave_quarantine();
}

struct allocation *memory_find(const void *address) {
  size_t place = place_of(address);
  if (place == count) return NULL;
  struct allocation *a = sorted[place];
  return (const unsigned char *)address >= a->base - GUARD_BYTES ? a : NULL;
}

struct allocation *memory_at(const void *address) {
  struct allocation *allocation = memory_find(address);
  return allocation != NULL && allocation->base == address ? allocation : NULL;
}

bool memory_damaged(struct allocation *a) {
  const unsigned char *behind = a->base + a->bytes;
  bool before_holds = holds(a->base - GUARD_BYTES, a->base, GUARD_WORD);
  bool behind_holds = holds(behind, a->base - GUARD_BYTES + a->held, GUARD_WORD);
  if (before_holds && behind_holds) return false;
  if (!a->damage_told) {
    violation(0, "something wrote %s of the %zu bytes at %p (allocation %lu)", before_holds ? "beyond the end" : "before the begin",
              a->bytes, (void *)a->base, a->serial);
  }
  a->damage_told = true;
  return true;
}

bool ranges_overlap(const void *a, size_t a_bytes, const void *b, size_t b_bytes) {
  uintptr_t x = (uintptr_t)a, y = (uintptr_t)b;
  return a_bytes > 0 && b_bytes > 0 && x < y + b_bytes && y < x + a_bytes;
}

static const char *fault_of(const struct range *range, bool pinned_too, bool now) {
  static char text[400];
  const char *name = range->name;
  struct allocation *a = memory_find(range->address);
  uintptr_t address = (uintptr_t)range->address;
  if (range->address == NULL) {
    snprintf(text, sizeof text, "%s is NULL", name);
  } else if (a == NULL) {
    snprintf(text, sizeof text, "%s %p is no address of %s memory", name, range->address, pinned_too ? "device or pinned" : "device");
  } else if (now ? a->gone : a->freed) {
    snprintf(text, sizeof text, "%s %p lies in freed memory: %zu bytes at %p (allocation %lu)", name, range->address, a->bytes,
             (void *)a->base, a->serial);
  } else if (a->pinned && !pinned_too) {
    snprintf(text, sizeof text, "%s %p is pinned host memory where device memory is due", name, range->address);
  } else if (address < (uintptr_t)a->base || address > (uintptr_t)a->base + a->bytes ||
             range->bytes > (uintptr_t)a->base + a->bytes - address) {
    snprintf(text, sizeof text, "%s %p with %zu bytes reaches out of the %zu bytes at %p (allocation %lu)", name, range->address,
             range->bytes, a->bytes, (void *)a->base, a->serial);
  } else if (now && !a->ready) {
    snprintf(text, sizeof text, "%s %p is used before its allocation: another stream's, without an event between", name,
             range->address);
  } else {
    return NULL;
  }
  return text;
}

const char *range_fault(const struct range *range, bool pinned_too) { return fault_of(range, pinned_too, false); }

/* When the work runs, only the order of the streams can still be wrong. */
const char *range_fault_now(const struct range *range) { return fault_of(range, true, true); }

void memory_check(void) {
  for (size_t i = 0; i < count; i++) {
    if (!sorted[i]->gone) memory_damaged(sorted[i]);
  }
}

long memory_live(struct text *text) {
  long live = 0;
  for (size_t i = 0; i < count; i++) {
    struct allocation *a = sorted[i];
    if (a->freed) continue;
    live++;
    text_add(text, "%s memory %p, %zu bytes, allocation %lu\n", a->pinned ? "host" : "device", (void *)a->base, a->bytes, a->serial);
  }
  return live;
}

void memory_reset(void) {
  for (size_t i = 0; i < count; i++) {
    free(sorted[i]->base - GUARD_BYTES);
    free(sorted[i]);
  }
  count = quarantine_count = quarantine_bytes = quarantine_first = 0;
}

/*
 * Reads preprocessed kernels just far enough to know each kernel's name, its parameters and whether it comes to a barrier, and adds the
 * C by which they are called: one function a kernel, and a table.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "double.h"

struct token {
  const char *text;
  int length;
};

struct tokens {
  struct token *list;
  int count, capacity;
};

struct function_text {
  struct token name;
  int first, end;           /* of the parameters */
  int body_first, body_end; /* of the body */
  bool kernel, barrier;
};

struct unit {
  struct tokens tokens;
  struct function_text *functions;
  int count, capacity;
};

static bool is(const struct token *token, const char *text) {
  return (size_t)token->length == strlen(text) && strncmp(token->text, text, (size_t)token->length) == 0;
}

static bool same(const struct token *a, const struct token *b) {
  return a->length == b->length && strncmp(a->text, b->text, (size_t)a->length) == 0;
}

static bool is_identifier(const struct token *token) { return isalpha((unsigned char)*token->text) || *token->text == '_'; }

static void token_add(struct tokens *tokens, const char *text, const char *end) {
  if (tokens->count == tokens->capacity) {
    tokens->capacity = tokens->capacity ? tokens->capacity * 2 : 4096;
    tokens->list = realloc(tokens->list, (size_t)tokens->capacity * sizeof *tokens->list);
    if (tokens->list == NULL) abort();
  }
  tokens->list[tokens->count++] = (struct token){text, (int)(end - text)};
}

static void tokenize(const char *s, struct tokens *tokens) {
  bool line_begins = true;
  while (*s) {
    const char *begin = s;
    if (*s == '\n') {
      line_begins = true;
      s++;
      continue;
    }
    if (isspace((unsigned char)*s)) {
      s++;
      continue;
    }
    if (*s == '#' && line_begins) { /* a line marker or a pragma */
      while (*s && *s != '\n') s++;
      continue;
    }
    line_begins = false;
    if (*s == '"' || *s == '\'') {
      char quote = *s++;
      while (*s && *s != quote) s += *s == '\\' && s[1] ? 2 : 1;
      if (*s) s++;
    } else if (isalnum((unsigned char)*s) || *s == '_') {
      while (isalnum((unsigned char)*s) || *s == '_') s++;
    } else {
      s++;
    }
    token_add(tokens, begin, s);
  }
}

/* The place of the bracket that closes the one at `open`, or the end. */
static int closing(const struct tokens *tokens, int open) {
  int depth = 0;
  for (int i = open; i < tokens->count; i++) {
    char c = *tokens->list[i].text;
    if (c == '(' || c == '{' || c == '[') depth++;
    if ((c == ')' || c == '}' || c == ']') && --depth == 0) return i;
  }
  return tokens->count;
}

static void function_add(struct unit *unit, struct function_text function) {
  if (unit->count == unit->capacity) {
    unit->capacity = unit->capacity ? unit->capacity * 2 : 256;
    unit->functions = realloc(unit->functions, (size_t)unit->capacity * sizeof *unit->functions);
    if (unit->functions == NULL) abort();
  }
  unit->functions[unit->count++] = function;
}

/* Finds what is defined at the outermost level. */
static void find_functions(struct unit *unit) {
  const struct tokens *t = &unit->tokens;
  bool kernel = false;
  for (int i = 0; i < t->count; i++) {
    const struct token *token = &t->list[i];
    if (is(token, "hypertape_kernel_result")) kernel = true;
    if (is(token, ";")) kernel = false;
    if (is(token, "{")) i = closing(t, i);
    if (!is(token, "(")) continue;
    int close = closing(t, i);
    bool named = i > 0 && is_identifier(token - 1) && !is(token - 1, "__attribute__");
    if (named && close + 1 < t->count && is(&t->list[close + 1], "{")) {
      int end = closing(t, close + 1);
      function_add(unit, (struct function_text){token[-1], i + 1, close, close + 1, end, kernel, false});
      close = end;
      kernel = false;
    }
    i = close;
  }
}

static bool mentions_barrier(const struct unit *unit, const struct function_text *function) {
  for (int i = function->body_first; i < function->body_end; i++) {
    const struct token *token = &unit->tokens.list[i];
    if (is(token, "hypertape_hooks")) return true;
    for (int f = 0; f < unit->count; f++) {
      if (unit->functions[f].barrier && same(token, &unit->functions[f].name)) return true;
    }
  }
  return false;
}

/* A kernel comes to a barrier also by a function that it calls. */
static void find_barriers(struct unit *unit) {
  for (bool changed = true; changed;) {
    changed = false;
    for (int f = 0; f < unit->count; f++) {
      struct function_text *function = &unit->functions[f];
      if (!function->barrier && mentions_barrier(unit, function)) changed = function->barrier = true;
    }
  }
}

static void add_tokens(const struct unit *unit, int first, int end, struct text *text) {
  for (int i = first; i < end; i++) {
    text_add(text, "%s%.*s", i == first ? "" : " ", unit->tokens.list[i].length, unit->tokens.list[i].text);
  }
}

/* Writes a parameter's type, name and entry of the table; false if it is none that a kernel may have. */
static bool parameter(const struct unit *unit, int first, int end, int number, struct text *table, struct text *unpack) {
  const struct token *list = unit->tokens.list;
  bool pointer = false, array = false;
  int flags = 0;
  for (int i = first; i < end; i++) {
    if (is(&list[i], "const") && !pointer) flags |= POINTS_TO_CONST;
    if (is(&list[i], "__restrict__") || is(&list[i], "restrict")) flags |= RESTRICTED;
    if (is(&list[i], "*")) pointer = true;
    if (is(&list[i], "[") || is(&list[i], "(")) array = true;
  }
  if (end - first < 2 || array || !is_identifier(&list[end - 1])) return false;
  text_add(table, "  {%d, sizeof(", pointer ? PARAMETER_POINTER : PARAMETER_VALUE);
  add_tokens(unit, first, end - 1, table);
  text_add(table, "), %d, \"", pointer ? flags : 0);
  add_tokens(unit, first, end, table);
  text_add(table, "\"},\n");
  add_tokens(unit, first, end - 1, unpack);
  text_add(unpack, " a%d = *(", number);
  add_tokens(unit, first, end - 1, unpack);
  text_add(unpack, " *)p[%d];\n", number);
  return true;
}

/* The number of parameters, or -1. */
static int parameters(const struct unit *unit, const struct function_text *kernel, struct text *table, struct text *unpack) {
  const struct token *list = unit->tokens.list;
  if (kernel->end == kernel->first || (kernel->end - kernel->first == 1 && is(&list[kernel->first], "void"))) return 0;
  int number = 0, first = kernel->first;
  for (int i = kernel->first; i <= kernel->end; i++) {
    if (i < kernel->end && !is(&list[i], ",")) continue;
    if (!parameter(unit, first, i, number, table, unpack)) return -1;
    number++;
    first = i + 1;
  }
  return number;
}

static void add_call(struct text *text, const struct token *name, int count) {
  text_add(text, "%.*s(", name->length, name->text);
  for (int i = 0; i < count; i++) text_add(text, "%sa%d", i == 0 ? "" : ", ", i);
  text_add(text, ");");
}

/* One kernel's functions go to `generated`, its line of the table to `entries`. */
static bool add_kernel(const struct unit *unit, const struct function_text *kernel, int number, struct text *generated,
                       struct text *entries) {
  struct text table = {0}, unpack = {0};
  int count = parameters(unit, kernel, &table, &unpack);
  if (count >= 0) {
    const char *name = kernel->name.text;
    int length = kernel->name.length;
    text_add(generated, "static const struct kernel_parameter hypertape_parameters_%d[] = {\n%s  {0, 0, 0, 0}\n};\n", number,
             count == 0 ? "" : table.characters);
    if (kernel->barrier) {
      text_add(generated, "static void hypertape_call_%d(void **p) {\n(void)p;\n%s", number, count == 0 ? "" : unpack.characters);
      add_call(generated, &kernel->name, count);
      text_add(generated, "\n}\n");
    } else {
      text_add(generated, "static void hypertape_call_%d(void **p, unsigned grid, unsigned block) {\n(void)p;\n%s", number,
               count == 0 ? "" : unpack.characters);
      text_add(generated, "blockDim.x = block; gridDim.x = grid;\n"
               "for (unsigned turn = 0; turn < grid; turn++) {\n blockIdx.x = hypertape_hooks->turn(turn, grid);\n"
               " for (threadIdx.x = 0; threadIdx.x < block; threadIdx.x++) ");
      add_call(generated, &kernel->name, count);
      text_add(generated, "\n}\n}\n");
    }
    text_add(entries, "  {\"%.*s\", %d, hypertape_parameters_%d, ", length, name, count, number);
    if (kernel->barrier) text_add(entries, "0, hypertape_call_%d},\n", number);
    else text_add(entries, "hypertape_call_%d, 0},\n", number);
  }
  text_clear(&table);
  text_clear(&unpack);
  return count >= 0;
}

bool kernel_source(const char *preprocessed, struct text *generated, struct text *log) {
  struct unit unit = {0};
  tokenize(preprocessed, &unit.tokens);
  find_functions(&unit);
  find_barriers(&unit);
  struct text entries = {0};
  int kernels = 0;
  bool good = true;
  text_add(generated, "%s\n# 1 \"generated\"\n", preprocessed);
  text_add(generated,
           "struct kernel_parameter { int kind; unsigned size; int flags; const char *text; };\n"
           "struct kernel_entry { const char *name; int parameters; const struct kernel_parameter *parameter;\n"
           "  void (*run)(void **, unsigned, unsigned); void (*thread)(void **); };\n"
           "struct kernel_library { const struct kernel_entry *kernels; int count; void (*set_thread)(unsigned);\n"
           "  void (*set_block)(unsigned, unsigned, unsigned); const struct kernel_hooks **hooks; };\n");
  for (int f = 0; f < unit.count && good; f++) {
    const struct function_text *function = &unit.functions[f];
    if (!function->kernel) continue;
    good = add_kernel(&unit, function, kernels++, generated, &entries);
    if (good) continue;
    text_add(log, "error: a parameter of kernel %.*s is no pointer, number or struct with a name\n", function->name.length,
             function->name.text);
  }
  text_add(generated,
           "static const struct kernel_entry hypertape_entries[] = {\n%s  {0, 0, 0, 0, 0}\n};\n"
           "static void hypertape_set_thread(unsigned t) { threadIdx.x = t; }\n"
           "static void hypertape_set_block(unsigned b, unsigned n, unsigned g) { blockIdx.x = b; blockDim.x = n; gridDim.x = g; }\n"
           "const struct kernel_library hypertape_kernels = {hypertape_entries, %d, hypertape_set_thread, hypertape_set_block,\n"
           "  &hypertape_hooks};\n",
           kernels == 0 ? "" : entries.characters, kernels);
  text_clear(&entries);
  free(unit.tokens.list);
  free(unit.functions);
  return good;
}

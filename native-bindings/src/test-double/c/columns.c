/* Convolution by products of matrices: an image's windows are laid side by side as columns. */
#include <stdlib.h>
#include <string.h>

#include "convolution.h"

static size_t rows_of(const struct problem *p) { return (size_t)p->w.c * (size_t)p->w.r * (size_t)p->w.s; }
static size_t places_of(const struct problem *p) { return (size_t)p->y.h * (size_t)p->y.w; }

size_t column_elements(const struct problem *p) { return rows_of(p) * (size_t)p->form.groups * places_of(p); }

/* The windows along an axis whose element at an offset (from the padding on) lies inside: the first, and one past the last. */
static void inside(int offset, int length, int stride, int windows, int *first, int *end) {
  *first = offset >= 0 ? 0 : (-offset + stride - 1) / stride;
  *end = length - offset <= 0 ? 0 : (length - offset - 1) / stride + 1;
  if (*end > windows) *end = windows;
  if (*first > *end) *first = *end;
}

/* Goes through one row (c, r, s) of an image's columns: reads it from the image, or adds it to the image. */
static void visit_row(const struct problem *p, int c, int r, int s, float *columns, const float *from, float *to) {
  int top = r * p->form.dilation_h - p->form.pad_h, left = s * p->form.dilation_w - p->form.pad_w, first, end, from_row, to_row;
  inside(left, p->x.w, p->form.stride_w, p->y.w, &first, &end);
  inside(top, p->x.h, p->form.stride_h, p->y.h, &from_row, &to_row);
  for (int h = 0; h < p->y.h; h++, columns += p->y.w) {
    bool is_inside = h >= from_row && h < to_row;
    if (to == NULL) memset(columns, 0, (size_t)p->y.w * sizeof(float));
    if (!is_inside) continue;
    long line = ((long)c * p->x.h + top + (long)h * p->form.stride_h) * p->x.w + left;
    for (int w = first; w < end; w++) {
      if (to == NULL) columns[w] = from[line + (long)w * p->form.stride_w];
      else to[line + (long)w * p->form.stride_w] += columns[w];
    }
  }
}

static void visit(const struct problem *p, float *columns, const float *from, float *to) {
  for (int c = 0; c < p->x.c; c++) {
    for (int r = 0; r < p->w.r; r++) {
      for (int s = 0; s < p->w.s; s++, columns += places_of(p)) visit_row(p, c, r, s, columns, from, to);
    }
  }
}

static void blend(float *out, const float *result, size_t count, float alpha, float beta) {
  for (size_t i = 0; i < count; i++) out[i] = alpha * result[i] + (beta == 0 ? 0 : beta * out[i]);
}

static float *temporary(size_t count) { return zeroed(count * sizeof(float)); }

void convolve_forward(const struct problem *p, const float *x, const float *w, float *columns, float alpha, float beta, float *y) {
  size_t filters = (size_t)(p->w.k / p->form.groups), rows = rows_of(p), places = places_of(p);
  size_t image = (size_t)p->x.c * (size_t)p->x.h * (size_t)p->x.w;
  float *product = temporary(filters * places);
  for (size_t n = 0; n < (size_t)p->x.n; n++) {
    visit(p, columns, x + n * image, NULL);
    for (size_t g = 0; g < (size_t)p->form.groups; g++) {
      row_gemm(false, false, filters, places, rows, w + g * filters * rows, rows, columns + g * rows * places, places, 0, product, places,
               p->tf32);
      blend(y + (n * (size_t)p->w.k + g * filters) * places, product, filters * places, alpha, beta);
    }
  }
  free(product);
}

void convolve_data(const struct problem *p, const float *dy, const float *w, float *columns, float alpha, float beta, float *dx) {
  size_t filters = (size_t)(p->w.k / p->form.groups), rows = rows_of(p), places = places_of(p);
  size_t image = (size_t)p->x.c * (size_t)p->x.h * (size_t)p->x.w;
  float *sum = temporary(image);
  for (size_t n = 0; n < (size_t)p->x.n; n++) {
    for (size_t g = 0; g < (size_t)p->form.groups; g++) {
      const float *from = dy + (n * (size_t)p->w.k + g * filters) * places;
      row_gemm(true, false, rows, places, filters, w + g * filters * rows, rows, from, places, 0, columns + g * rows * places, places,
               p->tf32);
    }
    memset(sum, 0, image * sizeof(float));
    visit(p, columns, NULL, sum);
    blend(dx + n * image, sum, image, alpha, beta);
  }
  free(sum);
}

void convolve_filter(const struct problem *p, const float *x, const float *dy, float *columns, float alpha, float beta, float *dw) {
  size_t filters = (size_t)(p->w.k / p->form.groups), rows = rows_of(p), places = places_of(p);
  size_t image = (size_t)p->x.c * (size_t)p->x.h * (size_t)p->x.w;
  float *sum = temporary((size_t)p->w.k * rows);
  for (size_t n = 0; n < (size_t)p->x.n; n++) {
    visit(p, columns, x + n * image, NULL);
    for (size_t g = 0; g < (size_t)p->form.groups; g++) {
      row_gemm(false, true, filters, rows, places, dy + (n * (size_t)p->w.k + g * filters) * places, places, columns + g * rows * places,
               places, 1, sum + g * filters * rows, rows, p->tf32);
    }
  }
  blend(dw, sum, (size_t)p->w.k * rows, alpha, beta);
  free(sum);
}

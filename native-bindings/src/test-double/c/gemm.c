/* A blocked single-precision product: panels are packed, so that the inner loop reads both in order whatever is transposed. */
#include <stdlib.h>
#include <string.h>

#include "cudnn.h"

/* Compiled for several processors at once, and chosen when the library is loaded, where compiler and loader can. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define FOR_EACH_PROCESSOR __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define FOR_EACH_PROCESSOR
#endif

enum { LANES = 8, ROWS = 2 * LANES, COLUMNS = 6, DEPTH = 256, PANEL_ROWS = ROWS * 16 };

typedef float lanes __attribute__((vector_size(LANES * sizeof(float)), aligned(4)));

/* Ten bits of mantissa are kept, rounded to nearest, as a tensor core does. */
static float rounded(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  if ((bits & 0x7F800000u) != 0x7F800000u) bits = (bits + 0x1000u) & 0xFFFFE000u;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/*
 * Packs `count` lines of `depth` into panels of `width` lines, step by step of the depth, filled up with zeros: of a matrix where
 * the lines' elements of one step lie `line` apart and the steps `step` apart.
 */
static void pack(const float *from, size_t line, size_t step, int count, int depth, int width, bool tf32, float *to) {
  for (int first = 0; first < count; first += width) {
    int lines = count - first < width ? count - first : width;
    const float *panel = from + (size_t)first * line;
    if (line == 1) {
      for (int p = 0; p < depth; p++) {
        memcpy(to + (size_t)p * width, panel + (size_t)p * step, (size_t)lines * sizeof(float));
        memset(to + (size_t)p * width + lines, 0, (size_t)(width - lines) * sizeof(float));
      }
    } else {
      for (int i = 0; i < lines; i++) {
        for (int p = 0; p < depth; p++) to[(size_t)p * width + i] = panel[(size_t)i * line + (size_t)p * step];
      }
      for (int i = lines; i < width; i++) {
        for (int p = 0; p < depth; p++) to[(size_t)p * width + i] = 0;
      }
    }
    if (tf32) {
      for (size_t i = 0; i < (size_t)depth * width; i++) to[i] = rounded(to[i]);
    }
    to += (size_t)depth * width;
  }
}

/* tile[COLUMNS][ROWS] = the product of a panel of ROWS rows with one of COLUMNS columns. */
FOR_EACH_PROCESSOR
static void multiply(int depth, const float *a, const float *b, float *tile) {
  lanes sum[COLUMNS][2];
  memset(sum, 0, sizeof sum);
  for (int p = 0; p < depth; p++, a += ROWS, b += COLUMNS) {
    lanes low = *(const lanes *)a, high = *(const lanes *)(a + LANES);
#pragma GCC unroll 6
    for (int j = 0; j < COLUMNS; j++) {
      sum[j][0] += low * b[j];
      sum[j][1] += high * b[j];
    }
  }
#pragma GCC unroll 6
  for (int j = 0; j < COLUMNS; j++) {
    *(lanes *)(tile + j * ROWS) = sum[j][0];
    *(lanes *)(tile + j * ROWS + LANES) = sum[j][1];
  }
}

static void scale(int m, int n, float beta, float *c, size_t ldc) {
  for (int j = 0; j < n; j++) {
    float *column = c + (size_t)j * ldc;
    if (beta == 0) memset(column, 0, (size_t)m * sizeof(float)); /* what was there, NaN too, does not count */
    else if (beta != 1) for (int i = 0; i < m; i++) column[i] *= beta;
  }
}

static size_t rounded_up(int count, int width) { return (size_t)(count + width - 1) / width * width; }

void gemm(bool ta, bool tb, int m, int n, int k, float alpha, const float *a, size_t lda, const float *b, size_t ldb, float beta,
          float *c, size_t ldc, bool tf32) {
  scale(m, n, beta, c, ldc);
  if (alpha == 0 || k == 0) return;
  float *a_panels = aligned_alloc(64, sizeof(float) * DEPTH * PANEL_ROWS);
  float *b_panels = aligned_alloc(64, (sizeof(float) * DEPTH * rounded_up(n, COLUMNS) + 63) / 64 * 64);
  if (a_panels == NULL || b_panels == NULL) abort();
  float tile[ROWS * COLUMNS];
  for (int p0 = 0; p0 < k; p0 += DEPTH) {
    int depth = k - p0 < DEPTH ? k - p0 : DEPTH;
    pack(tb ? b + (size_t)p0 * ldb : b + p0, tb ? 1 : ldb, tb ? ldb : 1, n, depth, COLUMNS, tf32, b_panels);
    for (int i0 = 0; i0 < m; i0 += PANEL_ROWS) {
      int rows = m - i0 < PANEL_ROWS ? m - i0 : PANEL_ROWS;
      pack(ta ? a + (size_t)i0 * lda + p0 : a + (size_t)p0 * lda + i0, ta ? lda : 1, ta ? 1 : lda, rows, depth, ROWS, tf32, a_panels);
      for (int j = 0; j < n; j += COLUMNS) {
        int columns = n - j < COLUMNS ? n - j : COLUMNS;
        for (int i = 0; i < rows; i += ROWS) {
          multiply(depth, a_panels + (size_t)i * depth, b_panels + (size_t)j * depth, tile);
          int height = rows - i < ROWS ? rows - i : ROWS;
          for (int y = 0; y < columns; y++) {
            float *column = c + (size_t)(j + y) * ldc + i0 + i;
            for (int x = 0; x < height; x++) column[x] += alpha * tile[y * ROWS + x];
          }
        }
      }
    }
  }
  free(a_panels);
  free(b_panels);
}

/* Seen column-major, a row-major matrix is its transpose. */
void row_gemm(bool ta, bool tb, size_t m, size_t n, size_t k, const float *a, size_t lda, const float *b, size_t ldb, float beta, float *c,
              size_t ldc, bool tf32) {
  gemm(tb, ta, (int)n, (int)m, (int)k, 1, b, ldb, a, lda, beta, c, ldc, tf32);
}

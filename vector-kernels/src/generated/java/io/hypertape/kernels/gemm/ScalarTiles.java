// Generated, not to be edited: change the generator and run
// java vector-kernels/src/generator/java/io/hypertape/kernels/generator/GenerateBlocks.java
package io.hypertape.kernels.gemm;

import io.hypertape.kernels.lanes.Fma;
import io.hypertape.kernels.lanes.LeafLoop;
import io.hypertape.kernels.lanes.Matrix;

/**
 * Matrix products in tiles of a few sums: fused multiply-adds from +0 in the order of k, the order
 * of {@link PackedBlocks}; or in eight sums each, the order of {@link DotBlocks}. Factors are read
 * where they lie.
 */
@LeafLoop
final class ScalarTiles {

  private ScalarTiles() {}

  /** Floats in which inner products' sums have room. */
  static int dots(int n) {
    return 16 * ProductOrder.LANES * n;
  }

  /**
   * c (+)= a·b for so many p from one on; as inner products if there is room for their sums.
   * Processors without fused multiply-adds have tiles of their own.
   */
  static void chunk(int p, int kc, Matrix a, Matrix b, float[] lanes, boolean add, Matrix c) {
    int m = c.rows();
    int n = c.cols();
    float[] x = a.array();
    int xOff = a.offset() + p * a.colStride();
    int xRow = a.rowStride();
    int xCol = a.colStride();
    float[] y = b.array();
    int yOff = b.offset() + p * b.rowStride();
    int yRow = b.rowStride();
    int yCol = b.colStride();
    float[] z = c.array();
    int zOff = c.offset();
    int zRow = c.rowStride();
    boolean dots = lanes.length > 0;
    if (Fma.INSTRUCTION && dots) {
      dots(m, n, kc, x, xOff, xRow, xCol, y, yOff, yRow, yCol, z, zOff, zRow, lanes, add);
    } else if (Fma.INSTRUCTION) {
      product(m, n, kc, x, xOff, xRow, xCol, y, yOff, yRow, yCol, z, zOff, zRow, add);
    } else if (dots) {
      EmulatedTiles.dots(
          m, n, kc, x, xOff, xRow, xCol, y, yOff, yRow, yCol, z, zOff, zRow, lanes, add);
    } else {
      EmulatedTiles.product(
          m, n, kc, x, xOff, xRow, xCol, y, yOff, yRow, yCol, z, zOff, zRow, add);
    }
  }

  /** c[m, n] (+)= a·b. */
  static void product(
      int m,
      int n,
      int kc,
      float[] a,
      int aOff,
      int aRow,
      int aCol,
      float[] b,
      int bOff,
      int bRow,
      int bCol,
      float[] c,
      int cOff,
      int cRow,
      boolean add) {
    int i = 0;
    for (; i <= m - 4; i += 4) {
      int left = aOff + i * aRow;
      int to = cOff + i * cRow;
      int j = 0;
      for (; j <= n - 3; j += 3) {
        rows4x3(kc, a, left, aRow, aCol, b, bOff + j * bCol, bRow, bCol, c, to + j, cRow, add);
      }
      for (; j < n; j++) {
        rows4x1(kc, a, left, aRow, aCol, b, bOff + j * bCol, bRow, bCol, c, to + j, cRow, add);
      }
    }
    for (; i < m; i++) {
      int left = aOff + i * aRow;
      int to = cOff + i * cRow;
      int j = 0;
      for (; j <= n - 12; j += 12) {
        rows1x12(kc, a, left, aRow, aCol, b, bOff + j * bCol, bRow, bCol, c, to + j, cRow, add);
      }
      for (; j <= n - 4; j += 4) {
        rows1x4(kc, a, left, aRow, aCol, b, bOff + j * bCol, bRow, bCol, c, to + j, cRow, add);
      }
      for (; j < n; j++) {
        rows1x1(kc, a, left, aRow, aCol, b, bOff + j * bCol, bRow, bCol, c, to + j, cRow, add);
      }
    }
  }

  /** 4 rows by 3 columns. */
  static void rows4x3(
      int kc,
      float[] a,
      int aOff,
      int aRow,
      int aCol,
      float[] b,
      int bOff,
      int bRow,
      int bCol,
      float[] c,
      int cOff,
      int cRow,
      boolean add) {
    float s0x0 = 0;
    float s0x1 = 0;
    float s0x2 = 0;
    float s1x0 = 0;
    float s1x1 = 0;
    float s1x2 = 0;
    float s2x0 = 0;
    float s2x1 = 0;
    float s2x2 = 0;
    float s3x0 = 0;
    float s3x1 = 0;
    float s3x2 = 0;
    int a1 = aOff + aRow;
    int a2 = aOff + 2 * aRow;
    int a3 = aOff + 3 * aRow;
    int b1 = bOff + bCol;
    int b2 = bOff + 2 * bCol;
    for (int p = 0; p < kc; p++) {
      int across = p * aCol;
      int down = p * bRow;
      float y0 = b[bOff + down];
      float y1 = b[b1 + down];
      float y2 = b[b2 + down];
      float x;
      x = a[aOff + across];
      s0x0 = Math.fma(x, y0, s0x0);
      s0x1 = Math.fma(x, y1, s0x1);
      s0x2 = Math.fma(x, y2, s0x2);
      x = a[a1 + across];
      s1x0 = Math.fma(x, y0, s1x0);
      s1x1 = Math.fma(x, y1, s1x1);
      s1x2 = Math.fma(x, y2, s1x2);
      x = a[a2 + across];
      s2x0 = Math.fma(x, y0, s2x0);
      s2x1 = Math.fma(x, y1, s2x1);
      s2x2 = Math.fma(x, y2, s2x2);
      x = a[a3 + across];
      s3x0 = Math.fma(x, y0, s3x0);
      s3x1 = Math.fma(x, y1, s3x1);
      s3x2 = Math.fma(x, y2, s3x2);
    }
    int c1 = cOff + cRow;
    int c2 = cOff + 2 * cRow;
    int c3 = cOff + 3 * cRow;
    if (add) {
      s0x0 += c[cOff];
      s0x1 += c[cOff + 1];
      s0x2 += c[cOff + 2];
      s1x0 += c[c1];
      s1x1 += c[c1 + 1];
      s1x2 += c[c1 + 2];
      s2x0 += c[c2];
      s2x1 += c[c2 + 1];
      s2x2 += c[c2 + 2];
      s3x0 += c[c3];
      s3x1 += c[c3 + 1];
      s3x2 += c[c3 + 2];
    }
    c[cOff] = s0x0;
    c[cOff + 1] = s0x1;
    c[cOff + 2] = s0x2;
    c[c1] = s1x0;
    c[c1 + 1] = s1x1;
    c[c1 + 2] = s1x2;
    c[c2] = s2x0;
    c[c2 + 1] = s2x1;
    c[c2 + 2] = s2x2;
    c[c3] = s3x0;
    c[c3 + 1] = s3x1;
    c[c3 + 2] = s3x2;
  }

  /** 4 rows by 1 column. */
  static void rows4x1(
      int kc,
      float[] a,
      int aOff,
      int aRow,
      int aCol,
      float[] b,
      int bOff,
      int bRow,
      int bCol,
      float[] c,
      int cOff,
      int cRow,
      boolean add) {
    float s0x0 = 0;
    float s1x0 = 0;
    float s2x0 = 0;
    float s3x0 = 0;
    int a1 = aOff + aRow;
    int a2 = aOff + 2 * aRow;
    int a3 = aOff + 3 * aRow;
    for (int p = 0; p < kc; p++) {
      int across = p * aCol;
      int down = p * bRow;
      float y0 = b[bOff + down];
      float x;
      x = a[aOff + across];
      s0x0 = Math.fma(x, y0, s0x0);
      x = a[a1 + across];
      s1x0 = Math.fma(x, y0, s1x0);
      x = a[a2 + across];
      s2x0 = Math.fma(x, y0, s2x0);
      x = a[a3 + across];
      s3x0 = Math.fma(x, y0, s3x0);
    }
    int c1 = cOff + cRow;
    int c2 = cOff + 2 * cRow;
    int c3 = cOff + 3 * cRow;
    if (add) {
      s0x0 += c[cOff];
      s1x0 += c[c1];
      s2x0 += c[c2];
      s3x0 += c[c3];
    }
    c[cOff] = s0x0;
    c[c1] = s1x0;
    c[c2] = s2x0;
    c[c3] = s3x0;
  }

  /** 1 row by 12 columns. */
  static void rows1x12(
      int kc,
      float[] a,
      int aOff,
      int aRow,
      int aCol,
      float[] b,
      int bOff,
      int bRow,
      int bCol,
      float[] c,
      int cOff,
      int cRow,
      boolean add) {
    float s0x0 = 0;
    float s0x1 = 0;
    float s0x2 = 0;
    float s0x3 = 0;
    float s0x4 = 0;
    float s0x5 = 0;
    float s0x6 = 0;
    float s0x7 = 0;
    float s0x8 = 0;
    float s0x9 = 0;
    float s0x10 = 0;
    float s0x11 = 0;
    int b1 = bOff + bCol;
    int b2 = bOff + 2 * bCol;
    int b3 = bOff + 3 * bCol;
    int b4 = bOff + 4 * bCol;
    int b5 = bOff + 5 * bCol;
    int b6 = bOff + 6 * bCol;
    int b7 = bOff + 7 * bCol;
    int b8 = bOff + 8 * bCol;
    int b9 = bOff + 9 * bCol;
    int b10 = bOff + 10 * bCol;
    int b11 = bOff + 11 * bCol;
    for (int p = 0; p < kc; p++) {
      int across = p * aCol;
      int down = p * bRow;
      float x;
      x = a[aOff + across];
      s0x0 = Math.fma(x, b[bOff + down], s0x0);
      s0x1 = Math.fma(x, b[b1 + down], s0x1);
      s0x2 = Math.fma(x, b[b2 + down], s0x2);
      s0x3 = Math.fma(x, b[b3 + down], s0x3);
      s0x4 = Math.fma(x, b[b4 + down], s0x4);
      s0x5 = Math.fma(x, b[b5 + down], s0x5);
      s0x6 = Math.fma(x, b[b6 + down], s0x6);
      s0x7 = Math.fma(x, b[b7 + down], s0x7);
      s0x8 = Math.fma(x, b[b8 + down], s0x8);
      s0x9 = Math.fma(x, b[b9 + down], s0x9);
      s0x10 = Math.fma(x, b[b10 + down], s0x10);
      s0x11 = Math.fma(x, b[b11 + down], s0x11);
    }
    if (add) {
      s0x0 += c[cOff];
      s0x1 += c[cOff + 1];
      s0x2 += c[cOff + 2];
      s0x3 += c[cOff + 3];
      s0x4 += c[cOff + 4];
      s0x5 += c[cOff + 5];
      s0x6 += c[cOff + 6];
      s0x7 += c[cOff + 7];
      s0x8 += c[cOff + 8];
      s0x9 += c[cOff + 9];
      s0x10 += c[cOff + 10];
      s0x11 += c[cOff + 11];
    }
    c[cOff] = s0x0;
    c[cOff + 1] = s0x1;
    c[cOff + 2] = s0x2;
    c[cOff + 3] = s0x3;
    c[cOff + 4] = s0x4;
    c[cOff + 5] = s0x5;
    c[cOff + 6] = s0x6;
    c[cOff + 7] = s0x7;
    c[cOff + 8] = s0x8;
    c[cOff + 9] = s0x9;
    c[cOff + 10] = s0x10;
    c[cOff + 11] = s0x11;
  }

  /** 1 row by 4 columns. */
  static void rows1x4(
      int kc,
      float[] a,
      int aOff,
      int aRow,
      int aCol,
      float[] b,
      int bOff,
      int bRow,
      int bCol,
      float[] c,
      int cOff,
      int cRow,
      boolean add) {
    float s0x0 = 0;
    float s0x1 = 0;
    float s0x2 = 0;
    float s0x3 = 0;
    int b1 = bOff + bCol;
    int b2 = bOff + 2 * bCol;
    int b3 = bOff + 3 * bCol;
    for (int p = 0; p < kc; p++) {
      int across = p * aCol;
      int down = p * bRow;
      float x;
      x = a[aOff + across];
      s0x0 = Math.fma(x, b[bOff + down], s0x0);
      s0x1 = Math.fma(x, b[b1 + down], s0x1);
      s0x2 = Math.fma(x, b[b2 + down], s0x2);
      s0x3 = Math.fma(x, b[b3 + down], s0x3);
    }
    if (add) {
      s0x0 += c[cOff];
      s0x1 += c[cOff + 1];
      s0x2 += c[cOff + 2];
      s0x3 += c[cOff + 3];
    }
    c[cOff] = s0x0;
    c[cOff + 1] = s0x1;
    c[cOff + 2] = s0x2;
    c[cOff + 3] = s0x3;
  }

  /** 1 row by 1 column. */
  static void rows1x1(
      int kc,
      float[] a,
      int aOff,
      int aRow,
      int aCol,
      float[] b,
      int bOff,
      int bRow,
      int bCol,
      float[] c,
      int cOff,
      int cRow,
      boolean add) {
    float s0x0 = 0;
    for (int p = 0; p < kc; p++) {
      int across = p * aCol;
      int down = p * bRow;
      float x;
      x = a[aOff + across];
      s0x0 = Math.fma(x, b[bOff + down], s0x0);
    }
    if (add) {
      s0x0 += c[cOff];
    }
    c[cOff] = s0x0;
  }

  /** c[m, n] (+)= a·b, eight sums each, for which there is room for 16 rows. */
  static void dots(
      int m,
      int n,
      int kc,
      float[] a,
      int aOff,
      int aRow,
      int aCol,
      float[] b,
      int bOff,
      int bRow,
      int bCol,
      float[] c,
      int cOff,
      int cRow,
      float[] sums,
      boolean add) {
    for (int i = 0; i < m; i += 16) {
      int rows = Math.min(16, m - i);
      int size = rows * n;
      for (int lane = 0; lane < 8; lane++) {
        int some = (kc + 7 - lane) / 8;
        int left = aOff + i * aRow + lane * aCol;
        int right = bOff + lane * bRow;
        int next = 8 * aCol;
        int down = 8 * bRow;
        int to = lane * size;
        product(rows, n, some, a, left, aRow, next, b, right, down, bCol, sums, to, n, false);
        if (some < (kc + 7) / 8) {
          // What is missing of the last eight products is +0.
          for (int e = to; e < to + size; e++) {
            sums[e] += 0f;
          }
        }
      }
      for (int r = 0; r < rows; r++) {
        int to = cOff + (i + r) * cRow;
        for (int j = 0; j < n; j++) {
          int s = r * n + j;
          int t = s + size;
          float even = (sums[s] + sums[s + 4 * size]) + (sums[s + 2 * size] + sums[s + 6 * size]);
          float odd = (sums[t] + sums[t + 4 * size]) + (sums[t + 2 * size] + sums[t + 6 * size]);
          float sum = even + odd;
          c[to + j] = add ? sum + c[to + j] : sum;
        }
      }
    }
  }
}

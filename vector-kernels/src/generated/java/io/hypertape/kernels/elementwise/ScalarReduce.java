// Generated, not to be edited: change the generator and run
// java vector-kernels/src/generator/java/io/hypertape/kernels/generator/GenerateBlocks.java
package io.hypertape.kernels.elementwise;

import io.hypertape.kernels.lanes.Fma;
import io.hypertape.kernels.lanes.ReduceOp;

/**
 * Reductions of one row, and the product of two. A sum has 64 lanes, lane l of which takes numbers
 * l, l + 64 and so on; what is left behind the last 64 numbers goes to the first 16 lanes, 16 by 16.
 * In the end lanes 16, then 32 and 16, then 8, 4, 2 and 1 apart are added: the same bits on every
 * processor, and by {@link VectorReduce}.
 */
public final class ScalarReduce {

  /** Longer sums are sums of blocks, added in double: rounding errors stay those of a block. */
  private static final int BLOCK = 1 << 12;

  private ScalarReduce() {}

  public static float row(ReduceOp op, int n, float[] x, int xOff) {
    return switch (op) {
      case SUM -> sum(n, x, xOff);
      case MAX -> max(n, x, xOff);
      case MIN -> min(n, x, xOff);
    };
  }

  public static float sum(int n, float[] x, int xOff) {
    if (n <= BLOCK) {
      return add(n, x, xOff);
    }
    double total = 0;
    for (int i = 0; i < n; i += BLOCK) {
      total += add(Math.min(BLOCK, n - i), x, xOff + i);
    }
    return (float) total;
  }

  public static float dot(int n, float[] x, int xOff, float[] y, int yOff) {
    if (n <= BLOCK) {
      return products(n, x, xOff, y, yOff);
    }
    double total = 0;
    for (int i = 0; i < n; i += BLOCK) {
      total += products(Math.min(BLOCK, n - i), x, xOff + i, y, yOff + i);
    }
    return (float) total;
  }

  private static float add(int n, float[] x, int xOff) {
    if (n < 64) {
      return addFew(n, x, xOff);
    }
    float even = -0f;
    float odd = -0f;
    for (int lane = 0; lane < 4; lane++) {
      float s0 = 0;
      float s1 = 0;
      float s2 = 0;
      float s3 = 0;
      float s4 = 0;
      float s5 = 0;
      float s6 = 0;
      float s7 = 0;
      float s8 = 0;
      float s9 = 0;
      float s10 = 0;
      float s11 = 0;
      float s12 = 0;
      float s13 = 0;
      float s14 = 0;
      float s15 = 0;
      int i = lane;
      for (; i <= n - 64 + lane; i += 64) {
        s0 += x[xOff + i];
        s1 += x[xOff + i + 4];
        s2 += x[xOff + i + 8];
        s3 += x[xOff + i + 12];
        s4 += x[xOff + i + 16];
        s5 += x[xOff + i + 20];
        s6 += x[xOff + i + 24];
        s7 += x[xOff + i + 28];
        s8 += x[xOff + i + 32];
        s9 += x[xOff + i + 36];
        s10 += x[xOff + i + 40];
        s11 += x[xOff + i + 44];
        s12 += x[xOff + i + 48];
        s13 += x[xOff + i + 52];
        s14 += x[xOff + i + 56];
        s15 += x[xOff + i + 60];
      }
      for (; i < n - 12; i += 16) {
        s0 += x[xOff + i];
        s1 += x[xOff + i + 4];
        s2 += x[xOff + i + 8];
        s3 += x[xOff + i + 12];
      }
      if (i < n) {
        s0 += x[xOff + i];
      }
      if (i + 4 < n) {
        s1 += x[xOff + i + 4];
      }
      if (i + 8 < n) {
        s2 += x[xOff + i + 8];
      }
      s0 = (s0 + s4) + (s8 + s12);
      s1 = (s1 + s5) + (s9 + s13);
      s2 = (s2 + s6) + (s10 + s14);
      s3 = (s3 + s7) + (s11 + s15);
      float next = even + ((s0 + s2) + (s1 + s3));
      even = odd;
      odd = next;
    }
    return even + odd;
  }

  private static float addFew(int n, float[] x, int xOff) {
    float even = -0f;
    float odd = -0f;
    for (int lane = 0; lane < 4; lane++) {
      float s0 = 0;
      float s1 = 0;
      float s2 = 0;
      float s3 = 0;
      int i = lane;
      for (; i < n - 12; i += 16) {
        s0 += x[xOff + i];
        s1 += x[xOff + i + 4];
        s2 += x[xOff + i + 8];
        s3 += x[xOff + i + 12];
      }
      if (i < n) {
        s0 += x[xOff + i];
      }
      if (i + 4 < n) {
        s1 += x[xOff + i + 4];
      }
      if (i + 8 < n) {
        s2 += x[xOff + i + 8];
      }
      float next = even + ((s0 + s2) + (s1 + s3));
      even = odd;
      odd = next;
    }
    return even + odd;
  }

  private static float products(int n, float[] x, int xOff, float[] y, int yOff) {
    if (n < 64) {
      return fewProducts(n, x, xOff, y, yOff);
    }
    float even = -0f;
    float odd = -0f;
    for (int lane = 0; lane < 4; lane++) {
      float s0 = 0;
      float s1 = 0;
      float s2 = 0;
      float s3 = 0;
      float s4 = 0;
      float s5 = 0;
      float s6 = 0;
      float s7 = 0;
      float s8 = 0;
      float s9 = 0;
      float s10 = 0;
      float s11 = 0;
      float s12 = 0;
      float s13 = 0;
      float s14 = 0;
      float s15 = 0;
      int i = lane;
      for (; i <= n - 64 + lane; i += 64) {
        s0 = Fma.fma(x[xOff + i], y[yOff + i], s0);
        s1 = Fma.fma(x[xOff + i + 4], y[yOff + i + 4], s1);
        s2 = Fma.fma(x[xOff + i + 8], y[yOff + i + 8], s2);
        s3 = Fma.fma(x[xOff + i + 12], y[yOff + i + 12], s3);
        s4 = Fma.fma(x[xOff + i + 16], y[yOff + i + 16], s4);
        s5 = Fma.fma(x[xOff + i + 20], y[yOff + i + 20], s5);
        s6 = Fma.fma(x[xOff + i + 24], y[yOff + i + 24], s6);
        s7 = Fma.fma(x[xOff + i + 28], y[yOff + i + 28], s7);
        s8 = Fma.fma(x[xOff + i + 32], y[yOff + i + 32], s8);
        s9 = Fma.fma(x[xOff + i + 36], y[yOff + i + 36], s9);
        s10 = Fma.fma(x[xOff + i + 40], y[yOff + i + 40], s10);
        s11 = Fma.fma(x[xOff + i + 44], y[yOff + i + 44], s11);
        s12 = Fma.fma(x[xOff + i + 48], y[yOff + i + 48], s12);
        s13 = Fma.fma(x[xOff + i + 52], y[yOff + i + 52], s13);
        s14 = Fma.fma(x[xOff + i + 56], y[yOff + i + 56], s14);
        s15 = Fma.fma(x[xOff + i + 60], y[yOff + i + 60], s15);
      }
      for (; i < n - 12; i += 16) {
        s0 = Fma.fma(x[xOff + i], y[yOff + i], s0);
        s1 = Fma.fma(x[xOff + i + 4], y[yOff + i + 4], s1);
        s2 = Fma.fma(x[xOff + i + 8], y[yOff + i + 8], s2);
        s3 = Fma.fma(x[xOff + i + 12], y[yOff + i + 12], s3);
      }
      if (i < n) {
        s0 = Fma.fma(x[xOff + i], y[yOff + i], s0);
      }
      if (i + 4 < n) {
        s1 = Fma.fma(x[xOff + i + 4], y[yOff + i + 4], s1);
      }
      if (i + 8 < n) {
        s2 = Fma.fma(x[xOff + i + 8], y[yOff + i + 8], s2);
      }
      s0 = (s0 + s4) + (s8 + s12);
      s1 = (s1 + s5) + (s9 + s13);
      s2 = (s2 + s6) + (s10 + s14);
      s3 = (s3 + s7) + (s11 + s15);
      float next = even + ((s0 + s2) + (s1 + s3));
      even = odd;
      odd = next;
    }
    return even + odd + (n % 16 == 0 ? -0f : 0f);
  }

  private static float fewProducts(int n, float[] x, int xOff, float[] y, int yOff) {
    float even = -0f;
    float odd = -0f;
    for (int lane = 0; lane < 4; lane++) {
      float s0 = 0;
      float s1 = 0;
      float s2 = 0;
      float s3 = 0;
      int i = lane;
      for (; i < n - 12; i += 16) {
        s0 = Fma.fma(x[xOff + i], y[yOff + i], s0);
        s1 = Fma.fma(x[xOff + i + 4], y[yOff + i + 4], s1);
        s2 = Fma.fma(x[xOff + i + 8], y[yOff + i + 8], s2);
        s3 = Fma.fma(x[xOff + i + 12], y[yOff + i + 12], s3);
      }
      if (i < n) {
        s0 = Fma.fma(x[xOff + i], y[yOff + i], s0);
      }
      if (i + 4 < n) {
        s1 = Fma.fma(x[xOff + i + 4], y[yOff + i + 4], s1);
      }
      if (i + 8 < n) {
        s2 = Fma.fma(x[xOff + i + 8], y[yOff + i + 8], s2);
      }
      float next = even + ((s0 + s2) + (s1 + s3));
      even = odd;
      odd = next;
    }
    return even + odd + 0f;
  }

  private static float max(int n, float[] x, int xOff) {
    float s0 = Float.NEGATIVE_INFINITY;
    float s1 = s0;
    int i = 0;
    for (; i < n - 1; i += 2) {
      s0 = Math.max(s0, x[xOff + i]);
      s1 = Math.max(s1, x[xOff + i + 1]);
    }
    return Math.max(i < n ? Math.max(s0, x[xOff + i]) : s0, s1);
  }

  private static float min(int n, float[] x, int xOff) {
    float s0 = Float.POSITIVE_INFINITY;
    float s1 = s0;
    int i = 0;
    for (; i < n - 1; i += 2) {
      s0 = Math.min(s0, x[xOff + i]);
      s1 = Math.min(s1, x[xOff + i + 1]);
    }
    return Math.min(i < n ? Math.min(s0, x[xOff + i]) : s0, s1);
  }
}

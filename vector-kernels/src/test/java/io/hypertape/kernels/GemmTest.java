package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hypertape.kernels.lanes.Matrix;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(KernelMode.class)
class GemmTest {
  private static final int[] SIZES = {1, 2, 5, 6, 7, 15, 16, 17, 31, 32, 33, 65};

  private final Kernels kernels;

  GemmTest(KernelMode mode) {
    kernels = Kernels.open(mode, 1);
    assertEquals(mode == KernelMode.VECTOR, kernels.selection().vectorized());
  }

  @AfterEach
  void close() {
    kernels.close();
  }

  private static float[] random(int n, long seed) {
    float[] x = new float[n];
    Random random = new Random(seed);
    for (int i = 0; i < n; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return x;
  }

  private void check(int m, int n, int k, boolean transA, boolean transB, float beta) {
    int pad = 3;
    int lda = (transA ? m : k) + pad;
    int ldb = (transB ? k : n) + pad;
    int ldc = n + pad;
    float[] a = random(5 + lda * (transA ? k : m), 1);
    float[] b = random(7 + ldb * (transB ? n : k), 2);
    float[] c = random(2 + ldc * m, 3);
    float[] old = c.clone();
    if (beta == 0) {
      Arrays.fill(c, Float.NaN);
    }
    int ars = transA ? 1 : lda;
    int acs = transA ? lda : 1;
    int brs = transB ? 1 : ldb;
    int bcs = transB ? ldb : 1;
    kernels
        .products()
        .gemm(
            new Matrix(a, 5, m, k, ars, acs),
            new Matrix(b, 7, k, n, brs, bcs),
            beta,
            new Matrix(c, 2, m, n, ldc, 1))
        .run();
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        double sum = beta == 0 ? 0 : beta * old[2 + i * ldc + j];
        double magnitude = Math.abs(sum);
        for (int p = 0; p < k; p++) {
          double term = (double) a[5 + i * ars + p * acs] * b[7 + p * brs + j * bcs];
          sum += term;
          magnitude += Math.abs(term);
        }
        String where = m + "x" + n + "x" + k + " " + transA + transB + " at " + i + "," + j;
        Close.assertWithin(
            sum, c[2 + i * ldc + j], 1.2e-7 * (2 + Math.sqrt(k)) * magnitude, () -> where);
      }
      for (int j = n; j < ldc && i < m - 1; j++) {
        float kept = beta == 0 ? Float.NaN : old[2 + i * ldc + j];
        assertEquals(kept, c[2 + i * ldc + j], "written between rows");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"false,false", "false,true", "true,false", "true,true"})
  void smallShapes(boolean transA, boolean transB) {
    for (int m : SIZES) {
      for (int n : SIZES) {
        for (int k : new int[] {1, 2, 7, 16, 33}) {
          check(
              m,
              n,
              k,
              transA,
              transB,
              (m + n + k) % 3 == 0 ? 1f : (m + n + k) % 3 == 1 ? 0f : -0.5f);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "256,128,784",
    "256,10,128",
    "128,784,256",
    "10,128,256",
    "256,128,10",
    "53,101,1031",
    "1,300,700",
    "900,3,520",
    "1600,33,40",
    "66,8,1040",
    "67,10,37",
    "68,10,509",
    "64,10,8"
  })
  void blockedShapes(int m, int n, int k) {
    for (int transposes = 0; transposes < 4; transposes++) {
      check(m, n, k, (transposes & 1) == 1, transposes > 1, 0f);
      check(m, n, k, (transposes & 1) == 1, transposes > 1, 1f);
    }
  }

  @Test
  void wideRightFactorsAreBlockedToo() {
    check(9, 1400, 523, false, false, 1f);
    check(9, 1400, 523, false, true, 0f);
  }

  @Test
  void withoutDepthItScales() {
    float[] c = {1, 2, Float.NaN, 4};
    kernels
        .products()
        .gemm(
            new Matrix(new float[0], 0, 2, 0, 1, 1),
            new Matrix(new float[0], 0, 0, 1, 1, 1),
            2f,
            new Matrix(c, 0, 2, 1, 3, 1))
        .run();
    assertArrayEquals(new float[] {2, 2, Float.NaN, 8}, c);
    kernels
        .products()
        .gemm(
            new Matrix(new float[0], 0, 2, 0, 1, 1),
            new Matrix(new float[0], 0, 0, 2, 1, 1),
            0f,
            new Matrix(c, 0, 2, 2, 2, 1))
        .run();
    assertArrayEquals(new float[4], c);
    kernels
        .products()
        .gemm(
            new Matrix(new float[0], 0, 0, 3, 3, 1),
            new Matrix(new float[15], 0, 3, 5, 5, 1),
            0f,
            new Matrix(c, 0, 0, 5, 5, 1))
        .run();
    kernels
        .products()
        .gemm(
            new Matrix(new float[15], 0, 5, 3, 3, 1),
            new Matrix(new float[0], 0, 3, 0, 0, 1),
            0f,
            new Matrix(c, 0, 5, 0, 0, 1))
        .run();
  }

  @Test
  void broadcastFactorsAreAllowed() {
    float[] c = new float[6];
    kernels
        .products()
        .gemm(
            new Matrix(new float[] {2}, 0, 2, 4, 0, 0),
            new Matrix(new float[] {1, 2, 3}, 0, 4, 3, 0, 1),
            0f,
            new Matrix(c, 0, 2, 3, 3, 1))
        .run();
    assertArrayEquals(new float[] {8, 16, 24, 8, 16, 24}, c);
  }

  @Test
  void buffersServeLargerAndSmallerCallsInTurn() {
    check(200, 200, 200, true, true, 0f);
    check(3, 3, 3, true, true, 0f);
    check(300, 300, 300, true, true, 0f);
  }
}

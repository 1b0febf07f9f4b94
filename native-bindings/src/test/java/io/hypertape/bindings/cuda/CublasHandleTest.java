package io.hypertape.bindings.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.hypertape.bindings.testing.CudaDouble;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CublasHandleTest extends CudaTestCase {

  private CublasHandle cublas;

  @BeforeEach
  void openHandle() {
    cublas = CublasHandle.create(stream, pool);
  }

  @AfterEach
  void closeHandle() {
    cublas.close();
    cublas.close();
  }

  /** Column-major {@code alpha op(a) op(b) + beta c}, in double precision. */
  private static float[] product(
      Transpose ta,
      Transpose tb,
      int m,
      int n,
      int k,
      float alpha,
      float[] a,
      int lda,
      float[] b,
      int ldb,
      float beta,
      float[] c,
      int ldc) {
    float[] result = c.clone();
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        double sum = 0;
        for (int p = 0; p < k; p++) {
          float left = ta == Transpose.NO ? a[i + p * lda] : a[p + i * lda];
          float right = tb == Transpose.NO ? b[p + j * ldb] : b[j + p * ldb];
          sum += (double) left * right;
        }
        float old = beta == 0 ? 0 : beta * c[i + j * ldc];
        result[i + j * ldc] = (float) (alpha * sum + old);
      }
    }
    return result;
  }

  @ParameterizedTest
  @CsvSource({
    "NO,NO,1,1,1,1,0", "NO,NO,5,7,3,1,0", "YES,NO,5,7,3,2,1", "NO,YES,7,5,11,-1,0.5",
    "YES,YES,8,3,17,0.5,-2", "NO,NO,64,48,32,1,1", "YES,NO,17,31,29,1,0", "NO,YES,33,1,65,1,0"
  })
  void productsAreThoseOfAPlainLoop(
      Transpose ta, Transpose tb, int m, int n, int k, float alpha, float beta) {
    int lda = (ta == Transpose.NO ? m : k) + 2;
    int ldb = (tb == Transpose.NO ? k : n) + 1;
    int ldc = m + 3;
    float[] a = values(lda * (ta == Transpose.NO ? k : m), 1);
    float[] b = values(ldb * (tb == Transpose.NO ? n : k), 2);
    float[] c = values(ldc * n, 3);
    if (beta == 0) {
      // The old values must not be read.
      for (int j = 0; j < n; j++) {
        Arrays.fill(c, j * ldc, j * ldc + m, Float.NaN);
      }
    }
    try (DeviceMemory x = upload(a);
        DeviceMemory y = upload(b);
        DeviceMemory z = upload(c)) {
      long at = x.address();
      cublas.sgemm(ta, tb, m, n, k, alpha, at, lda, y.address(), ldb, beta, z.address(), ldc);
      float[] expected = product(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
      assertArrayEquals(expected, download(z), 1e-5f * k);
    }
  }

  @Test
  void tensorCoresRoundTheirInputs() {
    int n = 64;
    float[] a = values(n * n, 1);
    float[] exact =
        product(Transpose.NO, Transpose.NO, n, n, n, 1, a, n, a, n, 0, new float[n * n], n);
    try (DeviceMemory x = upload(a);
        DeviceMemory y = upload(new float[n * n])) {
      cublas.setPrecision(MatmulPrecision.TF32);
      long at = x.address();
      cublas.sgemm(Transpose.NO, Transpose.NO, n, n, n, 1, at, n, at, n, 0, y.address(), n);
      assertArrayEquals(exact, download(y), 0.02f);
      cublas.setPrecision(MatmulPrecision.FP32);
      cublas.sgemm(Transpose.NO, Transpose.NO, n, n, n, 1, at, n, at, n, 0, y.address(), n);
      assertArrayEquals(exact, download(y), 1e-4f);
    }
  }

  @Test
  void theHandleHasAWorkspaceOfThePool() {
    assertEquals(1, pool.statistics().held());
    assertTrue(pool.statistics().bytesHeld() >= 4 << 20);
    assertTrue(cublas.version() >= 120000, "" + cublas.version());
  }

  @Test
  void whatDoesNotFitIsNamedWithAllArguments() {
    CudaDouble.requireDouble();
    expectViolation("cublasSgemm_v2");
    try (DeviceMemory a = pool.allocate(128)) {
      long at = a.address();
      CudaException e =
          assertThrows(
              CudaException.class,
              () ->
                  cublas.sgemm(
                      Transpose.NO, Transpose.YES, 4, 4, 4, 1, at, 3, at, 4, 0, at + 64, 4));
      assertEquals("cublasSgemm_v2", e.call());
      assertEquals("CUBLAS_STATUS_INVALID_VALUE", e.codeName());
      assertEquals(7, e.code());
      String address = "0x" + Long.toHexString(at);
      assertEquals(
          "transa=NO, transb=YES, m=4, n=4, k=4, alpha=1.0, a="
              + address
              + ", lda=3, b="
              + address
              + ", ldb=4, beta=0.0, c=0x"
              + Long.toHexString(at + 64)
              + ", ldc=4",
          e.arguments());
    }
  }

  @Test
  void aProductAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (DeviceMemory a = upload(new float[3])) {
      long least = Long.MAX_VALUE;
      int count = 10_000;
      // The first rounds are interpreted; each is waited for, since the double's queue grows.
      for (int round = 0; round < 20 && least > 0; round++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < count; i++) {
          long at = a.address();
          cublas.sgemm(Transpose.NO, Transpose.NO, 1, 1, 1, 0, at, 1, at + 4, 1, 1, at + 8, 1);
        }
        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        stream.synchronize();
      }
      assertTrue(least < count, least + " bytes in " + count + " calls");
    }
  }

  @Test
  void aClosedHandleIsRefused() {
    CublasHandle other = CublasHandle.create(stream, pool);
    other.close();
    assertThrows(IllegalStateException.class, other::version);
    assertThrows(IllegalStateException.class, () -> other.setPrecision(MatmulPrecision.FP32));
    assertThrows(
        IllegalStateException.class,
        () -> other.sgemm(Transpose.NO, Transpose.NO, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1));
  }
}

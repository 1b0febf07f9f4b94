package io.hypertape.bindings.testing;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The double's cuBLAS: its product, and what it says of wrong handles, shapes and memory. */
class DoubleBlasTest extends RawCuda {

  private static final int NOT_INITIALIZED = 1;
  private static final int BAD_VALUE = 7;

  private long stream;
  private long handle;

  @BeforeEach
  void create() {
    stream = stream();
    handle = made("cublasCreate_v2");
    ok("cublasSetStream_v2", handle, stream);
  }

  private int sgemm(
      int ta, int tb, int[] mnk, float alpha, Matrix a, Matrix b, float beta, Matrix c) {
    return call(
        "cublasSgemm_v2",
        handle,
        ta,
        tb,
        mnk[0],
        mnk[1],
        mnk[2],
        arena.allocateFrom(JAVA_FLOAT, alpha),
        a.address(),
        a.leading(),
        b.address(),
        b.leading(),
        arena.allocateFrom(JAVA_FLOAT, beta),
        c.address(),
        c.leading());
  }

  record Matrix(long address, int leading) {}

  private static float[] random(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "17, 7, 5",
    "16, 6, 256",
    "33, 13, 300",
    "256, 10, 128",
    "3, 200, 1",
    "300, 1, 31"
  })
  void productsOfAllTranspositions(int m, int n, int k) {
    Random random = new Random(m * 1000 + n);
    for (int t = 0; t < 4; t++) {
      boolean ta = (t & 1) != 0;
      boolean tb = (t & 2) != 0;
      int lda = (ta ? k : m) + 3;
      int ldb = (tb ? n : k) + t;
      int ldc = m + 1;
      float[] a = random(random, lda * (ta ? m : k));
      float[] b = random(random, ldb * (tb ? k : n));
      float[] c = random(random, ldc * n);
      float[] expected = c.clone();
      for (int j = 0; j < n; j++) {
        for (int i = 0; i < m; i++) {
          double sum = 0;
          for (int p = 0; p < k; p++) {
            sum += (double) a[ta ? i * lda + p : p * lda + i] * b[tb ? p * ldb + j : j * ldb + p];
          }
          expected[j * ldc + i] = (float) (1.5 * sum + 0.5 * c[j * ldc + i]);
        }
      }
      long out = device(stream, c);
      Matrix left = new Matrix(device(stream, a), lda);
      Matrix right = new Matrix(device(stream, b), ldb);
      int[] mnk = {m, n, k};
      assertEquals(
          0, sgemm(ta ? 1 : 0, tb ? 1 : 0, mnk, 1.5f, left, right, 0.5f, new Matrix(out, ldc)));
      assertArrayEquals(expected, values(out, c.length, stream), 1e-5f * k);
    }
    clean();
  }

  @Test
  void whatWasThereDoesNotCountWithoutBeta() {
    Matrix one = new Matrix(device(stream, 2f), 1);
    Matrix fresh = new Matrix(device(4, stream), 1);
    assertEquals(0, sgemm(0, 0, new int[] {1, 1, 1}, 1, one, one, 0, fresh));
    assertEquals(4f, values(fresh.address(), 1, stream)[0]);
    Matrix nothing = new Matrix(0, 1);
    assertEquals(0, sgemm(0, 0, new int[] {1, 1, 0}, 1, nothing, nothing, 3, fresh));
    assertEquals(12f, values(fresh.address(), 1, stream)[0]);
    assertEquals(0, sgemm(0, 0, new int[] {0, 1, 1}, 1, nothing, nothing, 0, nothing));
    clean();
  }

  @Test
  void tf32RoundsItsInputs() {
    float fine = 1 + 1f / 4096;
    Matrix x = new Matrix(device(stream, fine), 1);
    Matrix one = new Matrix(device(stream, 1f), 1);
    Matrix out = new Matrix(device(4, stream), 1);
    int[] mnk = {1, 1, 1};
    assertEquals(0, sgemm(0, 0, mnk, 1, x, one, 0, out));
    assertEquals(fine, values(out.address(), 1, stream)[0]);
    ok("cublasSetMathMode", handle, 3);
    assertEquals(0, sgemm(0, 0, mnk, 1, x, one, 0, out));
    assertEquals(1f, values(out.address(), 1, stream)[0]);
    wrong(BAD_VALUE, "mode 4", "cublasSetMathMode", handle, 4);
  }

  @Test
  void scalarsOfTheDeviceAreReadWhenTheProductRuns() {
    Matrix one = new Matrix(device(stream, 1f), 1);
    long scalars = device(stream, 5f, 0f);
    long out = device(4, stream);
    ok("cublasSetPointerMode_v2", handle, 1);
    Object[] arguments = {
      handle, 0, 0, 1, 1, 1, scalars, one.address(), 1, one.address(), 1, scalars + 4, out, 1
    };
    ok("cublasSgemm_v2", arguments);
    assertEquals(5f, values(out, 1, stream)[0]);
    ok("cublasSetPointerMode_v2", handle, 0);
    wrong(BAD_VALUE, "pointer mode is host", "cublasSgemm_v2", arguments);
    wrong(BAD_VALUE, "mode 2", "cublasSetPointerMode_v2", handle, 2);
  }

  @ParameterizedTest
  @CsvSource({
    "'lda 3 is below', 0, 0, 4, 2, 2, 3, 2, 4",
    "'lda 1 is below', 1, 0, 4, 2, 2, 1, 2, 4",
    "'ldb 1 is below', 0, 0, 4, 2, 2, 4, 1, 4",
    "'ldc 3 is below', 0, 0, 4, 2, 2, 4, 2, 3",
    "'none may be negative', 0, 0, -1, 2, 2, 4, 2, 4",
    "'transa 5', 5, 0, 4, 2, 2, 4, 2, 4",
    "'A 0x', 0, 0, 4, 2, 2, 9, 2, 4",
    "'B 0x', 0, 0, 4, 2, 2, 4, 9, 4",
    "'C 0x', 0, 0, 4, 2, 2, 4, 2, 9"
  })
  void shapesAreCheckedAndExtentsToo(
      String words, int ta, int tb, int m, int n, int k, int lda, int ldb, int ldc) {
    Matrix a = new Matrix(device(4 * 8, stream), lda);
    Matrix b = new Matrix(device(4 * 4, stream), ldb);
    Matrix c = new Matrix(device(4 * 8, stream), ldc);
    assertEquals(BAD_VALUE, sgemm(ta, tb, new int[] {m, n, k}, 1, a, b, 0, c));
    assertTrue(CudaDouble.violations().get(0).contains(words), CudaDouble.violations().get(0));
  }

  @Test
  void theResultLiesApartFromItsInputs() {
    long memory = device(stream, 1f, 2f, 3f);
    Matrix a = new Matrix(memory, 1);
    Matrix b = new Matrix(memory + 4, 1);
    assertEquals(BAD_VALUE, sgemm(0, 0, new int[] {1, 1, 1}, 1, a, b, 0, b));
    assertTrue(CudaDouble.violations().get(0).contains("overlaps"));
    assertEquals(0, sgemm(0, 0, new int[] {1, 1, 1}, 1, a, b, 0, new Matrix(memory + 8, 1)));
  }

  @Test
  void handlesAndStreamsAreChecked() {
    long destroyed = made("cublasCreate_v2");
    ok("cublasDestroy_v2", destroyed);
    wrong(NOT_INITIALIZED, "is destroyed", "cublasDestroy_v2", destroyed);
    wrong(NOT_INITIALIZED, "is destroyed", "cublasSetStream_v2", destroyed, stream);
    wrong(NOT_INITIALIZED, "is NULL", "cublasSetMathMode", 0L, 0);
    wrong(BAD_VALUE, "is no handle", "cublasSetStream_v2", handle, 5L);
    Matrix one = new Matrix(device(stream, 1f), 1);
    Matrix out = new Matrix(device(4, stream), 1);
    ok("cudaStreamDestroy", stream);
    assertEquals(13, sgemm(0, 0, new int[] {1, 1, 1}, 1, one, one, 0, out));
    MemorySegment version = arena.allocate(JAVA_INT);
    ok("cublasGetVersion_v2", handle, version);
    assertNotEquals(0, version.get(JAVA_INT, 0));
  }

  @Test
  void aCaptureNeedsTheHandlesOwnWorkspace() {
    Matrix one = new Matrix(device(stream, 3f), 1);
    Matrix out = new Matrix(device(4, stream), 1);
    long workspace = device(1024, stream);
    int[] mnk = {1, 1, 1};
    MemorySegment graph = arena.allocate(JAVA_LONG);
    ok("cublasSetWorkspace_v2", handle, workspace, 1024L);
    ok("cublasSetStream_v2", handle, stream); // takes the workspace away
    ok("cudaStreamBeginCapture", stream, 1);
    assertEquals(3, sgemm(0, 0, mnk, 1, one, one, 0, out));
    assertEquals(901, call("cudaStreamEndCapture", stream, graph));

    ok("cublasSetWorkspace_v2", handle, workspace, 1024L);
    ok("cudaStreamBeginCapture", stream, 1);
    assertEquals(0, sgemm(0, 0, mnk, 1, one, one, 0, out));
    ok("cudaStreamEndCapture", stream, graph);
    long executable = made("cudaGraphInstantiate", graph.get(JAVA_LONG, 0), 0L);
    ok("cudaGraphLaunch", executable, stream);
    assertEquals(9f, values(out.address(), 1, stream)[0]);
    wrong(BAD_VALUE, "reaches out", "cublasSetWorkspace_v2", handle, workspace, 2048L);
    wrong(BAD_VALUE, "not aligned", "cublasSetWorkspace_v2", handle, workspace + 4, 256L);
    ok("cudaFreeAsync", workspace, stream);
    wrong(ILLEGAL_ADDRESS, "the workspace", "cudaGraphLaunch", executable, stream);
    assertEquals(BAD_VALUE, sgemm(0, 0, mnk, 1, one, one, 0, out));
  }

  @Test
  void aHandleWithoutStreamIsNotUsedBesideACapture() {
    Matrix one = new Matrix(device(stream, 1f), 1);
    Matrix out = new Matrix(device(4, stream), 1);
    ok("cudaStreamSynchronize", stream);
    handle = made("cublasCreate_v2");
    assertEquals(0, sgemm(0, 0, new int[] {1, 1, 1}, 1, one, one, 0, out));
    ok("cudaStreamBeginCapture", stream, 1);
    assertEquals(13, sgemm(0, 0, new int[] {1, 1, 1}, 1, one, one, 0, out));
    assertTrue(CudaDouble.violations().get(0).contains("default stream"));
  }
}

package io.hypertape.bindings.blas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.hypertape.bindings.BlasCandidate;
import io.hypertape.bindings.BlasCandidate.Origin;
import io.hypertape.bindings.BlasReport;
import io.hypertape.bindings.UnfitLibraryException;
import io.hypertape.bindings.testing.LoopBlas;
import io.hypertape.bindings.testing.RealBlas;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NativeBlasTest {

  private static String refusal(FakeFunctions functions, Origin origin) {
    BlasCandidate candidate = new BlasCandidate("/lib/libx.so", functions, origin);
    return assertThrows(UnfitLibraryException.class, () -> NativeBlas.bind(candidate)).getMessage();
  }

  @Test
  void aLibraryWithoutProductsIsRefused() {
    String refusal = refusal(new FakeFunctions().has("malloc"), Origin.NAMED);
    assertTrue(refusal.contains("dnnl_sgemm, cblas_sgemm and sgemm_"), refusal);
  }

  @Test
  void theReferenceBlasIsNotTakenUnasked() {
    for (String function : new String[] {"cblas_sgemm", "sgemm_"}) {
      String refusal = refusal(new FakeFunctions().has(function), Origin.FOUND);
      assertTrue(refusal.contains("most likely the reference BLAS"), refusal);
    }
  }

  @Test
  void aRealLibraryComputesWhatLoopsDo() {
    for (Path file : RealBlas.require()) {
      BlasReport<BlasLibrary> report = BlasLibraries.of(file);
      assertEquals("", report.problem());
      BlasLibrary library = report.library().orElseThrow();
      for (int threads = 1; threads <= 2; threads++) {
        library.setThreads(threads);
        for (int size : new int[] {1, 2, 17, 130}) {
          assertLikeLoops(library, size, size + 1, size + 2);
          assertLikeLoops(library, size, 1, 40);
          assertLikeLoops(library, 1, size, 3);
        }
      }
      assertThrows(
          IllegalArgumentException.class,
          () -> library.product(dense(2, 3, 1), dense(2, 3, 1), 0, dense(2, 3, 1)));
    }
  }

  @Test
  void aRealLibrarysProductLeavesNothingOnTheHeap() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (Path file : RealBlas.require()) {
      BlasLibrary library = BlasLibraries.of(file).library().orElseThrow();
      Runnable product = library.product(dense(8, 8, 1), dense(8, 8, 2), 0, dense(8, 8, 3));
      long least = Long.MAX_VALUE;
      int count = 10_000;
      for (int round = 0; round < 20 && least > 0; round++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < count; i++) {
          product.run();
        }
        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
      }
      assertTrue(least < count, least + " bytes in " + count + " calls");
    }
  }

  private static void assertLikeLoops(BlasLibrary library, int m, int n, int k) {
    for (int way = 0; way < 4; way++) {
      BlasMatrix a = way % 2 == 0 ? dense(m, k, 1) : transposed(dense(k, m, 1));
      BlasMatrix b = way / 2 == 0 ? dense(k, n, 2) : transposed(dense(n, k, 2));
      for (float beta : new float[] {0, 1, -0.5f}) {
        BlasMatrix expected = dense(m, n, 3);
        BlasMatrix actual = dense(m, n, 3);
        new LoopBlas().product(a, b, beta, expected).run();
        library.product(a, b, beta, actual).run();
        for (int i = 0; i < m * n; i++) {
          float right = expected.array()[i];
          assertEquals(right, actual.array()[i], 1e-5 * Math.sqrt(k), library.description());
        }
      }
    }
  }

  private static BlasMatrix dense(int rows, int cols, long seed) {
    float[] x = new float[rows * cols];
    Random random = new Random(seed);
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextFloat() - 0.5f;
    }
    return new BlasMatrix(x, 0, rows, cols, cols, 1);
  }

  private static BlasMatrix transposed(BlasMatrix x) {
    return new BlasMatrix(x.array(), x.offset(), x.cols(), x.rows(), x.colStride(), x.rowStride());
  }
}

package io.hypertape.autodiff.cpu.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.backend.BackendSettings.Simd;
import io.hypertape.kernels.KernelMode;
import io.hypertape.kernels.Kernels;
import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.lanes.Strided;
import io.hypertape.kernels.lanes.UnaryOp;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Kernels that run by their scalar twins until vectors are compiled. */
@Isolated("gates are those of the whole JVM")
class GatedKernelsTest {

  private static final String THREAD = "hypertape-compiles";

  private static boolean compiles() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals(THREAD));
  }

  private static void awaitEnd() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (compiles() && System.nanoTime() < end) {
      Thread.sleep(10);
    }
    assertFalse(compiles());
  }

  private static Kernels open() {
    return new GatedKernels(Kernels.open(KernelMode.VECTOR, 1));
  }

  private static float[] normal(int n) {
    Random random = new Random(1);
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return x;
  }

  private static Call tanh(Kernels kernels, int n) {
    Strided all = Strided.dense(normal(n), 0, new int[] {n});
    Strided out = Strided.dense(new float[n], 0, new int[] {n});
    return kernels.elementwise().unary(UnaryOp.TANH, all, out);
  }

  private static int waiting() {
    return Gates.JVM.progress().operations() - Gates.JVM.progress().compiled();
  }

  @Test
  void theThreadEndsWhenAllIsCompiled() throws InterruptedException {
    try (Kernels kernels = open()) {
      int before = Gates.JVM.progress().operations();
      int waiting = waiting();
      Call call = tanh(kernels, 2000);
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
      tanh(kernels, 2000).run();
      assertEquals(before + 1, Gates.JVM.progress().operations());
      while (waiting() > waiting && System.nanoTime() < end) {
        call.run();
      }
      // Fewer if what another test has left is compiled, too.
      assertTrue(waiting() <= waiting);
      awaitEnd();
    }
    try (Kernels later = open()) {
      int waiting = waiting();
      tanh(later, 2000).run();
      assertEquals(waiting, waiting(), "it is compiled already");
    }
  }

  @Test
  void theThreadEndsWithTheKernels() throws InterruptedException {
    try (Kernels kernels = open()) {
      float[] x = normal(300 * 300);
      Matrix a = Matrix.dense(x, 0, 300, 300);
      Call product =
          kernels.products().gemm(a, a, 0, Matrix.dense(new float[300 * 300], 0, 300, 300));
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
      while (!compiles() && System.nanoTime() < end) {
        product.run();
      }
      assertTrue(compiles());
    }
    awaitEnd();
  }

  @Test
  void bitsAreTheSameBeforeAndAfter() {
    float[] x = normal(70 * 90);
    Matrix a = Matrix.dense(x, 0, 70, 90);
    float[] expected = new float[70 * 70];
    try (Kernels scalar = Kernels.open(KernelMode.SCALAR, 1)) {
      scalar.products().gemm(a, a.transposed(), 0, Matrix.dense(expected, 0, 70, 70)).run();
    }
    try (Kernels kernels = open()) {
      float[] out = new float[70 * 70];
      int before = Gates.JVM.progress().operations();
      int waiting = waiting();
      var product = kernels.products().gemm(a, a.transposed(), 0, Matrix.dense(out, 0, 70, 70));
      assertEquals(before + 1, Gates.JVM.progress().operations());
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
      while (waiting() > waiting && System.nanoTime() < end) {
        Arrays.fill(out, -1);
        product.run();
        assertEquals(Arrays.hashCode(expected), Arrays.hashCode(out));
      }
      assertTrue(waiting() <= waiting);
      product.run();
      assertEquals(Arrays.hashCode(expected), Arrays.hashCode(out));
    }
  }

  @Test
  void aSystemPropertySaysWhetherThereAreTwins() {
    // By the build's flags.
    assertEquals("vector", System.getProperty("hypertape.simd"));
    for (Simd simd : Simd.values()) {
      try (Kernels kernels = GatedKernels.open(simd, 1)) {
        assertEquals(simd != Simd.SCALAR, kernels.selection().vectorized());
        assertFalse(kernels instanceof GatedKernels);
      }
    }
  }

  @Test
  void closedOnesGiveNoRooms() {
    Kernels kernels = open();
    kernels.close();
    kernels.close();
    var e = assertThrows(IllegalStateException.class, kernels::products);
    assertEquals("these kernels are closed", e.getMessage());
  }

  @Test
  void badOperandsAreRefusedAsEver() {
    try (Kernels kernels = open()) {
      Matrix a = Matrix.dense(new float[6], 0, 2, 3);
      Matrix c = Matrix.dense(new float[40], 0, 2, 20);
      var e =
          assertThrows(IllegalArgumentException.class, () -> kernels.products().gemm(a, a, 0, c));
      assertTrue(e.getMessage().contains("2 x 3"), e.getMessage());
    }
  }
}

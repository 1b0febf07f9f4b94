package io.hypertape.autodiff.cpu.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.backend.BackendSettings.Simd;
import io.hypertape.kernels.KernelMode;
import io.hypertape.kernels.Kernels;
import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.lanes.Strided;
import io.hypertape.kernels.lanes.UnaryOp;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Kernels that run by their scalar twins until vectors are compiled. */
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

  @Test
  void theThreadEndsWhenAllIsCompiled() throws InterruptedException {
    try (Kernels kernels = open()) {
      int before = Gates.JVM.progress().operations();
      float[] x = normal(2000);
      Strided all = Strided.dense(x, 0, new int[] {2000});
      Strided out = Strided.dense(new float[2000], 0, new int[] {2000});
      kernels.elementwise().unary(UnaryOp.TANH, all, out).run();
      kernels.elementwise().unary(UnaryOp.TANH, all, out).run();
      assertEquals(before + 1, Gates.JVM.progress().operations());
      awaitEnd();
      assertEquals(new KernelProgress(before + 1, before + 1), Gates.JVM.progress());
    }
    try (Kernels later = open()) {
      float[] x = normal(2000);
      Strided all = Strided.dense(x, 0, new int[] {2000});
      later
          .elementwise()
          .unary(UnaryOp.TANH, all, Strided.dense(new float[2000], 0, all.shape()))
          .run();
      assertFalse(compiles(), "it is compiled already");
    }
  }

  @Test
  void theThreadEndsWithTheKernels() throws InterruptedException {
    try (Kernels kernels = open()) {
      float[] x = normal(300 * 300);
      Matrix a = Matrix.dense(x, 0, 300, 300);
      kernels.products().gemm(a, a, 0, Matrix.dense(new float[300 * 300], 0, 300, 300)).run();
    }
    awaitEnd();
  }

  @Test
  void bitsAreTheSameBeforeAndAfter() throws InterruptedException {
    float[] x = normal(70 * 90);
    Matrix a = Matrix.dense(x, 0, 70, 90);
    float[] expected = new float[70 * 70];
    try (Kernels scalar = Kernels.open(KernelMode.SCALAR, 1)) {
      scalar.products().gemm(a, a.transposed(), 0, Matrix.dense(expected, 0, 70, 70)).run();
    }
    try (Kernels kernels = open()) {
      float[] out = new float[70 * 70];
      var product = kernels.products().gemm(a, a.transposed(), 0, Matrix.dense(out, 0, 70, 70));
      while (Gates.JVM.progress().compiled() < Gates.JVM.progress().operations()) {
        Arrays.fill(out, -1);
        product.run();
        assertEquals(Arrays.hashCode(expected), Arrays.hashCode(out));
        Thread.sleep(1);
      }
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

package io.hypertape.autodiff.cpu.start;

import io.hypertape.autodiff.backend.BackendSettings.Simd;
import io.hypertape.kernels.KernelMode;
import io.hypertape.kernels.KernelSelection;
import io.hypertape.kernels.Kernels;
import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.Matrix;
import java.util.Arrays;

/**
 * What the kernels really do on this machine: times a matrix product with vector kernels and with
 * scalar ones.
 *
 * @param selection what was chosen and why
 * @param vectorGflops 10⁹ floating-point operations a second of the vector kernels on one thread; 0
 *     if they cannot run
 * @param scalarGflops the same of the scalar kernels
 * @param compileSeconds how long the product ran by its scalar twin before vectors were compiled; 0
 *     if they were at once, or cannot run
 */
public record KernelCheck(
    KernelSelection selection, double vectorGflops, double scalarGflops, double compileSeconds) {

  private static final int SIZE = 192;
  private static final long SHORTEST = 200_000_000;
  private static final long QUIET = 400_000_000;
  private static final long LONGEST = 3_000_000_000L;

  /** How long vector kernels may stay slow: on a busy machine the JVM compiles late. */
  private static final long PATIENCE = 30_000_000_000L;

  /** Vector kernels that are compiled to machine vectors are at least this much faster. */
  private static final double INTRINSIC_RATIO = 2;

  /**
   * Measures, for one to six seconds, most of which the JVM takes to compile; longer where the
   * vector kernels stay slow, which is not said of them in a hurry.
   *
   * @return the result
   */
  public static KernelCheck measure() {
    double scalar;
    try (Kernels kernels = Kernels.open(KernelMode.SCALAR, 1)) {
      scalar = Speed.of(kernels, 0).gflops;
    }
    // Its warning is for those who are not shown what was chosen.
    KernelSelection selection = KernelLadder.choose(Simd.AUTO, 1);
    if (!selection.vectorized()) {
      return new KernelCheck(selection, 0, scalar, 0);
    }
    try (Kernels kernels = GatedKernels.open(Simd.AUTO, 1)) {
      Speed vector = Speed.of(kernels, INTRINSIC_RATIO * scalar);
      return new KernelCheck(selection, vector.gflops, scalar, vector.compileNanos * 1e-9);
    }
  }

  /**
   * Whether vector kernels run as machine instructions, judged by their speed.
   *
   * @return true if they are at least twice as fast as scalar ones
   */
  public boolean intrinsic() {
    return vectorGflops >= INTRINSIC_RATIO * scalarGflops;
  }

  /** The best call's, and the time that its gate was closed. */
  private record Speed(double gflops, long compileNanos) {

    /** Goes on until nothing gets faster for a while. */
    static Speed of(Kernels kernels, double expected) {
      Call product = product(kernels);
      long best = Long.MAX_VALUE;
      long begin = System.nanoTime();
      long improved = begin;
      long compiled = begin;
      long now = begin;
      while (now - begin < SHORTEST
          || now - begin < LONGEST && now - improved < QUIET
          || now - begin < PATIENCE && perNanosecond(best) < expected) {
        product.run();
        long end = System.nanoTime();
        if (end - now < 0.9 * best) {
          improved = end;
        }
        if (kernels instanceof GatedKernels && !Gates.JVM.progress().isDone()) {
          compiled = end;
        }
        best = Math.min(best, end - now);
        now = end;
      }
      return new Speed(perNanosecond(best), compiled - begin);
    }
  }

  private static Call product(Kernels kernels) {
    float[] a = new float[SIZE * SIZE];
    float[] b = new float[SIZE * SIZE];
    Arrays.fill(a, 0.5f);
    Arrays.fill(b, 0.25f);
    return kernels
        .products()
        .gemm(
            Matrix.dense(a, 0, SIZE, SIZE),
            Matrix.dense(b, 0, SIZE, SIZE),
            0,
            Matrix.dense(new float[SIZE * SIZE], 0, SIZE, SIZE));
  }

  private static double perNanosecond(long time) {
    return 2.0 * SIZE * SIZE * SIZE / time;
  }
}

package io.hypertape.kernels;

import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.Matrix;

/**
 * What the kernels really do on this machine: times a matrix product with vector kernels and with
 * scalar ones.
 *
 * @param selection what was chosen and why
 * @param vectorGflops 10⁹ floating-point operations a second of the vector kernels on one thread; 0
 *     if they cannot run
 * @param scalarGflops the same of the scalar kernels
 */
public record KernelCheck(KernelSelection selection, double vectorGflops, double scalarGflops) {

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
      scalar = gflops(kernels, 0);
    }
    try (Kernels kernels = KernelLadder.openQuietly(KernelMode.AUTO, 1)) {
      boolean vectorized = kernels.selection().vectorized();
      return new KernelCheck(
          kernels.selection(), vectorized ? gflops(kernels, INTRINSIC_RATIO * scalar) : 0, scalar);
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

  /** The best call, once compiled: goes on until nothing gets faster for a while. */
  private static double gflops(Kernels kernels, double expected) {
    float[] a = new float[SIZE * SIZE];
    float[] b = new float[SIZE * SIZE];
    float[] c = new float[SIZE * SIZE];
    java.util.Arrays.fill(a, 0.5f);
    java.util.Arrays.fill(b, 0.25f);
    Call product =
        kernels
            .products()
            .gemm(
                Matrix.dense(a, 0, SIZE, SIZE),
                Matrix.dense(b, 0, SIZE, SIZE),
                0,
                Matrix.dense(c, 0, SIZE, SIZE));
    long best = Long.MAX_VALUE;
    long begin = System.nanoTime();
    long improved = begin;
    long now = begin;
    while (now - begin < SHORTEST
        || now - begin < LONGEST && now - improved < QUIET
        || now - begin < PATIENCE && perNanosecond(best) < expected) {
      product.run();
      long end = System.nanoTime();
      if (end - now < 0.9 * best) {
        improved = end;
      }
      best = Math.min(best, end - now);
      now = end;
    }
    return perNanosecond(best);
  }

  private static double perNanosecond(long time) {
    return 2.0 * SIZE * SIZE * SIZE / time;
  }
}

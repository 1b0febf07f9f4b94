package io.hypertape.kernels;

import io.hypertape.kernels.lanes.VectorWidth;

/**
 * Which kernels were chosen, and why.
 *
 * @param vectorized whether they are vector kernels
 * @param laneBits width of a vector register in bits; 32 for scalar kernels
 * @param threads threads that large calls use, the caller's included; 1 for scalar kernels
 * @param reason one line; where scalar kernels were a fallback it names what would mend it
 */
public record KernelSelection(boolean vectorized, int laneBits, int threads, String reason) {

  private static final String MODULE = "jdk.incubator.vector";
  private static final int MOST_THREADS = 1024;

  /**
   * The kernels of a mode.
   *
   * @param mode which kernels are asked for
   * @param threads as many as large calls may use, the caller's included; at least 1
   * @return the selection
   * @throws IllegalStateException if mode is VECTOR and the Vector API's module is not resolved
   * @throws IllegalArgumentException if threads is not 1 to 1024
   */
  public static KernelSelection of(KernelMode mode, int threads) {
    if (threads < 1 || threads > MOST_THREADS) {
      throw new IllegalArgumentException(
          "threads is " + threads + "; 1 to " + MOST_THREADS + " fit");
    }
    if (mode == KernelMode.SCALAR) {
      return new KernelSelection(false, Float.SIZE, 1, "scalar kernels, as asked");
    }
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      throw new IllegalStateException(
          "no vector kernels: module "
              + MODULE
              + " is not resolved; start java with --add-modules "
              + MODULE);
    }
    int bits = VectorWidth.BITS;
    return new KernelSelection(true, bits, threads, "vector kernels, " + bits + " bits");
  }

  /**
   * The same kernels for another reason.
   *
   * @param other one line
   * @return the selection with that reason
   */
  public KernelSelection because(String other) {
    return new KernelSelection(vectorized, laneBits, threads, other);
  }
}

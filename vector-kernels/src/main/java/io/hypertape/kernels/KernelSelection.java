package io.hypertape.kernels;

/**
 * Which kernels were chosen, and why.
 *
 * @param vectorized whether they are vector kernels
 * @param laneBits width of a vector register in bits; 32 for scalar kernels
 * @param threads threads that large calls use, the caller's included
 * @param reason one line; where scalar kernels were a fallback it names what would mend it
 */
public record KernelSelection(boolean vectorized, int laneBits, int threads, String reason) {

  /**
   * What {@link Kernels#open} chooses, without a warning: for those who show it themselves.
   *
   * @param mode which kernels are asked for
   * @param threads as many as large calls may use, the caller's included; at least 1
   * @return the selection
   * @throws IllegalStateException if mode is VECTOR and there are none; says why
   * @throws IllegalArgumentException if threads is not 1 to 1024
   */
  public static KernelSelection of(KernelMode mode, int threads) {
    return KernelLadder.choose(mode, threads);
  }
}

package io.hypertape.autodiff;

/** Which backend a {@link Session} is asked to use. */
public enum Device {
  /** CUDA where it works, else the CPU; {@link Session#description()} says which and why. */
  AUTO,
  /**
   * The vector kernels, or their scalar twins where those are faster; {@link SessionOptions.Simd}
   * insists on one of them.
   */
  CPU,
  /** An NVIDIA GPU, or an error that says why not. */
  CUDA,
  /** Plain loops, float64 unless asked otherwise: slow, and the standard the others are held to. */
  REFERENCE
}

package io.hypertape.autodiff;

/** Which backend a {@link Session} is asked to use. */
public enum Device {
  /** CUDA where it works, else the CPU; {@link Session#description()} says which and why. */
  AUTO,
  /** The vector kernels, or their scalar twins where SIMD is missing. */
  CPU,
  /** An NVIDIA GPU, or an error that says why not. */
  CUDA,
  /** Plain loops, float64 unless asked otherwise: slow, and the standard the others are held to. */
  REFERENCE
}

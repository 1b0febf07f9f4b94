package io.hypertape.kernels;

/** Which kernels {@link Kernels#open} shall give. */
public enum KernelMode {
  /**
   * Vector kernels where the JVM compiles them to vector instructions, else scalar ones: the
   * selection says why, and a warning through {@link System.Logger}, once a JVM. The system
   * property {@code hypertape.simd} (auto, vector or scalar) makes it stand for another mode.
   */
  AUTO,
  /**
   * Vector kernels, or an exception that says why they would be slower than scalar ones and what
   * mends that. On a JVM of which nothing is known they are tried.
   */
  VECTOR,
  /** Scalar kernels. */
  SCALAR
}

package io.hypertape.kernels;

/** Which kernels {@link Kernels#open} shall give. */
public enum KernelMode {
  /** Vector kernels, however slow the JVM may make them. */
  VECTOR,
  /** Scalar kernels. */
  SCALAR
}

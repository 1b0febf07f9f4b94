package io.hypertape.kernels;

/** Which kernels {@link Kernels#open} shall give. */
public enum KernelMode {
  /** Vector kernels where they can run, else scalar ones; the selection says why. */
  AUTO,
  /** Vector kernels, or an exception that says why not. */
  VECTOR,
  /** Scalar kernels. */
  SCALAR
}

package io.hypertape.autodiff.backend;

/** Distributions of random numbers. */
public enum Distribution {
  /** Uniform on [0, 1), multiples of 2^−24. */
  UNIFORM,
  /** Normal with mean 0 and deviation 1 (Box and Muller's transform). */
  NORMAL
}

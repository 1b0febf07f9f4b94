package io.hypertape.autodiff;

/** Floating-point type of a session's tensors. */
public enum Precision {
  /** float64 on the reference backend, float32 on the others. */
  DEFAULT,
  /** IEEE 754 binary32. */
  FLOAT32,
  /**
   * float32, whose matrix products the cuda backend may round to TF32 (10 bits of mantissa) on
   * their way in, which is several times faster; plain float32 on the others.
   */
  TF32,
  /** IEEE 754 binary64; the reference backend only. */
  FLOAT64
}

package io.hypertape.autodiff;

/** Floating-point type of a session's tensors. */
public enum Precision {
  /** float64 on the reference backend, float32 on the others. */
  DEFAULT,
  /** IEEE 754 binary32. */
  FLOAT32,
  /** IEEE 754 binary64; the reference backend only. */
  FLOAT64
}

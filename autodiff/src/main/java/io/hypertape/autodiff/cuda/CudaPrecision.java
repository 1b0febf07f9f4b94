package io.hypertape.autodiff.cuda;

/** How matrix products are computed. All else is float32. */
public enum CudaPrecision {
  /** In float32. */
  FLOAT32,
  /** Factors rounded to TF32's 10 bits of mantissa, on tensor cores; sums in float32. */
  TF32
}

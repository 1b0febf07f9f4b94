package io.hypertape.autodiff.cuda;

import io.hypertape.bindings.cuda.MatmulPrecision;

/**
 * How products of matrices, convolutions and recurrent layers are computed. All else is float32.
 */
public enum CudaPrecision {
  /** In float32. */
  FLOAT32,
  /** Factors rounded to TF32's 10 bits of mantissa, on tensor cores; sums in float32. */
  TF32;

  /** The same for the bindings. */
  MatmulPrecision ofProducts() {
    return this == TF32 ? MatmulPrecision.TF32 : MatmulPrecision.FP32;
  }
}

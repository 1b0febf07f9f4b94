package io.hypertape.bindings.cuda;

import io.hypertape.bindings.generated.cublas.Cublas;

/** What a product of float32 matrices may be computed in. */
public enum MatmulPrecision {
  /** Full float32. */
  FP32(Cublas.CUBLAS_DEFAULT_MATH()),
  /** Inputs rounded to 10 bits of mantissa on the way into tensor cores: faster, less exact. */
  TF32(Cublas.CUBLAS_TF32_TENSOR_OP_MATH());

  private final int mathMode;

  MatmulPrecision(int mathMode) {
    this.mathMode = mathMode;
  }

  int mathMode() {
    return mathMode;
  }
}

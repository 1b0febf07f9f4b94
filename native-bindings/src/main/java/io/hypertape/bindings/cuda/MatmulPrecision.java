package io.hypertape.bindings.cuda;

import io.hypertape.bindings.generated.cublas.Cublas;
import io.hypertape.bindings.generated.cudnn.Cudnn;

/** What products of float32 numbers may be computed in. */
public enum MatmulPrecision {
  /** Full float32. */
  FP32(Cublas.CUBLAS_DEFAULT_MATH(), Cudnn.CUDNN_FMA_MATH()),
  /** Inputs rounded to 10 bits of mantissa on the way into tensor cores: faster, less exact. */
  TF32(Cublas.CUBLAS_TF32_TENSOR_OP_MATH(), Cudnn.CUDNN_DEFAULT_MATH());

  private final int mathMode;
  private final int cudnnMathType;

  MatmulPrecision(int mathMode, int cudnnMathType) {
    this.mathMode = mathMode;
    this.cudnnMathType = cudnnMathType;
  }

  int mathMode() {
    return mathMode;
  }

  /** cuDNN's default allows TF32 for float32; only FMA does not. */
  int cudnnMathType() {
    return cudnnMathType;
  }
}

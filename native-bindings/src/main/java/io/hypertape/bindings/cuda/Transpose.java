package io.hypertape.bindings.cuda;

import io.hypertape.bindings.generated.cublas.Cublas;

/** Whether a matrix is taken as it lies or transposed. */
public enum Transpose {
  /** As it lies. */
  NO(Cublas.CUBLAS_OP_N()),
  /** Transposed. */
  YES(Cublas.CUBLAS_OP_T());

  private final int operation;

  Transpose(int operation) {
    this.operation = operation;
  }

  int operation() {
    return operation;
  }
}

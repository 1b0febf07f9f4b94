package io.hypertape.benchmarks;

import io.hypertape.kernels.Kernels;
import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.Matrix;

/** Our products of a {@link GemmShape}. */
public final class GemmCalls {

  private GemmCalls() {}

  /**
   * c = a·b.
   *
   * @param kernels the kernels
   * @param s the shape
   * @param a the first factor, as it lies
   * @param b the second factor, as it lies
   * @param c overwritten
   * @return the product
   */
  public static Call of(Kernels kernels, GemmShape s, float[] a, float[] b, float[] c) {
    Matrix left = Matrix.dense(a, 0, s.transA() ? s.k() : s.m(), s.lda());
    Matrix right = Matrix.dense(b, 0, s.transB() ? s.n() : s.k(), s.ldb());
    return kernels
        .products()
        .gemm(
            s.transA() ? left.transposed() : left,
            s.transB() ? right.transposed() : right,
            0,
            Matrix.dense(c, 0, s.m(), s.n()));
  }
}

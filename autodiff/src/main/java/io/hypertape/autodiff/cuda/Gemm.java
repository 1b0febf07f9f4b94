package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.backend.View;
import io.hypertape.bindings.cuda.CublasHandle;
import io.hypertape.bindings.cuda.Transpose;

/**
 * Matrix products by cuBLAS, whose matrices are column-major: a row-major one is its transpose
 * there, so c = a·b is had as cᵀ = bᵀ·aᵀ without a copy.
 */
final class Gemm {

  private final CublasHandle cublas;
  private final Copies copies;
  private final Factor left = new Factor(Scratch.Slot.FIRST_OPERAND);
  private final Factor right = new Factor(Scratch.Slot.SECOND_OPERAND);

  Gemm(CublasHandle cublas, Copies copies) {
    this.cublas = cublas;
    this.copies = copies;
  }

  void run(View a, View b, double beta, View c) {
    int m = c.shape()[0];
    int n = c.shape()[1];
    int k = a.shape()[1];
    if (m == 0 || n == 0) {
      return;
    }
    long out = CudaStorage.address(c);
    if (k == 0) {
      scaleOnly(beta, out, m * n);
      return;
    }
    left.set(a);
    right.set(b);
    cublas.sgemm(
        right.transpose,
        left.transpose,
        n,
        m,
        k,
        1,
        right.address,
        right.leading,
        left.address,
        left.leading,
        (float) beta,
        out,
        n);
  }

  /**
   * c = op(a)·op(b) + beta·c for row-major matrices with elements; the steps are those between
   * rows.
   */
  void run(
      Transpose ta,
      Transpose tb,
      int m,
      int n,
      int k,
      long a,
      int aStep,
      long b,
      int bStep,
      float beta,
      long c,
      int cStep) {
    cublas.sgemm(tb, ta, n, m, k, 1, b, bStep, a, aStep, beta, c, cStep);
  }

  /**
   * The same for several products of one form at once, from one to the next so many elements apart.
   */
  void runBatch(
      Transpose ta,
      Transpose tb,
      int m,
      int n,
      int k,
      long a,
      int aStep,
      long aStride,
      long b,
      int bStep,
      long bStride,
      float beta,
      long c,
      int cStep,
      long cStride,
      int count) {
    if (count == 1) {
      run(ta, tb, m, n, k, a, aStep, b, bStep, beta, c, cStep);
    } else {
      cublas.sgemmBatch(
          tb, ta, n, m, k, 1, b, bStep, bStride, a, aStep, aStride, beta, c, cStep, cStride, count);
    }
  }

  /** A product of nothing is 0. */
  private void scaleOnly(double beta, long out, int size) {
    if (beta == 0) {
      copies.fill(0, out, size);
    } else if (beta != 1) {
      copies.scale(beta, out, size);
    }
  }

  /** How cuBLAS reads a factor; reused from call to call. */
  private final class Factor {

    private final Scratch.Slot slot;
    private Transpose transpose = Transpose.NO;
    private long address;
    private int leading;

    Factor(Scratch.Slot slot) {
      this.slot = slot;
    }

    /** Seen column-major, [rows, columns] is [columns, rows] if its rows are dense. */
    void set(View matrix) {
      int rows = matrix.shape()[0];
      int columns = matrix.shape()[1];
      int rowStep = matrix.strides()[0];
      int columnStep = matrix.strides()[1];
      if ((columnStep == 1 || columns == 1) && (rows == 1 || rowStep >= columns)) {
        use(Transpose.NO, CudaStorage.address(matrix), rows == 1 ? columns : rowStep);
      } else if ((rowStep == 1 || rows == 1) && (columns == 1 || columnStep >= rows)) {
        use(Transpose.YES, CudaStorage.address(matrix), columns == 1 ? rows : columnStep);
      } else {
        use(Transpose.NO, copies.dense(matrix, slot), columns);
      }
    }

    private void use(Transpose how, long where, int step) {
      transpose = how;
      address = where;
      leading = step;
    }
  }
}

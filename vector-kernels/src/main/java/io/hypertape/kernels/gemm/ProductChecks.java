package io.hypertape.kernels.gemm;

import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Matrix;

/** Whether operands of {@link Products} fit each other. */
final class ProductChecks {

  private ProductChecks() {}

  static void product(Matrix a, Matrix b, Matrix c) {
    b.ofShape("b", a.cols(), b.cols());
    c.ofShape("c", a.rows(), b.cols()).writable("c");
  }

  static void gradient(Matrix g, Matrix y, Matrix out, Floats bias) {
    g.withDenseRows("g");
    y.ofShape("y", g.rows(), g.cols()).withDenseRows("y");
    out.ofShape("out", g.rows(), g.cols()).writable("out");
    bias.ofLength("bias", g.cols());
  }
}

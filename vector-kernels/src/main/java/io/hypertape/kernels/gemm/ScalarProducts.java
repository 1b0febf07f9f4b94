package io.hypertape.kernels.gemm;

import io.hypertape.kernels.elementwise.ColumnSums;
import io.hypertape.kernels.elementwise.Elementwise;
import io.hypertape.kernels.elementwise.ScalarColumns;
import io.hypertape.kernels.elementwise.ScalarElementwise;
import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.DenseActivation;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Matrix;
import java.util.Arrays;
import java.util.Objects;

/** Matrix products in plain loops; the products of spans of k are added in double precision. */
public final class ScalarProducts implements Products {

  /** Longest k that is summed in single precision. */
  private static final int SPAN = 512;

  private final DenseGradient.Means gradients;
  private float[] span = {};
  private double[] totals = {};

  /**
   * Products without threads.
   *
   * @param elementwise the scalar ones
   */
  public ScalarProducts(Elementwise elementwise) {
    gradients =
        new DenseGradient.Means(
            ScalarElementwise::row, new ColumnSums(ScalarColumns::add), elementwise);
  }

  @Override
  public Call gemm(Matrix a, Matrix b, float beta, Matrix c) {
    ProductChecks.product(a, b, c);
    if (a.cols() > SPAN && totals.length < c.cols()) {
      span = new float[c.cols()];
      totals = new double[c.cols()];
    }
    return () -> product(a, b, beta, c);
  }

  @Override
  public Call dense(DenseActivation activation, Matrix a, Matrix b, Floats bias, Matrix c) {
    Objects.requireNonNull(activation, "activation");
    Call product = gemm(a, b, 0, c);
    bias.ofLength("bias", c.cols());
    return () -> {
      product.run();
      for (int i = 0; i < c.rows(); i++) {
        for (int j = 0; j < c.cols(); j++) {
          int at = c.offset() + i * c.rowStride() + j;
          float sum = c.array()[at] + bias.array()[bias.offset() + j];
          c.array()[at] = activation.of(sum);
        }
      }
    };
  }

  @Override
  public Call denseGrad(DenseActivation activation, Matrix g, Matrix y, Matrix out, Floats bias) {
    return gradients.call(Objects.requireNonNull(activation, "activation"), g, y, out, bias);
  }

  private void product(Matrix a, Matrix b, float beta, Matrix c) {
    float[] out = c.array();
    int n = c.cols();
    int k = a.cols();
    for (int i = 0; i < c.rows(); i++) {
      int at = c.offset() + i * c.rowStride();
      for (int j = 0; j < n; j++) {
        out[at + j] = beta == 0 ? 0 : beta * out[at + j];
      }
      if (k <= SPAN) {
        add(a, i, b, 0, k, out, at);
      } else {
        addSpans(a, i, b, out, at);
      }
    }
  }

  private void addSpans(Matrix a, int row, Matrix b, float[] c, int cOff) {
    int n = b.cols();
    for (int j = 0; j < n; j++) {
      totals[j] = c[cOff + j];
    }
    for (int p = 0; p < a.cols(); p += SPAN) {
      Arrays.fill(span, 0, n, 0);
      add(a, row, b, p, Math.min(SPAN, a.cols() - p), span, 0);
      for (int j = 0; j < n; j++) {
        totals[j] += span[j];
      }
    }
    for (int j = 0; j < n; j++) {
      c[cOff + j] = (float) totals[j];
    }
  }

  /** Adds to a row of c the products of a row of a, one row of b after the other. */
  private static void add(Matrix a, int row, Matrix b, int first, int some, float[] c, int cOff) {
    // In locals: each element of c that is written could be one of the fields, for all that the
    // compiler knows.
    float[] x = a.array();
    int xOff = a.offset() + row * a.rowStride();
    int xCol = a.colStride();
    float[] y = b.array();
    int yOff = b.offset();
    int yRow = b.rowStride();
    int yCol = b.colStride();
    int n = b.cols();
    for (int p = first; p < first + some; p++) {
      float factor = x[xOff + p * xCol];
      int at = yOff + p * yRow;
      for (int j = 0; j < n; j++) {
        c[cOff + j] += factor * y[at + j * yCol];
      }
    }
  }
}

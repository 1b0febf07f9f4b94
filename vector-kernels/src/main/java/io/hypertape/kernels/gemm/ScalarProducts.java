package io.hypertape.kernels.gemm;

import io.hypertape.kernels.elementwise.ColumnSums;
import io.hypertape.kernels.elementwise.ScalarColumns;
import io.hypertape.kernels.elementwise.ScalarElementwise;
import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.DenseActivation;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Matrix;
import java.util.Objects;

/** Matrix products on one thread without vectors: the same sums, in tiles. */
public final class ScalarProducts implements Products {

  private static final float[] NONE = {};

  private final DenseGradient.Means gradients;
  private final LongProduct.Room longRoom = new LongProduct.Room();
  private float[] room = NONE;

  /**
   * Products without threads.
   *
   * @param elementwise the scalar ones
   */
  public ScalarProducts(ScalarElementwise elementwise) {
    gradients = new DenseGradient.Means(elementwise, new ColumnSums(ScalarColumns::add));
  }

  @Override
  public Call gemm(Matrix a, Matrix b, float beta, Matrix c) {
    ProductChecks.product(a, b, c);
    int m = c.rows();
    int n = c.cols();
    int k = a.cols();
    if (m == 0 || n == 0) {
      return Call.NOTHING;
    }
    if (k > LongProduct.SPAN) {
      return new LongProduct(this, longRoom, a, b, beta, c);
    }
    ProductOrder order = ProductOrder.of(a, n);
    boolean dots = order == ProductOrder.DOTS;
    boolean apart = order == ProductOrder.APART && beta != 0 && k > ProductOrder.CHUNK;
    int size = dots ? ScalarTiles.dots(n) : apart ? m * n : 0;
    if (room.length < size) {
      room = new float[Math.max(size, 2 * room.length)];
    }
    float[] lanes = dots ? room : NONE;
    Matrix sums = apart ? Matrix.dense(room, 0, m, n) : c;
    return () -> {
      if (beta != 0 || k == 0) {
        ProductOrder.scale(beta, c);
      }
      int longest = dots ? ProductOrder.CHUNK : ProductOrder.longest(k);
      for (int p = 0; p < k; p += longest) {
        boolean add = p > 0 || beta != 0 && !apart;
        ScalarTiles.chunk(p, Math.min(longest, k - p), a, b, lanes, add, sums);
      }
      for (int i = 0; i < m && apart; i++) {
        for (int j = 0; j < n; j++) {
          c.array()[c.row(i) + j] += sums.array()[i * n + j];
        }
      }
    };
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
}

package io.hypertape.kernels.gemm;

import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.DenseActivation;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Matrix;

/**
 * Matrix products, and what dense layers add to them. Operands are checked when a call is made: an
 * {@link IllegalArgumentException} names one that does not fit the others. Results must not overlap
 * factors.
 */
public interface Products {

  /**
   * c = a·b + beta·c.
   *
   * @param a [m, k], transposed or not
   * @param b [k, n], transposed or not
   * @param beta 0 overwrites c, whatever it holds
   * @param c [m, n], its columns contiguous
   * @return the product
   */
  Call gemm(Matrix a, Matrix b, float beta, Matrix c);

  /**
   * c = activation(a·b + bias), a dense layer: the bias is added and the function applied to a few
   * rows at a time, as soon as they are computed. The bits are those of the product, the sum and
   * the function in turn.
   *
   * @param activation the function
   * @param a [m, k], transposed or not
   * @param b [k, n], transposed or not
   * @param bias [n]
   * @param c [m, n], its columns contiguous; written, not read
   * @return the layer
   */
  Call dense(DenseActivation activation, Matrix a, Matrix b, Floats bias, Matrix c);

  /**
   * out = g·activation′ and bias = the sums of out's columns, the derivatives of {@link #dense} by
   * its sums and by its bias, in one pass. The bits are those of the two in turn.
   *
   * @param activation the function
   * @param g [m, n], the cotangent, its columns contiguous
   * @param y [m, n], the layer's output, its columns contiguous
   * @param out [m, n], its columns contiguous; may be g
   * @param bias [n], written
   * @return both derivatives
   */
  Call denseGrad(DenseActivation activation, Matrix g, Matrix y, Matrix out, Floats bias);
}

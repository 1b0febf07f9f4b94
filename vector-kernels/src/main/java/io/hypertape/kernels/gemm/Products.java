package io.hypertape.kernels.gemm;

import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.DenseActivation;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Matrix;

/**
 * Matrix products, and what dense layers add to them. Operands are checked when a call is made: an
 * {@link IllegalArgumentException} names one that does not fit the others. Results must not overlap
 * factors.
 *
 * <p>The sums have one order, which depends on shapes and on how a lies, not on the processor or
 * the number of threads. k is cut into ⌈k/512⌉ chunks of equal length, the last one aside. A
 * chunk's sum begins with +0, to which fused multiply-adds add its products in their order; c
 * begins with beta·c, to which the chunks' sums are added in theirs. It is another order if c has
 * 64 rows or more, 16 columns or less, and a's rows or columns are contiguous:
 *
 * <ul>
 *   <li>the chunks' sums are added to each other, and what comes out to beta·c;
 *   <li>with 8 or 10 columns, k from 8 on and a's rows contiguous, its columns not, chunks have 512
 *       products, the last one fewer. A chunk's sum is that of eight, one of every eighth product;
 *       sums four apart are added, then those two and those one apart. It is added to beta·c.
 * </ul>
 *
 * <p>A k above 32,768 is cut into ⌈k/32768⌉ spans of equal length, the last one aside. Each is a
 * product of its own; these are added in their order to beta·c, in double precision, which is
 * rounded at the end.
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

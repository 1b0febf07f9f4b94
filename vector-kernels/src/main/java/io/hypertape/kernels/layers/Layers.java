package io.hypertape.kernels.layers;

import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Ints;
import io.hypertape.kernels.lanes.Matrix;

/**
 * Kernels of whole layers of a network. Operands are dense in row-major order unless said
 * otherwise; outputs overlap no input. That they fit each other is checked, with an {@link
 * IllegalArgumentException} that names the one that does not, before there is a call. Results do
 * not depend on the number of threads.
 */
public interface Layers {

  /**
   * Largest elements of windows, and where they are. NaN counts as largest; of equals the first in
   * row-major order is taken.
   *
   * @param s windows
   * @param x [planes, height, width]
   * @param y [planes, P, Q], written
   * @param index [planes, P, Q], written: row · width + column of the element taken
   * @return the call
   */
  Call maxPool(PoolingShape s, Floats x, Floats y, Ints index);

  /**
   * out = 0, then in each plane out[index[p, q]] += in[p, q], in row-major order of p and q. The
   * call throws an {@link IndexOutOfBoundsException} if an index is no element of a plane, and has
   * written nothing then.
   *
   * @param s windows
   * @param in [planes, P, Q]
   * @param index [planes, P, Q]
   * @param out [planes, height, width], written
   * @return the call
   */
  Call maxPoolScatter(PoolingShape s, Floats in, Ints index, Floats out);

  /**
   * In each plane out[p, q] = in[index[p, q]]; bad indices are refused as by {@link
   * #maxPoolScatter}.
   *
   * @param s windows
   * @param in [planes, height, width]
   * @param index [planes, P, Q]
   * @param out [planes, P, Q], written
   * @return the call
   */
  Call maxPoolGather(PoolingShape s, Floats in, Ints index, Floats out);

  /**
   * Means of windows, padding counted as zeros.
   *
   * @param s windows
   * @param in [planes, height, width]
   * @param out [planes, P, Q], written
   * @return the call
   */
  Call averagePool(PoolingShape s, Floats in, Floats out);

  /**
   * The adjoint of {@link #averagePool}: every element of a window gets its share.
   *
   * @param s windows
   * @param in [planes, P, Q]
   * @param out [planes, height, width], written
   * @return the call
   */
  Call averagePoolAdjoint(PoolingShape s, Floats in, Floats out);

  /**
   * Normalizes channels by mean and biased variance of the batch: y = γ·(x − mean)·invStd + β, with
   * invStd = 1/√(variance + eps) (Ioffe, Szegedy 2015, algorithm 1).
   *
   * @param o operands
   * @return the call
   */
  Call batchNorm(BatchNorm.Forward o);

  /**
   * First derivatives of {@link #batchNorm}, through mean and variance too.
   *
   * @param o operands
   * @return the call
   */
  Call batchNormGrad(BatchNorm.Backward o);

  /**
   * y = activation(x·scale + shift + z), with a channel's own scale and shift. The bits are those
   * of the product, the sums and the function in turn.
   *
   * @param o operands
   * @return the call
   */
  Call scaled(BatchNorm.Scaled o);

  /**
   * out[i, :] = table[index[i], :]. The call throws an {@link IndexOutOfBoundsException} if an
   * index is no row, and has written nothing then.
   *
   * @param table [rows, cols]
   * @param index a row for each row of out
   * @param out [n, cols], written
   * @return the call
   */
  Call gatherRows(Matrix table, Ints index, Matrix out);

  /**
   * out = 0, then out[index[i], :] += in[i, :], in the order of i; bad indices are refused as by
   * {@link #gatherRows}.
   *
   * @param in [n, cols]
   * @param index a row of out for each row of in
   * @param out [rows, cols], written
   * @return the call
   */
  Call scatterRows(Matrix in, Ints index, Matrix out);

  /**
   * out[j] = Σ x[i, j].
   *
   * @param x [rows, cols], whose rows may be apart
   * @param out [cols], written
   * @return the call
   */
  Call columnSums(Matrix x, Floats out);

  /**
   * A mask for dropout: out[i] = 1/keep where the uniform number i of the sequence is less than
   * keep, else 0. See {@link io.hypertape.kernels.lanes.Philox}. Each run takes another sequence.
   *
   * @param keep probability to keep an element, above 0 and at most 1
   * @param seed the key
   * @param counter the stream [1], which tells sequences under one seed apart, as an unsigned
   *     number; counted up by 1
   * @param out written
   * @return the call
   */
  Call dropoutMask(double keep, long seed, Ints counter, Floats out);

  /**
   * What an LSTM does at a step beside its products (Hochreiter, Schmidhuber 1997; forget gate of
   * Gers et al. 2000): i = σ(aᵢ), f = σ(a_f), g = tanh(a_g), o = σ(aₒ), newC = f·c + i·g, tanhC =
   * tanh(newC), h = o·tanhC.
   *
   * @param o operands
   * @return the call
   */
  Call lstmCell(Cells.Lstm o);

  /**
   * First derivatives of {@link #lstmCell}.
   *
   * @param o operands
   * @return the call
   */
  Call lstmCellGrad(Cells.LstmGrad o);

  /**
   * What a gated recurrent unit does at a step beside its products (Cho et al. 2014, in cuDNN's
   * form): r = σ(aᵣ + uᵣ), z = σ(a_z + u_z), inner = uₙ, n = tanh(aₙ + r·inner), newH = (1−z)·n +
   * z·h.
   *
   * @param o operands
   * @return the call
   */
  Call gruCell(Cells.Gru o);

  /**
   * First derivatives of {@link #gruCell}.
   *
   * @param o operands
   * @return the call
   */
  Call gruCellGrad(Cells.GruGrad o);
}

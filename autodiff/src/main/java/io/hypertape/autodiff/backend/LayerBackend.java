package io.hypertape.autodiff.backend;

import io.hypertape.checks.Nulls;
import io.hypertape.tensor.Convolution;
import io.hypertape.tensor.DType;
import io.hypertape.tensor.Pooling;

/**
 * The part of a {@link Backend} that whole layers of a network are made of. Each kernel is
 * optional: the methods of those that {@link #has} denies are never called. All views are
 * contiguous and of {@link Backend#dtype()} unless said otherwise.
 */
public interface LayerBackend {

  /**
   * Whether this backend has a kernel. What it has must all be there, and be recordable if it
   * records.
   *
   * @param kernel which one
   * @return false, unless an implementation says otherwise: its definition runs then
   */
  default boolean has(LayerKernel kernel) {
    Nulls.check(kernel, "has: kernel");
    return false;
  }

  /**
   * out = in − log Σ exp(in) along each row.
   *
   * @param in [rows, columns]
   * @param out [rows, columns], contiguous
   */
  default void logSoftmax(View in, View out) {
    throw LayerKernel.LOG_SOFTMAX.missing();
  }

  /**
   * out = cotangent − exp(output)·Σ cotangent along each row: the derivative of {@link
   * #logSoftmax}.
   *
   * @param cotangent [rows, columns]
   * @param output what logSoftmax gave, [rows, columns]
   * @param out [rows, columns], contiguous
   */
  default void logSoftmaxGrad(View cotangent, View output, View out) {
    throw LayerKernel.LOG_SOFTMAX.missing();
  }

  /**
   * out[i] = in[i, index[i]].
   *
   * @param in [rows, columns]
   * @param index [rows] of {@link DType#I32}, contiguous
   * @param out [rows], contiguous
   * @throws IndexOutOfBoundsException if an index is not a column; names row, index and columns
   */
  default void pick(View in, View index, View out) {
    throw LayerKernel.PICK.missing();
  }

  /**
   * out = 0, then out[i, index[i]] = in[i]: the adjoint of {@link #pick}.
   *
   * @param in [rows]
   * @param index [rows] of {@link DType#I32}, contiguous
   * @param out [rows, columns], contiguous
   * @throws IndexOutOfBoundsException if an index is not a column; names row, index and columns
   */
  default void scatter(View in, View index, View out) {
    throw LayerKernel.PICK.missing();
  }

  /**
   * Fills with random numbers: element i depends on seed, stream and i alone (Philox4x32-10, Salmon
   * et al., SC 2011), so every backend gives the same values up to rounding.
   *
   * @param distribution what to draw from
   * @param seed the key
   * @param stream tells sequences under one seed apart
   * @param out a contiguous view
   */
  default void random(Distribution distribution, long seed, long stream, View out) {
    throw LayerKernel.RANDOM.missing();
  }

  /**
   * One of the three products of a convolution; out is overwritten.
   *
   * @param pass which product; see there for operands
   * @param form strides, padding, dilation, groups
   * @param a first operand
   * @param b second operand
   * @param out result
   */
  default void convolution(ConvolutionPass pass, Convolution form, View a, View b, View out) {
    throw LayerKernel.CONVOLUTION.missing();
  }

  /**
   * Largest elements of windows, and where they are. NaN counts as largest; of equals the first in
   * row-major order is taken.
   *
   * @param form windows
   * @param x [N, C, H, W]
   * @param y [N, C, P, Q]
   * @param index I32 [N, C, P, Q], written: h·W + w of the element taken
   */
  default void maxPool(Pooling form, View x, View y, View index) {
    throw LayerKernel.MAX_POOL.missing();
  }

  /**
   * out[n, c, index[n, c, p, q]] += in[n, c, p, q], beginning from 0: the adjoint of {@link
   * #maxPoolGather}, and the derivative of {@link #maxPool}. Deterministic.
   *
   * @param form windows
   * @param in [N, C, P, Q]
   * @param index I32 [N, C, P, Q] as maxPool wrote it
   * @param out [N, C, H, W]
   */
  default void maxPoolScatter(Pooling form, View in, View index, View out) {
    throw LayerKernel.MAX_POOL.missing();
  }

  /**
   * out[n, c, p, q] = in[n, c, index[n, c, p, q]].
   *
   * @param form windows
   * @param in [N, C, H, W]
   * @param index I32 [N, C, P, Q] as maxPool wrote it
   * @param out [N, C, P, Q]
   */
  default void maxPoolGather(Pooling form, View in, View index, View out) {
    throw LayerKernel.MAX_POOL.missing();
  }

  /**
   * Means of windows, padding counted as zeros.
   *
   * @param form windows
   * @param in [N, C, H, W]
   * @param out [N, C, P, Q]
   */
  default void averagePool(Pooling form, View in, View out) {
    throw LayerKernel.AVERAGE_POOL.missing();
  }

  /**
   * The adjoint of {@link #averagePool}: every element of a window gets its share. Deterministic.
   *
   * @param form windows
   * @param in [N, C, P, Q]
   * @param out [N, C, H, W], overwritten
   */
  default void averagePoolAdjoint(Pooling form, View in, View out) {
    throw LayerKernel.AVERAGE_POOL.missing();
  }

  /**
   * Normalizes each channel by the batch's mean and (biased) variance: y = γ·(x − mean)·invStd + β,
   * with invStd = 1/√(variance + eps) (Ioffe, Szegedy 2015, algorithm 1).
   *
   * @param eps added to the variance
   * @param x [N, C, H, W]
   * @param gamma γ [C]
   * @param beta β [C]
   * @param y [N, C, H, W]
   * @param mean [C], written
   * @param invStd [C], written
   */
  default void batchNorm(
      double eps, View x, View gamma, View beta, View y, View mean, View invStd) {
    throw LayerKernel.BATCH_NORM.missing();
  }

  /**
   * First derivatives of {@link #batchNorm}, through mean and variance too.
   *
   * @param dy cotangent of y [N, C, H, W]
   * @param x [N, C, H, W]
   * @param gamma γ [C]
   * @param mean [C] as batchNorm wrote it
   * @param invStd [C] as batchNorm wrote it
   * @param dx cotangent of x [N, C, H, W], written
   * @param dGamma cotangent of γ [C], written
   * @param dBeta cotangent of β [C], written
   */
  default void batchNormGrad(
      View dy, View x, View gamma, View mean, View invStd, View dx, View dGamma, View dBeta) {
    throw LayerKernel.BATCH_NORM.missing();
  }

  /**
   * out[i, :] = table[index[i], :].
   *
   * @param table [rows, columns]
   * @param index I32 [n]
   * @param out [n, columns]
   * @throws IndexOutOfBoundsException if an index is not a row, as {@link #pick} does; names place,
   *     index and rows
   */
  default void gatherRows(View table, View index, View out) {
    throw LayerKernel.ROWS.missing();
  }

  /**
   * out = 0, then out[index[i], :] += in[i, :]: the adjoint of {@link #gatherRows}. Deterministic:
   * sums in the order of i.
   *
   * @param in [n, columns]
   * @param index I32 [n]
   * @param out [rows, columns]
   * @throws IndexOutOfBoundsException if an index is not a row
   */
  default void scatterRows(View in, View index, View out) {
    throw LayerKernel.ROWS.missing();
  }

  /**
   * Draws a mask for dropout: each element is 1/keep with probability keep, else 0. Element i
   * depends on seed, the counter's value and i alone: u(i) &lt; keep for the uniform number that
   * {@link #random} gives for this seed and the stream {@code counter[0]}, so every backend gives
   * the same mask. Then the counter is increased by one, on the device: a recorded step draws anew
   * at each replay.
   *
   * @param keep probability to keep an element, in (0, 1]
   * @param seed the key
   * @param counter I32 [1], read, then increased (as an unsigned number)
   * @param out any shape
   */
  default void dropoutMask(double keep, long seed, View counter, View out) {
    throw LayerKernel.DROPOUT_MASK.missing();
  }

  /**
   * Whether {@link #recurrent} can read one-hot inputs ({@link Recurrence#oneHot}).
   *
   * @return no, unless a backend says so
   */
  default boolean readsOneHot() {
    return false;
  }

  /**
   * Elements that {@link #recurrent} keeps for {@link #recurrentGrad}.
   *
   * @param form the layers
   * @return how many elements of the backend's type; at least 1
   */
  default int recurrentReserve(Recurrence form) {
    throw LayerKernel.RECURRENT.missing();
  }

  /**
   * Runs a stack of recurrent layers over a sequence.
   *
   * @param form the layers
   * @param in x [T, B, I] (one-hot: I32 [T·B], numbers of features), h₀ [L, B, H], for an LSTM c₀
   *     [L, B, H], then for each layer Wᵢₕ [G·H, inputsOf(layer)], Wₕₕ [G·H, H], bᵢₕ [G·H], bₕₕ
   *     [G·H], with G gates
   * @param out y [T, B, H], h_T [L, B, H], for an LSTM c_T [L, B, H], then the reserve [{@link
   *     #recurrentReserve}]
   */
  default void recurrent(Recurrence form, View[] in, View[] out) {
    throw LayerKernel.RECURRENT.missing();
  }

  /**
   * First derivatives of {@link #recurrent}.
   *
   * @param form the layers
   * @param in the cotangents of y, h_T and (LSTM) c_T, then what {@code recurrent} read, then y and
   *     the reserve as it wrote them
   * @param out cotangents of all that {@code recurrent} read, in its order, overwritten; that of a
   *     one-hot x, which has none, is left alone
   */
  default void recurrentGrad(Recurrence form, View[] in, View[] out) {
    throw LayerKernel.RECURRENT.missing();
  }
}

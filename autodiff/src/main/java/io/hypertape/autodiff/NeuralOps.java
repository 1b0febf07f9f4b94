package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.Recurrence;
import io.hypertape.checks.Nulls;
import io.hypertape.tensor.Convolution;
import io.hypertape.tensor.Pooling;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What layers of neural networks compute. All of it is differentiable to any order. Images are
 * [batch, channels, height, width], sequences [steps, batch, features].
 */
public final class NeuralOps {

  private NeuralOps() {}

  /**
   * What batch normalization gives.
   *
   * @param y the normalized input
   * @param mean of each channel over the batch [C]; not tracked
   * @param variance of each channel over the batch, biased [C]; not tracked
   */
  public record BatchNorm(Tensor y, Tensor mean, Tensor variance) {

    /** Checks that all is there. */
    public BatchNorm {
      Nulls.check(y, "batchNorm: y");
      Nulls.check(mean, "batchNorm: mean");
      Nulls.check(variance, "batchNorm: variance");
    }
  }

  /**
   * What a stack of recurrent layers gives.
   *
   * @param output of the last layer at every step [T, B, H]
   * @param hidden every layer's output after the last step [L, B, H]
   * @param cell every layer's cell state after the last step [L, B, H]; empty for a GRU, which has
   *     none
   */
  public record RecurrentResult(Tensor output, Tensor hidden, Optional<Tensor> cell) {

    /** Checks that all is there. */
    public RecurrentResult {
      Nulls.check(output, "recurrent layer: output");
      Nulls.check(hidden, "recurrent layer: hidden");
      Nulls.check(cell, "recurrent layer: cell");
    }
  }

  /**
   * Convolution (cross-correlation) of images with filters.
   *
   * @param x [N, C, H, W]
   * @param filters [K, C/groups, R, S]
   * @param form strides, padding, dilation, groups
   * @return [N, K, P, Q]
   */
  public static Tensor convolution(Tensor x, Tensor filters, Convolution form) {
    Nulls.check(x, "convolution: x");
    Nulls.check(filters, "convolution: filters");
    Nulls.check(form, "convolution: form");
    return ConvolutionOps.convolution(x, filters, form);
  }

  /**
   * Largest elements of windows. Of equals the first in row-major order is taken, and gets the
   * whole gradient.
   *
   * @param x [N, C, H, W]
   * @param form windows
   * @return [N, C, P, Q]
   */
  public static Tensor maxPool(Tensor x, Pooling form) {
    Nulls.check(x, "maxPool: x");
    Nulls.check(form, "maxPool: form");
    return PoolingOps.max(x, form);
  }

  /**
   * Means of windows, padding counted as zeros.
   *
   * @param x [N, C, H, W]
   * @param form windows
   * @return [N, C, P, Q]
   */
  public static Tensor averagePool(Tensor x, Pooling form) {
    Nulls.check(x, "averagePool: x");
    Nulls.check(form, "averagePool: form");
    return PoolingOps.average(x, form);
  }

  /**
   * Mean of each channel of each image.
   *
   * @param x [N, C, H, W]
   * @return [N, C]
   */
  public static Tensor globalAveragePool(Tensor x) {
    Nulls.check(x, "globalAveragePool: x");
    LayerShapes.images("globalAveragePool", x);
    return x.mean(2, 3);
  }

  /**
   * Batch normalization with the batch's own statistics, as in training (Ioffe, Szegedy 2015).
   *
   * @param x [N, C, H, W] or [N, C], at least one element a channel
   * @param gamma scale of each channel [C]
   * @param beta shift of each channel [C]
   * @param eps added to the variance, above 0
   * @return γ·(x − mean)/√(variance + eps) + β, with the statistics
   */
  public static BatchNorm batchNorm(Tensor x, Tensor gamma, Tensor beta, double eps) {
    Nulls.check(x, "batchNorm: x");
    Nulls.check(gamma, "batchNorm: gamma");
    Nulls.check(beta, "batchNorm: beta");
    return BatchNormOp.apply(x, gamma, beta, eps);
  }

  /**
   * Batch normalization with given statistics, as in evaluation.
   *
   * @param x [N, C, H, W] or [N, C]
   * @param gamma scale of each channel [C]
   * @param beta shift of each channel [C]
   * @param mean of each channel [C]
   * @param variance of each channel [C]
   * @param eps added to the variance, above 0
   * @return γ·(x − mean)/√(variance + eps) + β
   */
  public static Tensor normalize(
      Tensor x, Tensor gamma, Tensor beta, Tensor mean, Tensor variance, double eps) {
    Nulls.check(x, "normalize: x");
    Nulls.check(gamma, "normalize: gamma");
    Nulls.check(beta, "normalize: beta");
    Nulls.check(mean, "normalize: mean");
    Nulls.check(variance, "normalize: variance");
    return BatchNormOp.normalize(x, gamma, beta, mean, variance, eps);
  }

  /**
   * Rows of a table.
   *
   * @param table [rows, columns]
   * @param index I32 [n], which rows
   * @return [n, columns]
   * @throws IndexOutOfBoundsException if an index is not a row
   */
  public static Tensor embedding(Tensor table, Tensor index) {
    Nulls.check(table, "embedding: table");
    Nulls.check(index, "embedding: index");
    return EmbeddingOps.gather(table, index);
  }

  /**
   * Sets elements to zero at random and scales the others so that the mean stays (Srivastava et al.
   * 2014).
   *
   * @param x any shape
   * @param p probability of an element to be dropped, in [0, 1)
   * @param counter gives the mask, and moves on
   * @return x, each element either 0 or divided by 1 − p
   */
  public static Tensor dropout(Tensor x, double p, DropoutCounter counter) {
    Nulls.check(x, "dropout: x");
    Nulls.check(counter, "dropout: counter");
    if (!(p >= 0 && p < 1)) {
      throw new IllegalArgumentException(
          "dropout: a probability of " + p + "; 0 or more and below 1 is needed");
    }
    x.requireFloating("dropout");
    return p == 0 ? x : x.mul(counter.mask(1 - p, x.dims()));
  }

  /**
   * A stack of LSTM layers over a sequence; see {@link Recurrence.Cell#LSTM} for the equations.
   *
   * @param x [T, B, I]
   * @param h0 every layer's output before the first step [L, B, H]
   * @param c0 every layer's cell state before the first step [L, B, H]
   * @param weights of each layer, first to last, Wᵢₕ [4H, I or H], Wₕₕ [4H, H], bᵢₕ [4H], bₕₕ [4H]
   * @return outputs and last states
   */
  public static RecurrentResult lstm(Tensor x, Tensor h0, Tensor c0, List<Tensor> weights) {
    Nulls.check(x, "lstm: x");
    Nulls.check(h0, "lstm: h0");
    Nulls.check(c0, "lstm: c0");
    List<Tensor> inputs = new ArrayList<>(List.of(x, h0, c0));
    inputs.addAll(Nulls.checkAll(weights, "lstm: weights"));
    return RecurrentOp.apply(Recurrence.Cell.LSTM, inputs);
  }

  /**
   * A stack of LSTM layers over embedded symbols: {@link #lstm} over {@link #embedding}, and
   * cheaper on the CPU where symbols occur more than once, as each symbol's product with the first
   * layer's weight is then computed once.
   *
   * @param table a row for each symbol [symbols, I]
   * @param index I32 [T·B], numbers of symbols, time-major
   * @param h0 every layer's output before the first step [L, B, H]
   * @param c0 every layer's cell state before the first step [L, B, H]
   * @param weights as for {@link #lstm}
   * @return outputs and last states
   */
  public static RecurrentResult embeddedLstm(
      Tensor table, Tensor index, Tensor h0, Tensor c0, List<Tensor> weights) {
    Nulls.check(table, "embeddedLstm: table");
    Nulls.check(index, "embeddedLstm: index");
    Nulls.check(h0, "embeddedLstm: h0");
    Nulls.check(c0, "embeddedLstm: c0");
    List<Tensor> others = new ArrayList<>(List.of(h0, c0));
    others.addAll(Nulls.checkAll(weights, "embeddedLstm: weights"));
    return RecurrentOp.applyToRows(Recurrence.Cell.LSTM, table, index, others);
  }

  /**
   * A stack of GRU layers over embedded symbols: {@link #gru} over {@link #embedding}, as {@link
   * #embeddedLstm}.
   *
   * @param table a row for each symbol [symbols, I]
   * @param index I32 [T·B], numbers of symbols, time-major
   * @param h0 every layer's output before the first step [L, B, H]
   * @param weights as for {@link #gru}
   * @return outputs and last states; there is no cell state
   */
  public static RecurrentResult embeddedGru(
      Tensor table, Tensor index, Tensor h0, List<Tensor> weights) {
    Nulls.check(table, "embeddedGru: table");
    Nulls.check(index, "embeddedGru: index");
    Nulls.check(h0, "embeddedGru: h0");
    List<Tensor> others = new ArrayList<>(List.of(h0));
    others.addAll(Nulls.checkAll(weights, "embeddedGru: weights"));
    return RecurrentOp.applyToRows(Recurrence.Cell.GRU, table, index, others);
  }

  /**
   * A stack of GRU layers over a sequence; see {@link Recurrence.Cell#GRU} for the equations.
   *
   * @param x [T, B, I]
   * @param h0 every layer's output before the first step [L, B, H]
   * @param weights of each layer, first to last, Wᵢₕ [3H, I or H], Wₕₕ [3H, H], bᵢₕ [3H], bₕₕ [3H]
   * @return outputs and last states; there is no cell state
   */
  public static RecurrentResult gru(Tensor x, Tensor h0, List<Tensor> weights) {
    Nulls.check(x, "gru: x");
    Nulls.check(h0, "gru: h0");
    List<Tensor> inputs = new ArrayList<>(List.of(x, h0));
    inputs.addAll(Nulls.checkAll(weights, "gru: weights"));
    return RecurrentOp.apply(Recurrence.Cell.GRU, inputs);
  }
}

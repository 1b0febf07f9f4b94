package io.hypertape.models;

import io.hypertape.autodiff.Tensor;

/** Loss functions: means over a batch. */
public final class Losses {

  private Losses() {}

  /**
   * Negative log-likelihood.
   *
   * @param logProbabilities [batch, classes], as from {@link Tensor#logSoftmax}
   * @param labels I32 [batch], the true classes
   * @return a scalar, in nats
   */
  public static Tensor nll(Tensor logProbabilities, Tensor labels) {
    return logProbabilities.pick(labels).mean().neg();
  }

  /**
   * Cross-entropy: {@link #nll} of the log-softmax.
   *
   * @param logits [batch, classes]
   * @param labels I32 [batch], the true classes
   * @return a scalar, in nats
   */
  public static Tensor crossEntropy(Tensor logits, Tensor labels) {
    return nll(logits.logSoftmax(), labels);
  }

  /**
   * Mean squared error.
   *
   * @param prediction any shape
   * @param target a shape that broadcasts with it
   * @return a scalar
   */
  public static Tensor meanSquaredError(Tensor prediction, Tensor target) {
    return prediction.sub(target).square().mean();
  }
}

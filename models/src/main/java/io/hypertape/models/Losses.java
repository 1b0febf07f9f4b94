package io.hypertape.models;

import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;

/**
 * Loss functions: means over a batch. Those that have settings, weights of examples among them, are
 * values too: {@link CrossEntropy}, {@link BinaryCrossEntropy}, {@link SquaredError}, {@link
 * Huber}, {@link QuantileLoss}.
 */
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
    Nulls.check(logProbabilities, "negative log-likelihood: logProbabilities");
    Nulls.check(labels, "negative log-likelihood: labels");
    BatchMean.checkClasses("negative log-likelihood", logProbabilities, labels);
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
    Nulls.check(logits, "cross-entropy: logits");
    Nulls.check(labels, "cross-entropy: labels");
    BatchMean.checkClasses("cross-entropy", logits, labels);
    return nll(logits.logSoftmax(), labels);
  }

  /**
   * Negative log-likelihood with label smoothing (Szegedy et al. 2016): the true class counts 1 − s
   * and all classes, the true one too, s/classes each. What PyTorch's label_smoothing computes.
   *
   * @param logProbabilities [batch, classes], as from {@link Tensor#logSoftmax}
   * @param labels I32 [batch], the true classes
   * @param smoothing s, from 0 to 1
   * @return a scalar, in nats
   */
  public static Tensor nll(Tensor logProbabilities, Tensor labels, double smoothing) {
    Tensor loss = nll(logProbabilities, labels);
    if (!(smoothing >= 0 && smoothing <= 1)) {
      throw new IllegalArgumentException(
          "negative log-likelihood: label smoothing is " + smoothing + "; 0 to 1 would fit");
    }
    return smoothing == 0
        ? loss
        : loss.mul(1 - smoothing).sub(logProbabilities.mean().mul(smoothing));
  }

  /**
   * Mean squared error.
   *
   * @param prediction any shape
   * @param target the same shape: one that broadcasts would pair elements that do not belong
   *     together
   * @return a scalar
   */
  public static Tensor meanSquaredError(Tensor prediction, Tensor target) {
    Nulls.check(prediction, "mean squared error: prediction");
    Nulls.check(target, "mean squared error: target");
    BatchMean.checkSame("mean squared error", prediction, target);
    return prediction.sub(target).square().mean();
  }

  /**
   * Cross-entropy of labels of which each may hold or not; {@link BinaryCrossEntropy} has settings.
   *
   * @param logits any shape
   * @param target the same shape: 1 where a label holds, 0 where not, or its probability
   * @return a scalar, in nats
   */
  public static Tensor binaryCrossEntropy(Tensor logits, Tensor target) {
    Nulls.check(logits, "binary cross-entropy: logits");
    Nulls.check(target, "binary cross-entropy: target");
    return new BinaryCrossEntropy().of(logits, target);
  }

  /**
   * Huber's loss: squared for small errors, linear for large ones; see {@link Huber}.
   *
   * @param prediction any shape
   * @param target the same shape
   * @param delta the error from which on it is linear, above 0
   * @return a scalar
   */
  public static Tensor huber(Tensor prediction, Tensor target, double delta) {
    Nulls.check(prediction, "Huber's loss: prediction");
    Nulls.check(target, "Huber's loss: target");
    return new Huber(delta).of(prediction, target);
  }

  /**
   * The loss that is least at a quantile; see {@link QuantileLoss}.
   *
   * @param prediction any shape
   * @param target the same shape
   * @param level of the quantile, above 0 and below 1; 0.5 is the median
   * @return a scalar
   */
  public static Tensor quantile(Tensor prediction, Tensor target, double level) {
    Nulls.check(prediction, "quantile loss: prediction");
    Nulls.check(target, "quantile loss: target");
    return new QuantileLoss(level).of(prediction, target);
  }
}

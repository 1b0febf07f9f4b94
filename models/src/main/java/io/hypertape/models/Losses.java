package io.hypertape.models;

import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import io.hypertape.tensor.DType;
import java.util.Arrays;

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
    Nulls.check(logProbabilities, "negative log-likelihood: logProbabilities");
    Nulls.check(labels, "negative log-likelihood: labels");
    check("negative log-likelihood", logProbabilities, labels);
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
    check("cross-entropy", logits, labels);
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

  private static void check(String loss, Tensor classes, Tensor labels) {
    boolean fits =
        classes.rank() == 2
            && classes.dtype() != DType.I32
            && labels.rank() == 1
            && labels.dtype() == DType.I32
            && labels.shape()[0] == classes.shape()[0];
    if (!fits) {
      throw new IllegalArgumentException(
          loss
              + ": the prediction is "
              + described(classes)
              + ", the labels "
              + described(labels)
              + "; a row of classes for each label, [batch, classes] and I32[batch], is needed");
    }
  }

  private static String described(Tensor x) {
    return x.dtype() + Arrays.toString(x.shape());
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
    if (!Arrays.equals(prediction.shape(), target.shape())) {
      throw new IllegalArgumentException(
          "mean squared error: the prediction has shape "
              + Arrays.toString(prediction.shape())
              + ", the target "
              + Arrays.toString(target.shape())
              + "; they must be equal, as after target.reshape(…)");
    }
    return prediction.sub(target).square().mean();
  }
}

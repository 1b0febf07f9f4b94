package io.hypertape.models;

import io.hypertape.autodiff.Tensor;
import io.hypertape.tensor.DType;
import java.util.Arrays;
import java.util.Optional;

/** Means over a batch's examples, and whether what a loss compares belongs together. */
final class BatchMean {

  private BatchMean() {}

  /**
   * The mean of losses of which an example may have several, each counting alike.
   *
   * @param losses [batch, …]
   * @param weights [batch]
   */
  static Tensor of(String loss, Tensor losses, Optional<Tensor> weights) {
    if (weights.isEmpty()) {
      return losses.mean();
    }
    Tensor w = checked(loss, weights.get(), losses.shape()[0]);
    int ofOne = losses.size() / Math.max(1, losses.shape()[0]);
    Tensor single =
        ofOne == 1 ? losses.reshape(w.shape()) : losses.reshape(w.size(), ofOne).mean(1);
    return single.mul(w).sum().div(w.sum());
  }

  static Tensor checked(String loss, Tensor weights, int batch) {
    if (weights.rank() != 1 || weights.dtype() == DType.I32 || weights.size() != batch) {
      throw new IllegalArgumentException(
          loss
              + ": the weights are "
              + described(weights)
              + "; a number for each of "
              + batch
              + " examples, ["
              + batch
              + "], is needed");
    }
    return weights;
  }

  /** One that broadcasts would pair elements that do not belong together. */
  static void checkSame(String loss, Tensor prediction, Tensor target) {
    if (!Arrays.equals(prediction.shape(), target.shape())) {
      throw new IllegalArgumentException(
          loss
              + ": the prediction has shape "
              + Arrays.toString(prediction.shape())
              + ", the target "
              + Arrays.toString(target.shape())
              + "; they must be equal, as after target.reshape(…)");
    }
  }

  static void checkClasses(String loss, Tensor classes, Tensor labels) {
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

  static String described(Tensor x) {
    return x.dtype() + Arrays.toString(x.shape());
  }
}

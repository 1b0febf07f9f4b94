package io.hypertape.models;

import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import java.util.Arrays;
import java.util.Optional;

/**
 * Cross-entropy of labels of which each may hold or not, from logits, in nats; what PyTorch's
 * {@code binary_cross_entropy_with_logits} computes: −p·y·ln σ(x) − (1 − y)·ln(1 − σ(x)), the mean
 * over all labels of all examples. It is finite however large x is.
 *
 * @param positiveWeights p, such as [labels]: how much a label that holds counts, against 1 for one
 *     that does not; empty for 1
 */
public record BinaryCrossEntropy(Optional<Tensor> positiveWeights) implements Loss {

  private static final String NAME = "binary cross-entropy";

  /** Checks that all is there. */
  public BinaryCrossEntropy {
    Nulls.check(positiveWeights, "binary cross-entropy: positiveWeights");
  }

  /** Labels that hold count like those that do not. */
  public BinaryCrossEntropy() {
    this(Optional.empty());
  }

  /**
   * The same with other weights of labels that hold.
   *
   * @param newPositiveWeights of the outputs' shape, or one that broadcasts to it, as [labels] does
   * @return the changed loss
   */
  public BinaryCrossEntropy weighted(Tensor newPositiveWeights) {
    Nulls.check(newPositiveWeights, "binary cross-entropy: newPositiveWeights");
    return new BinaryCrossEntropy(Optional.of(newPositiveWeights));
  }

  @Override
  public Tensor of(Tensor output, Tensor target, Optional<Tensor> weights) {
    Nulls.check(output, "binary cross-entropy: output");
    Nulls.check(target, "binary cross-entropy: target");
    Nulls.check(weights, "binary cross-entropy: weights");
    BatchMean.checkSame(NAME, output, target);
    int[] shape = output.shape();
    // [n, 2], logits 0 and x: log-softmax has ln(1 − σ(x)) and ln σ(x), and their derivatives.
    Tensor both = output.reshape(output.size(), 1).pad(1, 1, 0).logSoftmax();
    Tensor holds = both.slice(1, 1, 2).reshape(shape).mul(target);
    Tensor holdsNot = both.slice(1, 0, 1).reshape(shape).mul(target.neg().add(1));
    if (positiveWeights.isPresent()) {
      holds = holds.mul(checked(positiveWeights.get(), shape));
    }
    return BatchMean.of(NAME, holds.add(holdsNot).neg(), weights);
  }

  /** Weights that would make the result larger fit nothing. */
  private static Tensor checked(Tensor weights, int... shape) {
    int[] own = weights.shape();
    boolean fits = own.length <= shape.length;
    for (int k = 1; fits && k <= own.length; k++) {
      int length = own[own.length - k];
      fits = length == 1 || length == shape[shape.length - k];
    }
    if (!fits) {
      throw new IllegalArgumentException(
          NAME
              + ": the weights of labels have shape "
              + Arrays.toString(own)
              + ", which does not broadcast to "
              + Arrays.toString(shape));
    }
    return weights;
  }
}

package io.hypertape.models;

import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import java.util.List;
import java.util.Optional;

/**
 * The loss that is least at a quantile, not at the mean (Koenker, Bassett 1978; also called pinball
 * loss): q·e where the target is above the prediction by e, (1 − q)·e where it is below by e. The
 * mean over all numbers of all examples. A model may foretell several quantiles of one number, an
 * output for each: 0.05 and 0.95 bound what nine of ten values lie between.
 *
 * @param levels each q, above 0 and below 1, in the order of the outputs
 */
public record QuantileLoss(List<Double> levels) implements Loss {

  private static final String NAME = "quantile loss";

  /** Checks the levels. */
  public QuantileLoss {
    levels = Nulls.copy(levels, "quantile loss: levels");
    if (levels.isEmpty() || levels.stream().anyMatch(q -> !(q > 0 && q < 1))) {
      throw new IllegalArgumentException(
          NAME + ": levels " + levels + "; one or more, above 0 and below 1, are needed");
    }
  }

  /**
   * Of one quantile.
   *
   * @param level q, above 0 and below 1; 0.5 is the median
   */
  public QuantileLoss(double level) {
    this(List.of(level));
  }

  /**
   * The mean over a batch's examples.
   *
   * @param output of one level of the target's shape; of several [batch, levels]
   * @param target of several levels [batch, 1]
   * @param weights [batch], how much each example counts; empty if all count alike
   * @return a scalar
   */
  @Override
  public Tensor of(Tensor output, Tensor target, Optional<Tensor> weights) {
    Nulls.check(output, "quantile loss: output");
    Nulls.check(target, "quantile loss: target");
    Nulls.check(weights, "quantile loss: weights");
    int count = levels.size();
    if (count == 1) {
      BatchMean.checkSame(NAME, output, target);
      return BatchMean.of(NAME, losses(output, target, levels.getFirst()), weights);
    }
    boolean fits =
        output.rank() == 2
            && target.rank() == 2
            && output.shape()[1] == count
            && target.shape()[1] == 1
            && output.shape()[0] == target.shape()[0];
    if (!fits) {
      throw new IllegalArgumentException(
          NAME
              + ": the prediction is "
              + BatchMean.described(output)
              + ", the target "
              + BatchMean.described(target)
              + "; for "
              + count
              + " levels [batch, "
              + count
              + "] and [batch, 1] are needed");
    }
    Tensor sum = null;
    for (int k = 0; k < count; k++) {
      Tensor one = losses(output.slice(1, k, k + 1), target, levels.get(k));
      sum = sum == null ? one : sum.add(one);
    }
    return BatchMean.of(NAME, sum.div(count), weights);
  }

  private static Tensor losses(Tensor output, Tensor target, double level) {
    Tensor error = target.sub(output);
    return error.mul(level).maximum(error.mul(level - 1));
  }
}

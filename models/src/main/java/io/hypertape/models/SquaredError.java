package io.hypertape.models;

import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import java.util.Optional;

/** Mean squared error of real numbers, over all numbers of all examples. */
public record SquaredError() implements Loss {

  @Override
  public Tensor of(Tensor output, Tensor target, Optional<Tensor> weights) {
    Nulls.check(output, "mean squared error: output");
    Nulls.check(target, "mean squared error: target");
    Nulls.check(weights, "mean squared error: weights");
    BatchMean.checkSame("mean squared error", output, target);
    return BatchMean.of("mean squared error", output.sub(target).square(), weights);
  }
}

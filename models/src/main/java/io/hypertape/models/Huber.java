package io.hypertape.models;

import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import java.util.Optional;

/**
 * Huber's loss of real numbers: e²/2 of errors e up to δ, and δ·(|e| − δ/2) of larger ones, so that
 * outliers do not decide; the mean over all numbers of all examples, as PyTorch's {@code
 * huber_loss} has it.
 *
 * @param delta δ, above 0, in the targets' units
 */
public record Huber(double delta) implements Loss {

  private static final String NAME = "Huber's loss";

  /** Checks the number. */
  public Huber {
    if (!(delta > 0) || Double.isInfinite(delta)) {
      throw new IllegalArgumentException(
          NAME + ": delta is " + delta + "; a finite number above 0 is needed");
    }
  }

  @Override
  public Tensor of(Tensor output, Tensor target, Optional<Tensor> weights) {
    Nulls.check(output, "Huber's loss: output");
    Nulls.check(target, "Huber's loss: target");
    Nulls.check(weights, "Huber's loss: weights");
    BatchMean.checkSame(NAME, output, target);
    Tensor error = output.sub(target);
    // c·(e − c/2) is e²/2 where c = e, with its derivatives, and else δ·(|e| − δ/2).
    Tensor clamped = error.maximum(-delta).minimum(delta);
    return BatchMean.of(NAME, clamped.mul(error.sub(clamped.mul(0.5))), weights);
  }
}

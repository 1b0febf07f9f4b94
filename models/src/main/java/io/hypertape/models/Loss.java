package io.hypertape.models;

import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import java.util.Optional;

/**
 * What training makes small: a number that says how far a batch's outputs are from what they should
 * be. It is computed by operations on tensors, so that it is differentiable; its settings are
 * constants of a recorded step, and tensors among them are to be made outside of any scope.
 */
@FunctionalInterface
public interface Loss {

  /**
   * The mean over a batch's examples.
   *
   * @param output the model's, [batch, …]
   * @param target what it should be: I32 [batch] of classes, else [batch, …]
   * @param weights [batch], how much each example counts, 0 or more: Σ wᵢ·lossᵢ / Σ wᵢ; empty if
   *     all count alike
   * @return a scalar
   * @throws IllegalArgumentException if the shapes do not belong together
   */
  Tensor of(Tensor output, Tensor target, Optional<Tensor> weights);

  /**
   * The mean over a batch's examples, which all count alike.
   *
   * @param output the model's, [batch, …]
   * @param target what it should be: I32 [batch] of classes, else [batch, …]
   * @return a scalar
   * @throws IllegalArgumentException if the shapes do not belong together
   */
  default Tensor of(Tensor output, Tensor target) {
    Nulls.check(output, "loss: output");
    Nulls.check(target, "loss: target");
    return of(output, target, Optional.empty());
  }
}

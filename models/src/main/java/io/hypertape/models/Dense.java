package io.hypertape.models;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Tensor;
import java.util.List;

/**
 * A fully connected layer, activation(x·Wᵀ + b).
 *
 * @param weight W [outputs, inputs]
 * @param bias b [outputs]
 * @param activation what follows
 */
public record Dense(Parameter weight, Parameter bias, Activation activation) implements Layer {

  /**
   * x·Wᵀ + b, then the activation.
   *
   * @param input [batch, inputs]
   * @return [batch, outputs]
   */
  @Override
  public Tensor forward(Tensor input) {
    return input.affine(weight.value(), bias.value(), activation.epilogue());
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(weight, bias);
  }
}

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
   * As PyTorch starts it.
   *
   * @param factory makes the parameters
   * @param name such as {@code linear}
   * @param inputs features of the input
   * @param outputs features of the output
   * @param activation what follows
   * @return the layer
   */
  public static Dense create(
      ParameterFactory factory, String name, int inputs, int outputs, Activation activation) {
    Initializer start = Initializer.pytorchLinear();
    return create(factory, name, inputs, outputs, activation, start, start);
  }

  /**
   * With a chosen initialisation.
   *
   * @param factory makes the parameters
   * @param name such as {@code linear}
   * @param inputs features of the input
   * @param outputs features of the output
   * @param activation what follows
   * @param weights initialises W
   * @param biases initialises b
   * @return the layer
   */
  public static Dense create(
      ParameterFactory factory,
      String name,
      int inputs,
      int outputs,
      Activation activation,
      Initializer weights,
      Initializer biases) {
    return new Dense(
        factory.parameter(name + ".weight", new int[] {outputs, inputs}, weights, inputs, outputs),
        factory.parameter(name + ".bias", new int[] {outputs}, biases, inputs, outputs),
        activation);
  }

  /**
   * x·Wᵀ + b, then the activation.
   *
   * @param input [batch, inputs]
   * @param mode makes no difference
   * @return [batch, outputs]
   */
  @Override
  public Tensor forward(Tensor input, Mode mode) {
    return input.affine(weight.value(), bias.value(), activation.epilogue());
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(weight, bias);
  }
}

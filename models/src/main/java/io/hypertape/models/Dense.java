package io.hypertape.models;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import java.util.List;

/**
 * A fully connected layer, activation(x·Wᵀ + b).
 *
 * @param weight W [outputs, inputs]
 * @param bias b [outputs]
 * @param activation what follows
 */
public record Dense(Parameter weight, Parameter bias, Activation activation) implements Layer {

  /** Checks that all is there. */
  public Dense {
    Nulls.check(weight, "dense: weight");
    Nulls.check(bias, "dense: bias");
    Nulls.check(activation, "dense: activation");
  }

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
    Nulls.check(factory, "dense: factory");
    Nulls.check(name, "dense: name");
    Nulls.check(activation, "dense: activation");
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
    Nulls.check(factory, "dense: factory");
    Nulls.check(name, "dense: name");
    Nulls.check(activation, "dense: activation");
    Nulls.check(weights, "dense: weights");
    Nulls.check(biases, "dense: biases");
    return new Dense(
        factory.parameter(name + ".weight", new int[] {outputs, inputs}, weights, inputs, outputs),
        factory.parameter(name + ".bias", new int[] {outputs}, biases, inputs, outputs),
        activation);
  }

  /**
   * With a weight that another layer has, too, such as an {@link Embedding}: it is one parameter,
   * whose gradient is the sum over both places. A model that consists of both names it once.
   *
   * @param factory makes the bias, as PyTorch starts it
   * @param name such as {@code decoder}
   * @param weight W [outputs, inputs]
   * @param activation what follows
   * @return the layer
   * @throws IllegalArgumentException if the weight is no matrix
   */
  public static Dense tied(
      ParameterFactory factory, String name, Parameter weight, Activation activation) {
    Nulls.check(factory, "dense: factory");
    Nulls.check(name, "dense: name");
    Nulls.check(weight, "dense: weight");
    Nulls.check(activation, "dense: activation");
    int[] shape = weight.shape();
    if (shape.length != 2) {
      throw new IllegalArgumentException(
          "dense " + name + ": the tied weight " + weight + " is no matrix [outputs, inputs]");
    }
    Initializer start = Initializer.pytorchLinear();
    return new Dense(
        weight,
        factory.parameter(name + ".bias", new int[] {shape[0]}, start, shape[1], shape[0]),
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
    Nulls.check(input, "dense: input");
    Nulls.check(mode, "dense: mode");
    return input.affine(weight.value(), bias.value(), activation.epilogue());
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(weight, bias);
  }
}

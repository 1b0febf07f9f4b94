package io.hypertape.models;

import io.hypertape.autodiff.NeuralOps;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import io.hypertape.tensor.Convolution;
import java.util.List;
import java.util.Optional;

/**
 * A convolution over images.
 *
 * @param weight filters [filters, channels / groups, rows, columns]
 * @param bias [filters], added to every pixel; absent where a batch norm follows
 * @param form strides, padding, dilation, groups
 */
public record Conv2d(Parameter weight, Optional<Parameter> bias, Convolution form)
    implements Layer {

  /** Checks that all is there. */
  public Conv2d {
    Nulls.check(weight, "convolution: weight");
    Nulls.check(bias, "convolution: bias");
    Nulls.check(form, "convolution: form");
  }

  /**
   * With a bias, both started as PyTorch starts them.
   *
   * @param factory makes the parameters
   * @param name such as {@code conv1}
   * @param channels of the input
   * @param filters channels of the output
   * @param size rows and columns of a filter
   * @param form strides, padding, dilation, groups
   * @return the layer
   */
  public static Conv2d create(
      ParameterFactory factory,
      String name,
      int channels,
      int filters,
      int size,
      Convolution form) {
    Nulls.check(factory, "convolution: factory");
    Nulls.check(name, "convolution: name");
    Nulls.check(form, "convolution: form");
    Parameter weight =
        weight(factory, name, channels, filters, size, form, Initializer.pytorchLinear());
    int fanIn = channels / form.groups() * size * size;
    Parameter bias =
        factory.parameter(
            name + ".bias", new int[] {filters}, Initializer.pytorchLinear(), fanIn, filters);
    return new Conv2d(weight, Optional.of(bias), form);
  }

  /**
   * Without a bias.
   *
   * @param factory makes the parameter
   * @param name such as {@code conv1}
   * @param channels of the input
   * @param filters channels of the output
   * @param size rows and columns of a filter
   * @param form strides, padding, dilation, groups
   * @param initializer how the filters start
   * @return the layer
   */
  public static Conv2d withoutBias(
      ParameterFactory factory,
      String name,
      int channels,
      int filters,
      int size,
      Convolution form,
      Initializer initializer) {
    Nulls.check(factory, "convolution: factory");
    Nulls.check(name, "convolution: name");
    Nulls.check(form, "convolution: form");
    Nulls.check(initializer, "convolution: initializer");
    Parameter weight = weight(factory, name, channels, filters, size, form, initializer);
    return new Conv2d(weight, Optional.empty(), form);
  }

  private static Parameter weight(
      ParameterFactory factory,
      String name,
      int channels,
      int filters,
      int size,
      Convolution form,
      Initializer initializer) {
    if (channels % form.groups() != 0 || filters % form.groups() != 0) {
      throw new IllegalArgumentException(
          name
              + ": "
              + channels
              + " channels and "
              + filters
              + " filters do not fall into "
              + form.groups()
              + " groups; both must be multiples of it");
    }
    int fanIn = channels / form.groups() * size * size;
    return factory.parameter(
        name + ".weight",
        new int[] {filters, channels / form.groups(), size, size},
        initializer,
        fanIn,
        filters * size * size);
  }

  /**
   * The convolution, then the bias.
   *
   * @param input [N, channels, H, W]
   * @param mode makes no difference
   * @return [N, filters, P, Q]
   */
  @Override
  public Tensor forward(Tensor input, Mode mode) {
    Nulls.check(input, "convolution: input");
    Nulls.check(mode, "convolution: mode");
    Tensor y = NeuralOps.convolution(input, weight.value(), form);
    return bias.map(b -> y.add(b.value().reshape(-1, 1, 1))).orElse(y);
  }

  @Override
  public List<Parameter> parameters() {
    return bias.map(b -> List.of(weight, b)).orElse(List.of(weight));
  }
}

package io.hypertape.models;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.backend.Epilogue;
import io.hypertape.checks.Nulls;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Elementwise non-linearities. */
public enum Activation implements Layer {
  /** Hyperbolic tangent. */
  TANH,
  /** max(x, 0). */
  RELU,
  /** 1/(1+e^−x). */
  SIGMOID,
  /** The identity. */
  NONE;

  /**
   * Applies it.
   *
   * @param x any shape
   * @return the same shape
   */
  public Tensor apply(Tensor x) {
    Nulls.check(x, "activation: x");
    return switch (this) {
      case TANH -> x.tanh();
      case RELU -> x.relu();
      case SIGMOID -> x.sigmoid();
      case NONE -> x;
    };
  }

  @Override
  public Tensor forward(Tensor input, Mode mode) {
    Nulls.check(input, "activation: input");
    Nulls.check(mode, "activation: mode");
    return apply(input);
  }

  @Override
  public List<Parameter> parameters() {
    return List.of();
  }

  /**
   * The same as the end of a dense layer.
   *
   * @return what {@link Tensor#affine} takes
   */
  public Epilogue epilogue() {
    return switch (this) {
      case TANH -> Epilogue.TANH;
      case RELU -> Epilogue.RELU;
      case SIGMOID -> Epilogue.SIGMOID;
      case NONE -> Epilogue.NONE;
    };
  }

  /**
   * Reads a name, upper or lower case.
   *
   * @param name such as {@code tanh}
   * @return the activation
   * @throws IllegalArgumentException if there is none of that name; lists those that there are
   */
  public static Activation of(String name) {
    Nulls.check(name, "activation: name");
    for (Activation activation : values()) {
      if (activation.name().equalsIgnoreCase(name)) {
        return activation;
      }
    }
    throw new IllegalArgumentException(
        "unknown activation '"
            + name
            + "'; known are "
            + Arrays.stream(values()).map(Activation::toString).collect(Collectors.joining(", ")));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

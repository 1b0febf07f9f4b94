package io.hypertape.models;

import io.hypertape.autodiff.NeuralOps;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import java.util.List;

/**
 * A table with a row for each symbol.
 *
 * @param weight [symbols, features]
 */
public record Embedding(Parameter weight) implements Layer {

  /** Checks that all is there. */
  public Embedding {
    Nulls.check(weight, "embedding: weight");
  }

  /**
   * As PyTorch starts it: normal of mean 0 and deviation 1.
   *
   * @param factory makes the parameter
   * @param name such as {@code encoder}
   * @param symbols rows of the table
   * @param features columns of the table
   * @return the layer
   */
  public static Embedding create(ParameterFactory factory, String name, int symbols, int features) {
    Nulls.check(factory, "embedding: factory");
    Nulls.check(name, "embedding: name");
    return new Embedding(
        factory.parameter(
            name + ".weight",
            new int[] {symbols, features},
            Initializer.standardNormal(),
            symbols,
            features));
  }

  /**
   * Looks symbols up.
   *
   * @param input I32 [n], numbers of symbols
   * @param mode makes no difference
   * @return [n, features]
   * @throws IndexOutOfBoundsException if a number is not that of a row
   */
  @Override
  public Tensor forward(Tensor input, Mode mode) {
    Nulls.check(input, "embedding: input");
    Nulls.check(mode, "embedding: mode");
    return NeuralOps.embedding(weight.value(), input);
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(weight);
  }
}

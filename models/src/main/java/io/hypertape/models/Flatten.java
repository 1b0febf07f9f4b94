package io.hypertape.models;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import java.util.List;

/** Makes one axis of all but the first. */
public record Flatten() implements Layer {

  /**
   * Reshapes.
   *
   * @param input [N, …]
   * @param mode makes no difference
   * @return [N, features]
   */
  @Override
  public Tensor forward(Tensor input, Mode mode) {
    Nulls.check(input, "flatten: input");
    Nulls.check(mode, "flatten: mode");
    if (input.rank() == 0) {
      throw new IllegalArgumentException(
          "flatten: the input is a scalar; [N, …], examples along the first axis, is needed");
    }
    return input.rank() == 2 ? input : input.reshape(input.shape()[0], -1);
  }

  @Override
  public List<Parameter> parameters() {
    return List.of();
  }
}

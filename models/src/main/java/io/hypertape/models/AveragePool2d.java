package io.hypertape.models;

import io.hypertape.autodiff.NeuralOps;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import io.hypertape.tensor.Pooling;
import java.util.List;

/**
 * Means of windows, padding counted as zeros.
 *
 * @param form windows
 */
public record AveragePool2d(Pooling form) implements Layer {

  /** Checks that all is there. */
  public AveragePool2d {
    Nulls.check(form, "average pool: form");
  }

  /**
   * Square windows side by side.
   *
   * @param size rows and columns of a window
   * @return the layer
   */
  public static AveragePool2d of(int size) {
    return new AveragePool2d(Pooling.of(size));
  }

  /**
   * Pools.
   *
   * @param input [N, C, H, W]
   * @param mode makes no difference
   * @return [N, C, P, Q]
   */
  @Override
  public Tensor forward(Tensor input, Mode mode) {
    Nulls.check(input, "average pool: input");
    Nulls.check(mode, "average pool: mode");
    return NeuralOps.averagePool(input, form);
  }

  @Override
  public List<Parameter> parameters() {
    return List.of();
  }
}

package io.hypertape.models;

import io.hypertape.autodiff.NeuralOps;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import io.hypertape.tensor.Pooling;
import java.util.List;

/**
 * Largest elements of windows.
 *
 * @param form windows
 */
public record MaxPool2d(Pooling form) implements Layer {

  /** Checks that all is there. */
  public MaxPool2d {
    Nulls.check(form, "max pool: form");
  }

  /**
   * Square windows side by side.
   *
   * @param size rows and columns of a window
   * @return the layer
   */
  public static MaxPool2d of(int size) {
    return new MaxPool2d(Pooling.of(size));
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
    Nulls.check(input, "max pool: input");
    Nulls.check(mode, "max pool: mode");
    return NeuralOps.maxPool(input, form);
  }

  @Override
  public List<Parameter> parameters() {
    return List.of();
  }
}

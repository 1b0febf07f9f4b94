package io.hypertape.models;

import io.hypertape.autodiff.NeuralOps;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import java.util.List;

/** Each channel's mean over the whole image. */
public record GlobalAveragePool() implements Layer {

  /**
   * Pools.
   *
   * @param input [N, C, H, W]
   * @param mode makes no difference
   * @return [N, C]
   */
  @Override
  public Tensor forward(Tensor input, Mode mode) {
    Nulls.check(input, "global average pool: input");
    Nulls.check(mode, "global average pool: mode");
    return NeuralOps.globalAveragePool(input);
  }

  @Override
  public List<Parameter> parameters() {
    return List.of();
  }
}

package io.hypertape.models;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.DropoutCounter;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.ShardGroup;
import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import java.util.ArrayList;
import java.util.List;

/**
 * A residual block (He et al. 2015, figure 2): activation(body(x) + shortcut(x)).
 *
 * @param body what is learned
 * @param shortcut the way around it; {@link Activation#NONE} is the identity
 * @param activation what follows the sum
 */
public record Residual(Layer body, Layer shortcut, Activation activation) implements Layer {

  /** Checks that all is there. */
  public Residual {
    Nulls.check(body, "residual: body");
    Nulls.check(shortcut, "residual: shortcut");
    Nulls.check(activation, "residual: activation");
  }

  /**
   * Both ways, their sum, the activation.
   *
   * @param input what body and shortcut take
   * @param mode whether the model is being trained
   * @return what body and shortcut give
   */
  @Override
  public Tensor forward(Tensor input, Mode mode) {
    Nulls.check(input, "residual: input");
    Nulls.check(mode, "residual: mode");
    Tensor changed = InnerLayers.forward("body", body, input, mode);
    return activation.apply(changed.add(InnerLayers.forward("shortcut", shortcut, input, mode)));
  }

  @Override
  public List<Tensor> forward(List<Tensor> shards, ShardGroup group, Mode mode) {
    Nulls.checkAll(shards, "residual: shards");
    Nulls.check(group, "residual: group");
    Nulls.check(mode, "residual: mode");
    List<Tensor> changed = InnerLayers.forward("body", body, shards, group, mode);
    List<Tensor> kept = InnerLayers.forward("shortcut", shortcut, shards, group, mode);
    List<Tensor> sums = new ArrayList<>(shards.size());
    for (int k = 0; k < shards.size(); k++) {
      sums.add(activation.apply(changed.get(k).add(kept.get(k))));
    }
    return sums;
  }

  @Override
  public List<Parameter> parameters() {
    return Sequential.of(body, shortcut).parameters();
  }

  @Override
  public List<Buffer> buffers() {
    return Sequential.of(body, shortcut).buffers();
  }

  @Override
  public List<DropoutCounter> dropoutCounters() {
    return Sequential.of(body, shortcut).dropoutCounters();
  }
}

package io.hypertape.models;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.DropoutCounter;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.ShardGroup;
import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import java.util.List;

/**
 * Layers one after another. A layer may stand there more than once; its parameters are shared then,
 * and named once.
 *
 * @param layers in the order of their work
 */
public record Sequential(List<Layer> layers) implements Layer {

  /** Keeps a copy of the list. */
  public Sequential {
    layers = Nulls.copy(layers, "sequential: layers");
  }

  /**
   * Chains layers.
   *
   * @param layers in the order of their work
   * @return the chain
   */
  public static Sequential of(Layer... layers) {
    return new Sequential(Nulls.copy(layers, "sequential: layers"));
  }

  /**
   * Applies each to what the one before gave.
   *
   * @param input the first layer's input
   * @param mode whether the model is being trained
   * @return the last layer's output
   */
  @Override
  public Tensor forward(Tensor input, Mode mode) {
    Nulls.check(input, "sequential: input");
    Nulls.check(mode, "sequential: mode");
    Tensor x = input;
    for (int i = 0; i < layers.size(); i++) {
      x = InnerLayers.forward("layers[" + i + "]", layers.get(i), x, mode);
    }
    return x;
  }

  @Override
  public List<Tensor> forward(List<Tensor> shards, ShardGroup group, Mode mode) {
    Nulls.checkAll(shards, "sequential: shards");
    Nulls.check(group, "sequential: group");
    Nulls.check(mode, "sequential: mode");
    List<Tensor> x = shards;
    for (int i = 0; i < layers.size(); i++) {
      x = InnerLayers.forward("layers[" + i + "]", layers.get(i), x, group, mode);
    }
    return x;
  }

  @Override
  public List<Parameter> parameters() {
    return InnerLayers.all(layers, "parameters", Layer::parameters);
  }

  @Override
  public List<Buffer> buffers() {
    return InnerLayers.all(layers, "buffers", Layer::buffers);
  }

  @Override
  public List<DropoutCounter> dropoutCounters() {
    return InnerLayers.all(layers, "dropoutCounters", Layer::dropoutCounters);
  }
}

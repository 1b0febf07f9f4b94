package io.hypertape.models;

import io.hypertape.autodiff.ShardGroup;
import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** What layers within others answer, which may be of a user's own: null is named by the layer. */
final class InnerLayers {

  private InnerLayers() {}

  static Tensor forward(String name, Layer layer, Tensor input, Mode mode) {
    return Nulls.check(layer.forward(input, mode), name + ".forward(input, mode)");
  }

  static List<Tensor> forward(
      String name, Layer layer, List<Tensor> shards, ShardGroup group, Mode mode) {
    String what = name + ".forward(shards, group, mode)";
    List<Tensor> outputs = Nulls.checkAll(layer.forward(shards, group, mode), what);
    if (outputs.size() != shards.size()) {
      throw new IllegalArgumentException(
          what
              + " gives "
              + outputs.size()
              + " outputs for "
              + shards.size()
              + " shards; one for each is needed");
    }
    return outputs;
  }

  /** What all of them have, each once. */
  static <T> List<T> all(List<Layer> layers, String what, Function<Layer, List<T>> part) {
    Stream<T> all = Stream.of();
    for (int i = 0; i < layers.size(); i++) {
      List<T> own = Nulls.checkAll(part.apply(layers.get(i)), "layers[" + i + "]." + what + "()");
      all = Stream.concat(all, own.stream());
    }
    return all.distinct().toList();
  }
}

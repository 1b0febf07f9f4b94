package io.hypertape.run;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.DropoutCounter;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.ShardGroup;
import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import io.hypertape.data.Dataset;
import io.hypertape.data.TrainingData;
import io.hypertape.models.Layer;
import io.hypertape.models.Loss;
import io.hypertape.models.Mode;
import io.hypertape.models.Model;
import io.hypertape.models.Network;
import java.util.List;
import java.util.Optional;

/**
 * What models, losses and data answer, which may be of a user's own: null is named where it
 * appears.
 */
final class Asked {

  private Asked() {}

  static List<Parameter> parameters(Model model, String who) {
    return Nulls.checkAll(model.parameters(), who + ": model.parameters()");
  }

  static List<Parameter> parameters(Layer model) {
    return Nulls.checkAll(model.parameters(), "model.parameters()");
  }

  static List<Buffer> buffers(Model model, String who) {
    return Nulls.checkAll(model.buffers(), who + ": model.buffers()");
  }

  static List<Buffer> buffers(Layer model) {
    return Nulls.checkAll(model.buffers(), "model.buffers()");
  }

  static List<DropoutCounter> dropoutCounters(Layer model) {
    return Nulls.checkAll(model.dropoutCounters(), "model.dropoutCounters()");
  }

  static List<Integer> inputShape(Network model) {
    return Nulls.checkAll(model.inputShape(), "model.inputShape()");
  }

  static Tensor forward(Layer model, Tensor input, Mode mode) {
    return Nulls.check(model.forward(input, mode), "model.forward(input, mode)");
  }

  static List<Tensor> forward(Layer model, List<Tensor> shards, ShardGroup group, Mode mode) {
    List<Tensor> outputs =
        Nulls.checkAll(model.forward(shards, group, mode), "model.forward(shards, group, mode)");
    if (outputs.size() != shards.size()) {
      throw new IllegalArgumentException(
          "model.forward(shards, group, mode) gives "
              + outputs.size()
              + " outputs for "
              + shards.size()
              + " shards; one for each is needed");
    }
    return outputs;
  }

  static Dataset train(TrainingData data) {
    return Dataset.checked(Nulls.check(data.train(), "data.train()"), "data.train()");
  }

  static Tensor loss(Loss loss, Tensor output, Tensor target, Optional<Tensor> weights) {
    return Nulls.check(loss.of(output, target, weights), "loss.of(output, target, weights)");
  }
}

package io.hypertape.models;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.DropoutCounter;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.ShardGroup;
import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import java.util.List;

/**
 * A differentiable function of a batch, with parameters to be learned. Their memory is freed when
 * it is closed, or when nobody can reach it any more.
 */
public interface Layer extends AutoCloseable {

  /**
   * Applies the layer to a batch.
   *
   * @param input the batch; its first axis counts the examples unless the layer says otherwise
   * @param mode whether the model is being trained
   * @return the outputs
   */
  Tensor forward(Tensor input, Mode mode);

  /**
   * Runs it on a batch's shards side by side, so that what is computed over a batch can be joined.
   * Layers that consist of others hand this on to them; as long as neither running statistics nor
   * dropout are involved, every shard can go by itself, which is what this does.
   *
   * @param shards an input for each shard that is here
   * @param group the shards
   * @param mode whether the model is being trained
   * @return an output for each
   * @throws UnsupportedOperationException in training, if this has running statistics or dropout
   *     and does not say how they are joined
   */
  default List<Tensor> forward(List<Tensor> shards, ShardGroup group, Mode mode) {
    Nulls.checkAll(shards, "layer: shards");
    Nulls.check(group, "layer: group");
    Nulls.check(mode, "layer: mode");
    if (mode == Mode.TRAIN && !(buffers().isEmpty() && dropoutCounters().isEmpty())) {
      throw new UnsupportedOperationException(
          getClass().getSimpleName()
              + " has running statistics or dropout, and no forward(shards, group, mode) that joins"
              + " them over shards; statistics per shard would fit");
    }
    return group.each(shards, input -> forward(input, mode));
  }

  /**
   * What is learned.
   *
   * @return the parameters, in a fixed order, each once
   */
  List<Parameter> parameters();

  /**
   * What is kept beside the parameters, such as running statistics.
   *
   * @return named values, in a fixed order
   */
  default List<Buffer> buffers() {
    return List.of();
  }

  /**
   * Where sequences of dropout masks stand.
   *
   * @return the counters, in a fixed order
   */
  default List<DropoutCounter> dropoutCounters() {
    return List.of();
  }

  /**
   * Frees the memory of the parameters and of all that is kept beside them, from any thread; using
   * it afterwards is an error. Closing twice does nothing.
   *
   * @throws IllegalStateException if an optimizer is at work on it; from another thread than the
   *     session's it is closed after that one
   */
  @Override
  default void close() {
    parameters().forEach(Parameter::close);
    buffers().forEach(Buffer::close);
    dropoutCounters().forEach(DropoutCounter::close);
  }
}

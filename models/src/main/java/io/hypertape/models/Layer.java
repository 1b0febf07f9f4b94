package io.hypertape.models;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.DropoutCounter;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Tensor;
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

package io.hypertape.benchmarks.study;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Tensor;
import io.hypertape.models.Layer;
import io.hypertape.models.Mode;
import java.util.List;

/**
 * A network with log-softmax at its end.
 *
 * @param body from a batch to [batch, classes]
 */
record LogProbabilities(Layer body) implements Layer {

  @Override
  public Tensor forward(Tensor input, Mode mode) {
    return body.forward(input, mode).logSoftmax();
  }

  @Override
  public List<Parameter> parameters() {
    return body.parameters();
  }

  @Override
  public List<Buffer> buffers() {
    return body.buffers();
  }
}

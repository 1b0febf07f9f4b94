package io.hypertape.models;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Tensor;
import java.util.List;

/** A differentiable function of a batch, with parameters to be learned. */
public interface Layer {

  /**
   * Applies the layer to a batch.
   *
   * @param input [batch, features]
   * @return [batch, outputs]
   */
  Tensor forward(Tensor input);

  /**
   * What is learned.
   *
   * @return the parameters, in a fixed order
   */
  List<Parameter> parameters();
}

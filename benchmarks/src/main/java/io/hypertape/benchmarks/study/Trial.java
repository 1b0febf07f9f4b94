package io.hypertape.benchmarks.study;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Tensor;
import io.hypertape.optim.Input;
import java.util.List;

/** A model under training, and its batches. */
interface Trial extends AutoCloseable {

  /** What is learned. */
  List<Parameter> parameters();

  /** The loss of a batch, in the current parameters; runs once for each form of it. */
  Tensor loss(List<Tensor> batch);

  /** The next batch; there is always one. */
  Input[] next();

  /** How the model does on the data that a step size may be chosen by. */
  Mark valid();

  /** How the model does on the data that nothing is chosen by. */
  Mark test();

  @Override
  void close();
}

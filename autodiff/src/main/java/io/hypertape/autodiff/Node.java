package io.hypertape.autodiff;

import java.util.List;

/** An operation on the tape. */
record Node(Op op, List<Tensor> inputs, List<Tensor> outputs) {

  Tensor input(int i) {
    return inputs.get(i);
  }

  Tensor output() {
    return outputs.get(0);
  }
}

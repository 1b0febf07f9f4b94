package io.hypertape.autodiff;

import java.util.List;

/**
 * An operation and its derivative. The derivative (vector-Jacobian product) is written once, in
 * tensor operations, so that derivatives of every order follow from it.
 */
abstract class Op {

  /** The name, as it appears in errors. */
  abstract String name();

  /** Computes the outputs; checks shapes. */
  abstract List<Tensor> forward(Session session, List<Tensor> inputs);

  /**
   * Cotangents of the inputs.
   *
   * @param node this operation's place on the tape
   * @param cotangents of the outputs; null where zero
   * @param needed which inputs' cotangents are wanted
   * @return cotangents of the inputs; null where not needed or zero
   */
  abstract Tensor[] vjp(Node node, Tensor[] cotangents, boolean[] needed);

  /** An operation with one output. */
  abstract static class Single extends Op {

    abstract Tensor compute(Session session, List<Tensor> inputs);

    /** Cotangent of one input, null where it is zero everywhere. */
    abstract Tensor vjp(Node node, Tensor cotangent, int input);

    @Override
    final List<Tensor> forward(Session session, List<Tensor> inputs) {
      return List.of(compute(session, inputs));
    }

    @Override
    final Tensor[] vjp(Node node, Tensor[] cotangents, boolean[] needed) {
      Tensor[] result = new Tensor[needed.length];
      for (int i = 0; i < needed.length; i++) {
        if (needed[i]) {
          result[i] = vjp(node, cotangents[0], i);
        }
      }
      return result;
    }
  }
}

package io.hypertape.autodiff;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Derivatives of an operation that stands for a definition in ordinary operations. */
final class Definition {

  private Definition() {}

  /**
   * Cotangents by way of the definition, which runs anew on the operation's tape.
   *
   * @param definition from the operation's inputs to its outputs, of which those that have no
   *     cotangent may be missing at the end
   * @param node the operation's place on the tape
   * @param cotangents of the outputs; null where zero
   * @param needed which inputs' cotangents are wanted
   * @return cotangents of the inputs; null where not needed or zero
   */
  static Tensor[] vjp(
      UnaryOperator<List<Tensor>> definition, Node node, Tensor[] cotangents, boolean[] needed) {
    Session session = node.output().session();
    Tape tape = node.output().tape();
    GradientMode mode =
        session.isRecording() ? GradientMode.DIFFERENTIABLE : GradientMode.FIRST_ORDER;
    boolean recording = session.setRecording(true);
    try {
      int mark = tape.length();
      List<Tensor> outputs = definition.apply(node.inputs());
      List<Tensor> targets = new ArrayList<>();
      List<Integer> places = new ArrayList<>();
      for (int i = 0; i < needed.length; i++) {
        // A tensor that stands in two places gets its whole cotangent at the first.
        if (needed[i] && !targets.contains(node.input(i))) {
          targets.add(node.input(i));
          places.add(i);
        }
      }
      Tensor[] found = tape.sweep(outputs, cotangents, targets, mark, mode);
      Tensor[] result = new Tensor[needed.length];
      for (int t = 0; t < found.length; t++) {
        result[places.get(t)] = found[t];
      }
      return result;
    } finally {
      session.setRecording(recording);
    }
  }
}

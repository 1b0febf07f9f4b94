package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.Recurrence;
import io.hypertape.autodiff.backend.View;
import java.util.ArrayList;
import java.util.List;

/**
 * A stack of recurrent layers over a sequence: kernels for the values and their first derivatives,
 * {@link RecurrentDefinition} for all further ones. Inputs are x, h₀, for an LSTM c₀, and four
 * tensors a layer; outputs the last layer's outputs, the last states, and what the derivative's
 * kernel needs to be told.
 */
final class RecurrentOp extends Op {

  private final Recurrence form;

  private RecurrentOp(Recurrence form) {
    this.form = form;
  }

  static NeuralOps.RecurrentResult apply(Recurrence.Cell cell, List<Tensor> inputs) {
    Recurrence form = RecurrentShapes.form(cell, inputs);
    List<Tensor> outputs =
        inputs
            .get(0)
            .session()
            .apply(new RecurrentOp(form), inputs.stream().map(Tensor::contiguous).toList());
    return new NeuralOps.RecurrentResult(
        outputs.get(0), outputs.get(1), cell.hasCellState() ? outputs.get(2) : null);
  }

  @Override
  String name() {
    return RecurrentShapes.name(form.cell());
  }

  @Override
  List<Tensor> forward(Session session, List<Tensor> inputs) {
    List<Tensor> outputs = new ArrayList<>();
    outputs.add(session.allocate(form.steps(), form.batch(), form.hidden()));
    for (int s = 0; s < states(); s++) {
      outputs.add(session.allocate(form.layers(), form.batch(), form.hidden()));
    }
    outputs.add(session.allocate(session.backend().recurrentReserve(form)));
    session.backend().recurrent(form, views(inputs), views(outputs));
    return outputs;
  }

  private int states() {
    return form.cell().hasCellState() ? 2 : 1;
  }

  private static View[] views(List<Tensor> tensors) {
    return tensors.stream().map(Tensor::view).toArray(View[]::new);
  }

  @Override
  Tensor[] vjp(Node node, Tensor[] cotangents, boolean[] needed) {
    return node.output().session().isRecording()
        ? Definition.vjp(in -> new RecurrentDefinition(form).run(in), node, cotangents, needed)
        : fromKernel(node, cotangents, needed);
  }

  private Tensor[] fromKernel(Node node, Tensor[] cotangents, boolean[] needed) {
    Session session = node.output().session();
    List<View> in = new ArrayList<>();
    for (int i = 0; i <= states(); i++) {
      Tensor c = cotangents[i];
      if (c == null) {
        c = session.allocate(node.outputs().get(i).shape());
        session.backend().fill(0, c.view());
      }
      in.add(c.denseView());
    }
    node.inputs().forEach(input -> in.add(input.view()));
    in.add(node.output().view());
    in.add(node.outputs().getLast().view());
    Tensor[] result = new Tensor[needed.length];
    View[] out = new View[needed.length];
    for (int i = 0; i < result.length; i++) {
      Tensor gradient = session.allocate(node.input(i).shape());
      out[i] = gradient.view();
      result[i] = needed[i] ? gradient : null;
    }
    session.backend().recurrentGrad(form, in.toArray(View[]::new), out);
    return result;
  }
}

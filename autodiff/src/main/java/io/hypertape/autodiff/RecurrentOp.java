package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.Recurrence;
import io.hypertape.autodiff.backend.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A stack of recurrent layers over a sequence: kernels for the values and their first derivatives,
 * {@link RecurrentDefinition} for all further ones. Inputs are x, h₀, for an LSTM c₀, and four
 * tensors a layer; outputs the last layer's outputs, the last states, and what the derivative's
 * kernel needs to be told. A one-hot x is an index and has no cotangent.
 */
final class RecurrentOp extends Op {

  private final Recurrence form;

  private RecurrentOp(Recurrence form) {
    this.form = form;
  }

  static NeuralOps.RecurrentResult apply(Recurrence.Cell cell, List<Tensor> inputs) {
    return apply(RecurrentShapes.form(cell, inputs), inputs);
  }

  /**
   * Layers over the rows of a table that an index names, of which none is made where a product of
   * all of the table's rows with the first layer's weight is cheaper: the input is one-hot then,
   * and the weight Wᵢₕ·tableᵀ [G·H, rows].
   */
  static NeuralOps.RecurrentResult applyToRows(
      Recurrence.Cell cell, Tensor table, Tensor index, List<Tensor> others) {
    Recurrence form = RecurrentShapes.form(cell, table, index, others);
    List<Tensor> inputs = new ArrayList<>(others);
    int rows = table.dims()[0];
    // Three products are saved for a pass over the gates and a turned weight.
    if (table.session().backend().readsOneHot() && rows <= index.size() / 2) {
      int weight = cell.hasCellState() ? 2 : 1;
      inputs.set(weight, inputs.get(weight).matmulTransposed(table));
      inputs.add(0, index);
      return apply(
          new Recurrence(
              cell, form.layers(), form.steps(), form.batch(), rows, form.hidden(), true),
          inputs);
    }
    inputs.add(
        0, EmbeddingOps.gather(table, index).reshape(form.steps(), form.batch(), form.inputs()));
    return apply(form, inputs);
  }

  private static NeuralOps.RecurrentResult apply(Recurrence form, List<Tensor> inputs) {
    List<Tensor> outputs =
        inputs
            .get(1)
            .session()
            .apply(new RecurrentOp(form), inputs.stream().map(Tensor::contiguous).toList());
    return new NeuralOps.RecurrentResult(
        outputs.get(0),
        outputs.get(1),
        form.cell().hasCellState() ? Optional.of(outputs.get(2)) : Optional.empty());
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
        c = session.allocate(node.outputs().get(i).dims());
        session.backend().fill(0, c.view());
      }
      in.add(c.denseView());
    }
    node.inputs().forEach(input -> in.add(input.view()));
    in.add(node.output().view());
    in.add(node.outputs().getLast().view());
    Tensor[] result = new Tensor[needed.length];
    View[] out = new View[needed.length];
    int first = 0;
    if (form.oneHot()) {
      out[first++] = node.input(0).view();
    }
    for (int i = first; i < result.length; i++) {
      Tensor gradient = session.allocate(node.input(i).dims());
      out[i] = gradient.view();
      result[i] = needed[i] ? gradient : null;
    }
    session.backend().recurrentGrad(form, in.toArray(View[]::new), out);
    return result;
  }
}

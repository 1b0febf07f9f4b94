package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.Recurrence;
import java.util.ArrayList;
import java.util.List;

/** What recurrent layers compute, in ordinary operations. */
final class RecurrentDefinition {

  private final Recurrence form;
  private final int hidden;

  RecurrentDefinition(Recurrence form) {
    this.form = form;
    this.hidden = form.hidden();
  }

  /** From x, h₀, (c₀,) weights to y, h_T, (c_T). */
  List<Tensor> run(List<Tensor> in) {
    boolean hasCell = form.cell().hasCellState();
    int first = hasCell ? 3 : 2;
    List<Tensor> hiddens = new ArrayList<>();
    List<Tensor> cells = new ArrayList<>();
    Tensor sequence = in.get(0);
    for (int layer = 0; layer < form.layers(); layer++) {
      int at = first + 4 * layer;
      Tensor h = ofLayer(in.get(1), layer);
      Tensor c = hasCell ? ofLayer(in.get(2), layer) : null;
      // [T·B, I]·Wᵢₕᵀ: what does not depend on the state, for all steps at once.
      Tensor projected =
          (layer == 0 && form.oneHot()
                  ? EmbeddingOps.gather(in.get(at).transpose(), sequence)
                  : sequence
                      .reshape(form.steps() * form.batch(), form.inputsOf(layer))
                      .matmulTransposed(in.get(at)))
              .add(in.get(at + 2));
      List<Tensor> outputs = new ArrayList<>();
      for (int t = 0; t < form.steps(); t++) {
        Tensor fromInput = projected.slice(0, t * form.batch(), (t + 1) * form.batch());
        Tensor fromState = h.matmulTransposed(in.get(at + 1)).add(in.get(at + 3));
        if (hasCell) {
          Tensor gates = fromInput.add(fromState);
          c =
              gate(gates, 1)
                  .sigmoid()
                  .mul(c)
                  .add(gate(gates, 0).sigmoid().mul(gate(gates, 2).tanh()));
          h = gate(gates, 3).sigmoid().mul(c.tanh());
        } else {
          h = gru(fromInput, fromState, h);
        }
        outputs.add(h.reshape(1, form.batch(), hidden));
      }
      hiddens.add(h.reshape(1, form.batch(), hidden));
      if (hasCell) {
        cells.add(c.reshape(1, form.batch(), hidden));
      }
      sequence = Tensor.concat(0, outputs);
    }
    Tensor last = Tensor.concat(0, hiddens);
    return hasCell ? List.of(sequence, last, Tensor.concat(0, cells)) : List.of(sequence, last);
  }

  private Tensor gru(Tensor fromInput, Tensor fromState, Tensor h) {
    Tensor reset = gate(fromInput, 0).add(gate(fromState, 0)).sigmoid();
    Tensor update = gate(fromInput, 1).add(gate(fromState, 1)).sigmoid();
    Tensor candidate = gate(fromInput, 2).add(reset.mul(gate(fromState, 2))).tanh();
    // (1−z)·n + z·h
    return candidate.add(update.mul(h.sub(candidate)));
  }

  private Tensor ofLayer(Tensor states, int layer) {
    return states.slice(0, layer, layer + 1).reshape(form.batch(), hidden);
  }

  private Tensor gate(Tensor gates, int number) {
    return gates.slice(1, number * hidden, (number + 1) * hidden);
  }
}

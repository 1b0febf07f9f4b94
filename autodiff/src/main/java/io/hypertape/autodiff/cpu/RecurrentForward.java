package io.hypertape.autodiff.cpu;

import io.hypertape.autodiff.backend.Recurrence;
import io.hypertape.autodiff.backend.View;
import io.hypertape.kernels.Kernels;
import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Ints;
import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.layers.Cells;

/**
 * Recurrent layers over a sequence, one after the other: a product with the input for all steps at
 * once, then for each step a product with the state and the cell's kernel.
 */
final class RecurrentForward extends RecurrentCalls {

  private final View[] in;
  private final View[] out;
  private final View reserve;
  private final Floats bias;

  private RecurrentForward(
      Kernels kernels, RecurrentScratch scratch, RecurrentLayout at, View[] in, View[] out) {
    super(kernels, scratch, at);
    this.in = in;
    this.out = out;
    this.reserve = out[at.lstm() ? 3 : 2];
    this.bias = new Floats(scratch.bias, 0, 4 * at.form().hidden());
  }

  static Call of(
      Kernels kernels, RecurrentScratch scratch, Recurrence form, View[] in, View[] out) {
    var calls = new RecurrentForward(kernels, scratch, scratch.forward(form), in, out);
    for (int layer = 0; layer < form.layers(); layer++) {
      calls.layer(layer);
    }
    return calls.made();
  }

  private void layer(int layer) {
    Recurrence form = at.form();
    boolean oneHot = layer == 0 && form.oneHot();
    int weights = at.weights(layer);
    Matrix gates = at.gatesOf(reserve, layer);
    Matrix y = layer == form.layers() - 1 ? rows(out[0]) : at.outputOf(reserve, layer);
    Matrix input = Operands.matrix(in[weights]).transposed();
    Matrix features = oneHot ? gates(scratch.features, form.inputs()) : input;
    if (oneHot) {
      Ints x = Operands.ints(in[0]);
      // Before anything is written, and by places in the whole sequence.
      add(() -> x.checkWithin(form.inputs()));
      copy(input, features);
    } else {
      // gates [T·B, G·H] = x [T·B, I]·Wᵢₕᵀ [I, G·H].
      product(layer == 0 ? rows(in[0]) : at.outputOf(reserve, layer - 1), input, 0, gates);
    }
    Matrix weight = Operands.matrix(in[weights + 1]).transposed();
    if (at.turns()) {
      // In rows that gemm reads in place.
      Matrix turned = gates(scratch.turned, form.hidden());
      copy(weight, turned);
      weight = turned;
    }
    sumBiases(Operands.floats(in[weights + 2]), Operands.floats(in[weights + 3]));
    Matrix states = rows(in[1]);
    for (int t = 0; t < form.steps(); t++) {
      Matrix step = block(gates, t);
      Matrix h = t == 0 ? block(states, layer) : block(y, t - 1);
      if (oneHot) {
        add(kernels.layers().gatherRows(features, symbols(t), step));
      }
      if (at.lstm()) {
        lstmStep(layer, t, h, weight, step, state(y, t));
      } else {
        gruStep(layer, t, h, weight, step, state(y, t));
      }
    }
    copy(state(y, form.steps() - 1), state(rows(out[1]), layer));
    if (at.lstm()) {
      Matrix c = at.statesOf(reserve, layer);
      copy(state(c, form.steps() - 1), state(rows(out[2]), layer));
    }
  }

  /** What a one-hot input names at a step. */
  private Ints symbols(int t) {
    int batch = at.form().batch();
    return new Ints(CpuBackend.ints(in[0]), in[0].offset() + t * batch, batch);
  }

  /** Both biases go into the same sums, but for a GRU's candidate, where r stands between. */
  private void sumBiases(Floats input, Floats state) {
    int hidden = at.form().hidden();
    int summed = at.lstm() ? 4 * hidden : 2 * hidden;
    Floats sums = bias;
    add(
        () -> {
          for (int i = 0; i < summed; i++) {
            sums.set(i, input.get(i) + state.get(i));
          }
          for (int i = summed; i < 3 * hidden; i++) {
            sums.set(i, input.get(i));
            sums.set(i + hidden, state.get(i));
          }
        });
  }

  /** The product is gates [B, G·H] += h [B, H]·Wₕₕᵀ [H, G·H]. */
  private void lstmStep(int layer, int t, Matrix h, Matrix weight, Matrix gates, Floats y) {
    Matrix c = at.statesOf(reserve, layer);
    Floats before = t == 0 ? state(rows(in[2]), layer) : state(c, t - 1);
    Floats tanhC = state(at.tanhOf(reserve, layer), t);
    product(h, weight, 1, gates);
    add(kernels.layers().lstmCell(new Cells.Lstm(gates, bias, before, state(c, t), tanhC, y)));
  }

  /** The product with the state is apart from the input's. */
  private void gruStep(int layer, int t, Matrix h, Matrix weight, Matrix gates, Floats y) {
    Matrix products = gates(scratch.products, at.form().batch());
    Floats inner = state(at.innerOf(reserve, layer), t);
    product(h, weight, 0, products);
    add(kernels.layers().gruCell(new Cells.Gru(gates, products, bias, inner, state(h, 0), y)));
  }
}

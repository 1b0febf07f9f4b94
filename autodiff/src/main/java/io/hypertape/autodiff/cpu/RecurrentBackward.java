package io.hypertape.autodiff.cpu;

import io.hypertape.autodiff.backend.Recurrence;
import io.hypertape.autodiff.backend.View;
import io.hypertape.kernels.Kernels;
import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.layers.Cells;
import java.util.Arrays;

/**
 * First derivatives of recurrent layers, from the top layer down and from the last step to the
 * first: at each step the cell's kernel and a product for the state's cotangent; then one product
 * over all steps for each weight and for the layer's input.
 */
final class RecurrentBackward extends RecurrentCalls {

  private final View[] in;
  private final View[] out;
  private final View reserve;

  /** Cotangents of what products with the input gave, and with the state: a GRU's differ. */
  private final Matrix dGates;

  private final Matrix dProducts;

  private RecurrentBackward(
      Kernels kernels, RecurrentScratch scratch, RecurrentLayout at, View[] in, View[] out) {
    super(kernels, scratch, at);
    this.in = in;
    this.out = out;
    this.reserve = in[in.length - 1];
    this.dGates = gates(scratch.dGates, at.rows());
    this.dProducts = at.lstm() ? dGates : gates(scratch.dProducts, at.rows());
  }

  static Call of(
      Kernels kernels, RecurrentScratch scratch, Recurrence form, View[] in, View[] out) {
    var calls = new RecurrentBackward(kernels, scratch, scratch.backward(form), in, out);
    // The states' cotangents run back in place of those of the initial states.
    for (int k = 1; k < calls.at.operands(); k++) {
      calls.copy(Operands.floats(in[k]), Operands.floats(out[k]));
    }
    for (int layer = form.layers() - 1; layer >= 0; layer--) {
      calls.layer(layer);
    }
    return calls.made();
  }

  /** An operand of the forward pass. */
  private View operand(int k) {
    return in[at.operands() + k];
  }

  private void layer(int layer) {
    Recurrence form = at.form();
    boolean top = layer == form.layers() - 1;
    int weights = at.weights(layer);
    Matrix y = top ? rows(in[in.length - 2]) : at.outputOf(reserve, layer);
    Matrix dy = top ? rows(in[0]) : dOutput();
    Matrix dh = block(rows(out[1]), layer);
    for (int t = form.steps() - 1; t >= 0; t--) {
      if (at.lstm()) {
        lstmStep(layer, t, state(dy, t), state(dh, 0));
      } else {
        gruStep(layer, t, y, state(dy, t), state(dh, 0));
      }
      addBiasGrad(t, dGates, scratch.inputSums, out[weights + 2]);
      if (!at.lstm()) {
        addBiasGrad(t, dProducts, scratch.stateSums, out[weights + 3]);
      }
      // dh [B, H] (+)= dProducts [B, G·H]·Wₕₕ [G·H, H]; a GRU's dh has a part already.
      Matrix weight = Operands.matrix(operand(weights + 1));
      product(block(dProducts, t), weight, at.lstm() ? 0 : 1, dh);
    }
    inputWeightGrad(layer);
    stateWeightGrad(layer, y);
    if (at.lstm()) {
      // An LSTM's biases have the same cotangents.
      copy(Operands.floats(out[weights + 2]), Operands.floats(out[weights + 3]));
    }
    if (layer > 0 || !form.oneHot()) {
      // dx [T·B, I] = dGates [T·B, G·H]·Wᵢₕ [G·H, I].
      Matrix dx = layer == 0 ? rows(out[0]) : dOutput();
      product(dGates, Operands.matrix(operand(weights)), 0, dx);
    }
  }

  /** Cotangent of the output of the layer below. */
  private Matrix dOutput() {
    return Matrix.dense(scratch.dOutput, 0, at.rows(), at.form().hidden());
  }

  private void lstmStep(int layer, int t, Floats dy, Floats dh) {
    Matrix states = at.statesOf(reserve, layer);
    add(
        kernels
            .layers()
            .lstmCellGrad(
                new Cells.LstmGrad(
                    block(at.gatesOf(reserve, layer), t),
                    t == 0 ? state(rows(operand(2)), layer) : state(states, t - 1),
                    state(at.tanhOf(reserve, layer), t),
                    dy,
                    dh,
                    state(rows(out[2]), layer),
                    block(dGates, t))));
  }

  private void gruStep(int layer, int t, Matrix y, Floats dy, Floats dh) {
    add(
        kernels
            .layers()
            .gruCellGrad(
                new Cells.GruGrad(
                    block(at.gatesOf(reserve, layer), t),
                    state(at.innerOf(reserve, layer), t),
                    t == 0 ? state(rows(operand(1)), layer) : state(y, t - 1),
                    dy,
                    dh,
                    block(dGates, t),
                    block(dProducts, t))));
  }

  /**
   * dWᵢₕᵀ [I, G·H] = xᵀ [I, T·B]·dGates [T·B, G·H]: that way the smaller factor is turned. Of a
   * one-hot input it is the sums of the rows of dGates that name a feature.
   */
  private void inputWeightGrad(int layer) {
    Matrix turned = gates(scratch.turned, at.form().inputsOf(layer));
    if (layer == 0 && at.form().oneHot()) {
      add(kernels.layers().scatterRows(dGates, Operands.ints(operand(0)), turned));
    } else {
      Matrix x = layer == 0 ? rows(operand(0)) : at.outputOf(reserve, layer - 1);
      product(x.transposed(), dGates, 0, turned);
    }
    copy(turned.transposed(), Operands.matrix(out[at.weights(layer)]));
  }

  /** dWₕₕ likewise, with h₀ and then the output of all steps but the last. */
  private void stateWeightGrad(int layer, Matrix y) {
    int steps = at.form().steps();
    Matrix turned = gates(scratch.turned, at.form().hidden());
    product(block(rows(operand(1)), layer).transposed(), block(dProducts, 0), 0, turned);
    if (steps > 1) {
      Matrix before = blocks(y, 0, steps - 1);
      product(before.transposed(), blocks(dProducts, 1, steps), 1, turned);
    }
    copy(turned.transposed(), Operands.matrix(out[at.weights(layer) + 1]));
  }

  /** Adds a step's sums while its rows are at hand; in double precision: steps may be many. */
  private void addBiasGrad(int t, Matrix d, double[] sums, View bias) {
    int gates = at.gates();
    boolean last = t == at.form().steps() - 1;
    Floats step = new Floats(scratch.stepSums, 0, gates);
    Floats result = Operands.floats(bias);
    Call columns = kernels.layers().columnSums(block(d, t), step);
    add(
        () -> {
          columns.run();
          if (last) {
            Arrays.fill(sums, 0, gates, 0);
          }
          for (int i = 0; i < gates; i++) {
            sums[i] += step.get(i);
          }
          for (int i = 0; t == 0 && i < gates; i++) {
            result.set(i, (float) sums[i]);
          }
        });
  }
}

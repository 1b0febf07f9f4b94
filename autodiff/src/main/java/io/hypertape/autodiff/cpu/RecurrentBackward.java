package io.hypertape.autodiff.cpu;

import static io.hypertape.autodiff.cpu.CpuBackend.floats;
import static io.hypertape.autodiff.cpu.CpuBackend.ints;

import io.hypertape.autodiff.backend.Recurrence;
import io.hypertape.autodiff.backend.View;
import io.hypertape.kernels.Kernels;
import io.hypertape.kernels.lanes.Matrix;
import java.util.Arrays;

/**
 * First derivatives of recurrent layers, from the top layer down and from the last step to the
 * first: at each step the cell's kernel and a product for the state's cotangent; then one product
 * over all steps for each weight and for the layer's input.
 */
final class RecurrentBackward {

  private final Kernels kernels;
  private final RecurrentScratch scratch;

  RecurrentBackward(Kernels kernels, RecurrentScratch scratch) {
    this.kernels = kernels;
    this.scratch = scratch;
  }

  void run(Recurrence form, View[] in, View[] out) {
    RecurrentLayout at = scratch.backward(form);
    int first = at.operands();
    View y = in[in.length - 2];
    View reserve = in[in.length - 1];
    // The states' cotangents run back in place of those of the initial states.
    for (int k = 1; k < first; k++) {
      System.arraycopy(
          floats(in[k]), in[k].offset(), floats(out[k]), out[k].offset(), in[k].size());
    }
    for (int layer = form.layers() - 1; layer >= 0; layer--) {
      boolean top = layer == form.layers() - 1;
      View output = top ? y : reserve;
      int outputOff = output.offset() + (top ? 0 : at.outputOf(layer));
      float[] dy = top ? floats(in[0]) : scratch.dOutput;
      int dyOff = top ? in[0].offset() : 0;
      for (int t = form.steps() - 1; t >= 0; t--) {
        if (form.cell().hasCellState()) {
          lstmStep(at, layer, t, dy, dyOff, in, out);
        } else {
          gruStep(at, layer, t, dy, dyOff, in, floats(output), outputOff, out);
        }
        addBiasGrads(at, t, out[at.weights(layer) + 2], out[at.weights(layer) + 3]);
        stateGrad(at, layer, t, in[first + at.weights(layer) + 1], out[1]);
      }
      boolean oneHot = layer == 0 && form.oneHot();
      if (oneHot) {
        featureGrad(at, in[first], out[at.weights(0)]);
      } else {
        View x = layer == 0 ? in[first] : reserve;
        int xOff = x.offset() + (layer == 0 ? 0 : at.outputOf(layer - 1));
        inputWeightGrad(at, layer, floats(x), xOff, out[at.weights(layer)]);
      }
      stateWeightGrad(at, layer, in[first + 1], floats(output), outputOff, out);
      if (form.cell().hasCellState()) {
        copy(out[at.weights(layer) + 2], out[at.weights(layer) + 3]);
      }
      if (!oneHot) {
        inputGrad(
            at,
            layer,
            in[first + at.weights(layer)],
            layer == 0 ? floats(out[0]) : scratch.dOutput,
            layer == 0 ? out[0].offset() : 0);
      }
    }
  }

  /** Cotangents of what the products with the state gave: a GRU's differ from the input's. */
  private float[] dProducts(RecurrentLayout at) {
    return at.form().cell().hasCellState() ? scratch.dGates : scratch.dProducts;
  }

  private void lstmStep(
      RecurrentLayout at, int layer, int t, float[] dy, int dyOff, View[] in, View[] out) {
    View reserve = in[in.length - 1];
    float[] kept = floats(reserve);
    View before = in[at.operands() + 2];
    int step = t * at.state();
    int states = layer * at.state();
    kernels.lstmCellGrad(
        at.cell(),
        kept,
        reserve.offset() + at.gatesOf(layer) + t * at.stepGates(),
        t == 0 ? floats(before) : kept,
        t == 0
            ? before.offset() + states
            : reserve.offset() + at.statesOf(layer) + step - at.state(),
        kept,
        reserve.offset() + at.tanhOf(layer) + step,
        dy,
        dyOff + step,
        floats(out[1]),
        out[1].offset() + states,
        floats(out[2]),
        out[2].offset() + states,
        scratch.dGates,
        t * at.stepGates());
  }

  private void gruStep(
      RecurrentLayout at,
      int layer,
      int t,
      float[] dy,
      int dyOff,
      View[] in,
      float[] output,
      int outputOff,
      View[] out) {
    View reserve = in[in.length - 1];
    float[] kept = floats(reserve);
    View before = in[at.operands() + 1];
    int step = t * at.state();
    int states = layer * at.state();
    kernels.gruCellGrad(
        at.cell(),
        kept,
        reserve.offset() + at.gatesOf(layer) + t * at.stepGates(),
        kept,
        reserve.offset() + at.innerOf(layer) + step,
        t == 0 ? floats(before) : output,
        t == 0 ? before.offset() + states : outputOff + step - at.state(),
        dy,
        dyOff + step,
        floats(out[1]),
        out[1].offset() + states,
        scratch.dGates,
        t * at.stepGates(),
        scratch.dProducts,
        t * at.stepGates());
  }

  /** dh [B, H] (+)= dProducts [B, G·H]·Wₕₕ [G·H, H]; a GRU's dh has a part already. */
  private void stateGrad(RecurrentLayout at, int layer, int t, View weight, View dh) {
    int hidden = at.form().hidden();
    kernels
        .products()
        .gemm(
            new Matrix(
                dProducts(at), t * at.stepGates(), at.form().batch(), at.gates(), at.gateRow(), 1),
            new Matrix(floats(weight), weight.offset(), at.gates(), hidden, hidden, 1),
            at.form().cell().hasCellState() ? 0 : 1,
            new Matrix(
                floats(dh), dh.offset() + layer * at.state(), at.form().batch(), hidden, hidden, 1))
        .run();
  }

  /** dWᵢₕᵀ [I, G·H] = xᵀ [I, T·B]·dGates [T·B, G·H]: that way the smaller factor is turned. */
  private void inputWeightGrad(RecurrentLayout at, int layer, float[] x, int xOff, View dWeight) {
    int inputs = at.form().inputsOf(layer);
    outer(at, at.rows(), inputs, x, xOff, scratch.dGates, 0, 0);
    turnBack(at, inputs, dWeight);
  }

  /** dWᵢₕᵀ [I, G·H] of a one-hot input: the sums of the rows of dGates that name a feature. */
  private void featureGrad(RecurrentLayout at, View x, View dWeight) {
    int inputs = at.form().inputs();
    kernels.scatterRows(
        at.rows(), inputs, at.gateRow(), scratch.dGates, 0, ints(x), x.offset(), scratch.turned, 0);
    turnBack(at, inputs, dWeight);
  }

  /** dWₕₕ likewise, with h₀ and then the output of all steps but the last. */
  private void stateWeightGrad(
      RecurrentLayout at, int layer, View h0, float[] output, int outputOff, View[] out) {
    int batch = at.form().batch();
    int hidden = at.form().hidden();
    float[] d = dProducts(at);
    outer(at, batch, hidden, floats(h0), h0.offset() + layer * at.state(), d, 0, 0);
    if (at.form().steps() > 1) {
      outer(at, at.rows() - batch, hidden, output, outputOff, d, at.stepGates(), 1);
    }
    turnBack(at, hidden, out[at.weights(layer) + 1]);
  }

  private void outer(
      RecurrentLayout at,
      int rows,
      int features,
      float[] x,
      int xOff,
      float[] d,
      int dOff,
      float beta) {
    kernels
        .products()
        .gemm(
            new Matrix(x, xOff, features, rows, 1, features),
            new Matrix(d, dOff, rows, at.gates(), at.gateRow(), 1),
            beta,
            new Matrix(scratch.turned, 0, features, at.gates(), at.gateRow(), 1))
        .run();
  }

  private void turnBack(RecurrentLayout at, int features, View dWeight) {
    float[] from = scratch.turned;
    float[] to = floats(dWeight);
    int gateRow = at.gateRow();
    for (int i = 0; i < at.gates(); i++) {
      int row = dWeight.offset() + i * features;
      for (int j = 0; j < features; j++) {
        to[row + j] = from[i + j * gateRow];
      }
    }
  }

  /** Adds a step's sums while its rows are at hand; an LSTM's biases have the same cotangents. */
  private void addBiasGrads(RecurrentLayout at, int t, View input, View state) {
    addColumnSums(at, t, scratch.dGates, scratch.inputSums, input);
    if (!at.form().cell().hasCellState()) {
      addColumnSums(at, t, scratch.dProducts, scratch.stateSums, state);
    }
  }

  /** In double precision: steps may be many. */
  private void addColumnSums(RecurrentLayout at, int t, float[] d, double[] sums, View bias) {
    int gates = at.gates();
    float[] step = scratch.stepSums;
    kernels.columnSums(at.form().batch(), gates, d, t * at.stepGates(), at.gateRow(), step, 0);
    if (t == at.form().steps() - 1) {
      Arrays.fill(sums, 0, gates, 0);
    }
    for (int i = 0; i < gates; i++) {
      sums[i] += step[i];
    }
    if (t == 0) {
      for (int i = 0; i < gates; i++) {
        floats(bias)[bias.offset() + i] = (float) sums[i];
      }
    }
  }

  private static void copy(View from, View to) {
    System.arraycopy(floats(from), from.offset(), floats(to), to.offset(), from.size());
  }

  /** dx [T·B, I] = dGates [T·B, G·H]·Wᵢₕ [G·H, I]. */
  private void inputGrad(RecurrentLayout at, int layer, View weight, float[] dx, int dxOff) {
    int inputs = at.form().inputsOf(layer);
    kernels
        .products()
        .gemm(
            new Matrix(scratch.dGates, 0, at.rows(), at.gates(), at.gateRow(), 1),
            new Matrix(floats(weight), weight.offset(), at.gates(), inputs, inputs, 1),
            0,
            new Matrix(dx, dxOff, at.rows(), inputs, inputs, 1))
        .run();
  }
}

package io.hypertape.autodiff.cpu;

import static io.hypertape.autodiff.cpu.CpuBackend.floats;
import static io.hypertape.autodiff.cpu.CpuBackend.ints;

import io.hypertape.autodiff.backend.Recurrence;
import io.hypertape.autodiff.backend.View;
import io.hypertape.kernels.Kernels;
import io.hypertape.kernels.lanes.Matrix;

/**
 * Recurrent layers over a sequence, one after the other: a product with the input for all steps at
 * once, then for each step a product with the state and the cell's kernel.
 */
final class RecurrentForward {

  private final Kernels kernels;
  private final RecurrentScratch scratch;

  RecurrentForward(Kernels kernels, RecurrentScratch scratch) {
    this.kernels = kernels;
    this.scratch = scratch;
  }

  void run(Recurrence form, View[] in, View[] out) {
    RecurrentLayout at = scratch.forward(form);
    boolean lstm = form.cell().hasCellState();
    View reserve = out[lstm ? 3 : 2];
    for (int layer = 0; layer < form.layers(); layer++) {
      boolean top = layer == form.layers() - 1;
      boolean oneHot = layer == 0 && form.oneHot();
      View y = top ? out[0] : reserve;
      int yOff = y.offset() + (top ? 0 : at.outputOf(layer));
      int weights = at.weights(layer);
      if (oneHot) {
        checkFeatures(at, in[0]);
        turn(at, form.inputs(), in[weights], scratch.features);
      } else {
        View x = layer == 0 ? in[0] : reserve;
        int xOff = x.offset() + (layer == 0 ? 0 : at.outputOf(layer - 1));
        inputProducts(at, layer, floats(x), xOff, in[weights], reserve);
      }
      if (at.turns()) {
        turn(at, form.hidden(), in[weights + 1], scratch.turned);
      }
      sumBiases(at, in[weights + 2], in[weights + 3]);
      for (int t = 0; t < form.steps(); t++) {
        View before = t == 0 ? in[1] : y;
        if (oneHot) {
          inputFeatures(at, t, in[0], reserve);
        }
        int h = t == 0 ? before.offset() + layer * at.state() : yOff + (t - 1) * at.state();
        if (lstm) {
          lstmStep(at, layer, t, floats(before), h, in, reserve, floats(y), yOff);
        } else {
          gruStep(at, layer, t, floats(before), h, in, reserve, floats(y), yOff);
        }
      }
      int last = (form.steps() - 1) * at.state();
      state(at, layer, floats(y), yOff + last, out[1]);
      if (lstm) {
        state(at, layer, floats(reserve), reserve.offset() + at.statesOf(layer) + last, out[2]);
      }
    }
  }

  private static void state(RecurrentLayout at, int layer, float[] from, int off, View to) {
    System.arraycopy(from, off, floats(to), to.offset() + layer * at.state(), at.state());
  }

  /** gates [T·B, G·H] = x [T·B, I]·Wᵢₕᵀ [I, G·H]. */
  private void inputProducts(
      RecurrentLayout at, int layer, float[] x, int xOff, View weight, View reserve) {
    int inputs = at.form().inputsOf(layer);
    kernels
        .products()
        .gemm(
            new Matrix(x, xOff, at.rows(), inputs, inputs, 1),
            new Matrix(floats(weight), weight.offset(), inputs, at.gates(), 1, inputs),
            0,
            new Matrix(
                floats(reserve),
                reserve.offset() + at.gatesOf(layer),
                at.rows(),
                at.gates(),
                at.gateRow(),
                1))
        .run();
  }

  /** Before anything is written, and by places in the whole sequence. */
  private static void checkFeatures(RecurrentLayout at, View x) {
    int[] index = ints(x);
    for (int i = 0; i < at.rows(); i++) {
      int feature = index[x.offset() + i];
      if (feature < 0 || feature >= at.form().inputs()) {
        throw new IndexOutOfBoundsException(
            "index[" + i + "] is " + feature + ", allowed are 0 to " + (at.form().inputs() - 1));
      }
    }
  }

  /** gates [B, G·H] of a step = the rows of Wᵢₕᵀ that a one-hot input names. */
  private void inputFeatures(RecurrentLayout at, int t, View x, View reserve) {
    int batch = at.form().batch();
    kernels.gatherRows(
        batch,
        at.form().inputs(),
        at.gateRow(),
        scratch.features,
        0,
        ints(x),
        x.offset() + t * batch,
        floats(reserve),
        reserve.offset() + at.gatesOf(0) + t * at.stepGates());
  }

  /** A weight [G·H, columns] turned around, [columns, G·H] in rows that gemm reads in place. */
  private void turn(RecurrentLayout at, int columns, View weight, float[] turned) {
    float[] from = floats(weight);
    int gates = at.gates();
    for (int j = 0; j < columns; j++) {
      int column = weight.offset() + j;
      int to = j * at.gateRow();
      for (int i = 0; i < gates; i++) {
        turned[to + i] = from[column + i * columns];
      }
    }
  }

  /** Both biases go into the same sums, but for a GRU's candidate, where r stands between. */
  private void sumBiases(RecurrentLayout at, View input, View state) {
    float[] a = floats(input);
    float[] b = floats(state);
    int hidden = at.form().hidden();
    int summed = at.form().cell().hasCellState() ? 4 * hidden : 2 * hidden;
    for (int i = 0; i < summed; i++) {
      scratch.bias[i] = a[input.offset() + i] + b[state.offset() + i];
    }
    if (summed < 4 * hidden) {
      System.arraycopy(a, input.offset() + summed, scratch.bias, summed, hidden);
      System.arraycopy(b, state.offset() + summed, scratch.bias, summed + hidden, hidden);
    }
  }

  /** out [B, G·H] (+)= h [B, H]·Wₕₕᵀ [H, G·H]. */
  private void stateProducts(
      RecurrentLayout at, float[] h, int hOff, View weight, float beta, float[] out, int outOff) {
    int hidden = at.form().hidden();
    boolean isTurned = at.turns();
    kernels
        .products()
        .gemm(
            new Matrix(h, hOff, at.form().batch(), hidden, hidden, 1),
            new Matrix(
                isTurned ? scratch.turned : floats(weight),
                isTurned ? 0 : weight.offset(),
                hidden,
                at.gates(),
                isTurned ? at.gateRow() : 1,
                isTurned ? 1 : hidden),
            beta,
            new Matrix(out, outOff, at.form().batch(), at.gates(), at.gateRow(), 1))
        .run();
  }

  private void lstmStep(
      RecurrentLayout at,
      int layer,
      int t,
      float[] h,
      int hOff,
      View[] in,
      View reserve,
      float[] y,
      int yOff) {
    float[] kept = floats(reserve);
    int gates = reserve.offset() + at.gatesOf(layer) + t * at.stepGates();
    int states = reserve.offset() + at.statesOf(layer);
    int step = t * at.state();
    stateProducts(at, h, hOff, in[at.weights(layer) + 1], 1, kept, gates);
    kernels.lstmCell(
        at.cell(),
        kept,
        gates,
        scratch.bias,
        0,
        t == 0 ? floats(in[2]) : kept,
        t == 0 ? in[2].offset() + layer * at.state() : states + step - at.state(),
        kept,
        states + step,
        kept,
        reserve.offset() + at.tanhOf(layer) + step,
        y,
        yOff + step);
  }

  private void gruStep(
      RecurrentLayout at,
      int layer,
      int t,
      float[] h,
      int hOff,
      View[] in,
      View reserve,
      float[] y,
      int yOff) {
    int step = t * at.state();
    stateProducts(at, h, hOff, in[at.weights(layer) + 1], 0, scratch.products, 0);
    kernels.gruCell(
        at.cell(),
        floats(reserve),
        reserve.offset() + at.gatesOf(layer) + t * at.stepGates(),
        scratch.products,
        0,
        scratch.bias,
        0,
        floats(reserve),
        reserve.offset() + at.innerOf(layer) + step,
        h,
        hOff,
        y,
        yOff + step);
  }
}

package io.hypertape.autodiff.reference;

import io.hypertape.autodiff.backend.Recurrence;
import io.hypertape.autodiff.backend.View;

/** Recurrent layers backward: through the layers from the last one, in each through time. */
final class RecurrentGradLoops {

  private final RecurrentLoops forward;
  private final Recurrence form;
  private final int hidden;
  private final int gates;
  private final int cotangents;
  private final ContiguousElements[] in;
  private final ContiguousElements reserve;
  private final double[][] gradients;
  // Cotangents of the gates' sums: of what comes from the input, and of what comes from the state.
  private final double[] fromInput;
  private final double[] fromState;

  RecurrentGradLoops(Recurrence form, View[] inputs, View[] outputs) {
    this.forward = new RecurrentLoops(form);
    this.form = form;
    this.hidden = form.hidden();
    this.gates = form.cell().gates();
    this.cotangents = forward.states;
    this.in = ContiguousElements.of(inputs);
    this.reserve = in[in.length - 1];
    this.gradients = new double[outputs.length][];
    for (int i = 0; i < outputs.length; i++) {
      gradients[i] = new double[outputs[i].size()];
    }
    this.fromInput = new double[gates * hidden];
    this.fromState = new double[gates * hidden];
  }

  void run(View[] outputs) {
    // Of the current layer's outputs; becomes that of the layer below.
    double[] dy = new double[form.steps() * form.batch() * hidden];
    for (int i = 0; i < dy.length; i++) {
      dy[i] = in[0].get(i);
    }
    for (int layer = form.layers() - 1; layer >= 0; layer--) {
      double[] below = new double[form.steps() * form.batch() * form.inputsOf(layer)];
      for (int b = 0; b < form.batch(); b++) {
        sequence(layer, b, dy, below);
      }
      dy = below;
    }
    gradients[0] = dy;
    for (int i = 0; i < outputs.length; i++) {
      ContiguousElements.of(outputs[i]).setAll(gradients[i]);
    }
  }

  private void sequence(int layer, int b, double[] dy, double[] below) {
    boolean hasCell = form.cell().hasCellState();
    double[] dh = new double[hidden];
    double[] dc = new double[hidden];
    for (int j = 0; j < hidden; j++) {
      dh[j] = in[1].get(forward.stateAt(layer, b, j));
      dc[j] = hasCell ? in[2].get(forward.stateAt(layer, b, j)) : 0;
    }
    for (int t = form.steps() - 1; t >= 0; t--) {
      double[] before = new double[hidden];
      for (int j = 0; j < hidden; j++) {
        dh[j] += dy[forward.at(t, b, j)];
        if (hasCell) {
          lstm(layer, t, b, j, dh, dc);
        } else {
          gru(layer, t, b, j, dh, before);
        }
      }
      products(layer, t, b, before, below);
      dh = before;
    }
    for (int j = 0; j < hidden; j++) {
      gradients[1][forward.stateAt(layer, b, j)] = dh[j];
      if (hasCell) {
        gradients[2][forward.stateAt(layer, b, j)] = dc[j];
      }
    }
  }

  private double gate(int layer, int gate, int t, int b, int j) {
    return reserve.get(forward.gateAt(layer, gate, t, b, j));
  }

  private void lstm(int layer, int t, int b, int j, double[] dh, double[] dc) {
    double i = gate(layer, 0, t, b, j);
    double f = gate(layer, 1, t, b, j);
    double g = gate(layer, 2, t, b, j);
    double o = gate(layer, 3, t, b, j);
    double tanh = Math.tanh(reserve.get(forward.extraAt(layer, t, b, j)));
    double cellBefore = forward.cellBefore(in[cotangents + 2], reserve, layer, t, b, j);
    double d = dc[j] + dh[j] * o * (1 - tanh * tanh);
    put(0, j, d * g * i * (1 - i));
    put(1, j, d * cellBefore * f * (1 - f));
    put(2, j, d * i * (1 - g * g));
    put(3, j, dh[j] * tanh * o * (1 - o));
    dc[j] = d * f;
  }

  private void gru(int layer, int t, int b, int j, double[] dh, double[] before) {
    double r = gate(layer, 0, t, b, j);
    double z = gate(layer, 1, t, b, j);
    double n = gate(layer, 2, t, b, j);
    double h = forward.outputBefore(in[cotangents + 1], reserve, layer, t, b, j);
    double candidate = dh[j] * (1 - z) * (1 - n * n);
    put(0, j, candidate * reserve.get(forward.extraAt(layer, t, b, j)) * r * (1 - r));
    put(1, j, dh[j] * (h - n) * z * (1 - z));
    put(2, j, candidate);
    fromState[2 * hidden + j] = candidate * r;
    before[j] = dh[j] * z;
  }

  private void put(int gate, int j, double value) {
    fromInput[gate * hidden + j] = value;
    fromState[gate * hidden + j] = value;
  }

  /** What the gates' sums are made of: input, state and weights. */
  private void products(int layer, int t, int b, double[] before, double[] below) {
    int features = form.inputsOf(layer);
    int first = forward.states + 4 * layer;
    ContiguousElements inputWeights = in[cotangents + first];
    ContiguousElements stateWeights = in[cotangents + first + 1];
    for (int row = 0; row < gates * hidden; row++) {
      for (int k = 0; k < features; k++) {
        double x = forward.below(in[cotangents], reserve, layer, t, b, k);
        below[(t * form.batch() + b) * features + k] +=
            fromInput[row] * inputWeights.get(row * features + k);
        gradients[first][row * features + k] += fromInput[row] * x;
      }
      for (int k = 0; k < hidden; k++) {
        double h = forward.outputBefore(in[cotangents + 1], reserve, layer, t, b, k);
        before[k] += fromState[row] * stateWeights.get(row * hidden + k);
        gradients[first + 1][row * hidden + k] += fromState[row] * h;
      }
      gradients[first + 2][row] += fromInput[row];
      gradients[first + 3][row] += fromState[row];
    }
  }
}

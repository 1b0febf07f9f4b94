package io.hypertape.autodiff.reference;

import io.hypertape.autodiff.backend.Recurrence;
import io.hypertape.autodiff.backend.View;

/**
 * Recurrent layers forward, element by element. The reserve holds for each layer, [T, B, H] each:
 * its outputs, the gates after their activation, and one more: an LSTM's cell state, a GRU's h·Uₙᵀ
 * + uₙ.
 */
final class RecurrentLoops {

  final Recurrence form;
  final int gates;
  final int hidden;
  final int batch;

  /** Number of the tensors before the weights: x, h₀ and, for an LSTM, c₀. */
  final int states;

  private final int slab;

  RecurrentLoops(Recurrence form) {
    this.form = form;
    this.gates = form.cell().gates();
    this.hidden = form.hidden();
    this.batch = form.batch();
    this.states = form.cell().hasCellState() ? 3 : 2;
    this.slab = form.steps() * form.batch() * form.hidden();
  }

  int reserve() {
    return form.layers() * (gates + 2) * slab;
  }

  /** Place of (step, sequence, unit) in a [T, B, H]. */
  int at(int t, int b, int j) {
    return (t * batch + b) * hidden + j;
  }

  int outputAt(int layer, int t, int b, int j) {
    return layer * (gates + 2) * slab + at(t, b, j);
  }

  int gateAt(int layer, int gate, int t, int b, int j) {
    return (layer * (gates + 2) + 1 + gate) * slab + at(t, b, j);
  }

  int extraAt(int layer, int t, int b, int j) {
    return (layer * (gates + 2) + 1 + gates) * slab + at(t, b, j);
  }

  /** Place of (layer, sequence, unit) in an [L, B, H]. */
  int stateAt(int layer, int b, int j) {
    return (layer * batch + b) * hidden + j;
  }

  /** Feature k of what a layer reads at a step: the input, or the layer below. */
  double below(ContiguousElements x, ContiguousElements reserve, int layer, int t, int b, int k) {
    return layer == 0
        ? x.get((t * batch + b) * form.inputs() + k)
        : reserve.get(outputAt(layer - 1, t, b, k));
  }

  double outputBefore(
      ContiguousElements h0, ContiguousElements reserve, int layer, int t, int b, int j) {
    return t == 0 ? h0.get(stateAt(layer, b, j)) : reserve.get(outputAt(layer, t - 1, b, j));
  }

  double cellBefore(
      ContiguousElements c0, ContiguousElements reserve, int layer, int t, int b, int j) {
    return t == 0 ? c0.get(stateAt(layer, b, j)) : reserve.get(extraAt(layer, t - 1, b, j));
  }

  void forward(View[] inputs, View[] outputs) {
    ContiguousElements[] in = ContiguousElements.of(inputs);
    ContiguousElements[] out = ContiguousElements.of(outputs);
    ContiguousElements reserve = out[out.length - 1];
    int last = form.steps() - 1;
    for (int layer = 0; layer < form.layers(); layer++) {
      for (int t = 0; t < form.steps(); t++) {
        for (int b = 0; b < batch; b++) {
          for (int j = 0; j < hidden; j++) {
            unit(in, reserve, layer, t, b, j);
          }
        }
      }
      for (int b = 0; b < batch; b++) {
        for (int j = 0; j < hidden; j++) {
          out[1].set(stateAt(layer, b, j), reserve.get(outputAt(layer, last, b, j)));
          if (form.cell().hasCellState()) {
            out[2].set(stateAt(layer, b, j), reserve.get(extraAt(layer, last, b, j)));
          }
        }
      }
    }
    for (int i = 0; i < slab; i++) {
      out[0].set(i, reserve.get(outputAt(form.layers() - 1, 0, 0, 0) + i));
    }
  }

  private void unit(
      ContiguousElements[] in, ContiguousElements reserve, int layer, int t, int b, int j) {
    double[] fromInput = new double[gates];
    double[] fromState = new double[gates];
    int weights = states + 4 * layer;
    for (int g = 0; g < gates; g++) {
      int row = g * hidden + j;
      int features = form.inputsOf(layer);
      fromInput[g] = in[weights + 2].get(row);
      for (int k = 0; k < features; k++) {
        fromInput[g] += below(in[0], reserve, layer, t, b, k) * in[weights].get(row * features + k);
      }
      fromState[g] = in[weights + 3].get(row);
      for (int k = 0; k < hidden; k++) {
        fromState[g] +=
            outputBefore(in[1], reserve, layer, t, b, k) * in[weights + 1].get(row * hidden + k);
      }
    }
    double[] gate = new double[gates];
    double extra;
    double output;
    if (form.cell() == Recurrence.Cell.LSTM) {
      for (int g = 0; g < gates; g++) {
        double sum = fromInput[g] + fromState[g];
        gate[g] = g == 2 ? Math.tanh(sum) : sigmoid(sum);
      }
      extra = gate[1] * cellBefore(in[2], reserve, layer, t, b, j) + gate[0] * gate[2];
      output = gate[3] * Math.tanh(extra);
    } else {
      gate[0] = sigmoid(fromInput[0] + fromState[0]);
      gate[1] = sigmoid(fromInput[1] + fromState[1]);
      gate[2] = Math.tanh(fromInput[2] + gate[0] * fromState[2]);
      extra = fromState[2];
      output = (1 - gate[1]) * gate[2] + gate[1] * outputBefore(in[1], reserve, layer, t, b, j);
    }
    for (int g = 0; g < gates; g++) {
      reserve.set(gateAt(layer, g, t, b, j), gate[g]);
    }
    reserve.set(extraAt(layer, t, b, j), extra);
    reserve.set(outputAt(layer, t, b, j), output);
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}

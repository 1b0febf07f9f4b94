package io.hypertape.autodiff.cpu;

import io.hypertape.autodiff.backend.Recurrence;

/** Recurrent layers by their formulas, element by element in double precision. */
final class DoubleRecurrence {
  private final Recurrence form;

  DoubleRecurrence(Recurrence form) {
    this.form = form;
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** From the operands of {@code recurrent} to y, h_T and, for an LSTM, c_T. */
  double[][] run(double[][] in) {
    boolean lstm = form.cell().hasCellState();
    int hidden = form.hidden();
    int state = form.batch() * hidden;
    double[] h = in[1].clone();
    double[] c = lstm ? in[2].clone() : new double[h.length];
    double[] x = in[0];
    for (int layer = 0; layer < form.layers(); layer++) {
      int inputs = form.inputsOf(layer);
      double[] y = new double[form.steps() * state];
      for (int t = 0; t < form.steps(); t++) {
        for (int b = 0; b < form.batch(); b++) {
          int from = (layer * form.batch() + b) * hidden;
          double[] before = java.util.Arrays.copyOfRange(h, from, from + hidden);
          for (int j = 0; j < hidden; j++) {
            double[] fromX = new double[4];
            double[] fromH = new double[4];
            for (int gate = 0; gate < form.cell().gates(); gate++) {
              int row = gate * hidden + j;
              int w = (lstm ? 3 : 2) + 4 * layer;
              fromX[gate] = in[w + 2][row];
              fromH[gate] = in[w + 3][row];
              for (int i = 0; i < inputs; i++) {
                fromX[gate] += x[(t * form.batch() + b) * inputs + i] * in[w][row * inputs + i];
              }
              for (int i = 0; i < hidden; i++) {
                fromH[gate] += before[i] * in[w + 1][row * hidden + i];
              }
            }
            if (lstm) {
              c[from + j] =
                  sigmoid(fromX[1] + fromH[1]) * c[from + j]
                      + sigmoid(fromX[0] + fromH[0]) * Math.tanh(fromX[2] + fromH[2]);
              h[from + j] = sigmoid(fromX[3] + fromH[3]) * Math.tanh(c[from + j]);
            } else {
              double z = sigmoid(fromX[1] + fromH[1]);
              double n = Math.tanh(fromX[2] + sigmoid(fromX[0] + fromH[0]) * fromH[2]);
              h[from + j] = (1 - z) * n + z * before[j];
            }
            y[(t * form.batch() + b) * hidden + j] = h[from + j];
          }
        }
      }
      x = y;
    }
    return lstm ? new double[][] {x, h, c} : new double[][] {x, h};
  }
}

package io.hypertape.kernels.layers;

import io.hypertape.kernels.lanes.Scalars;
import io.hypertape.kernels.lanes.UnaryOp;

/** Recurrent cells in plain loops. */
final class ScalarCells {

  private ScalarCells() {}

  private static float sigmoid(float x) {
    return Scalars.unary(UnaryOp.SIGMOID, x);
  }

  private static float tanh(float x) {
    return Scalars.unary(UnaryOp.TANH, x);
  }

  static void lstm(Cells.Lstm o, int from, int to) {
    int n = o.hidden();
    float[] gates = o.gates().array();
    float[] bias = o.bias().array();
    int b = o.bias().offset();
    for (int row = from; row < to; row++) {
      int at = o.gates().row(row);
      for (int j = 0; j < n; j++) {
        float i = sigmoid(gates[at + j] + bias[b + j]);
        float f = sigmoid(gates[at + n + j] + bias[b + n + j]);
        float g = tanh(gates[at + 2 * n + j] + bias[b + 2 * n + j]);
        float out = sigmoid(gates[at + 3 * n + j] + bias[b + 3 * n + j]);
        int k = row * n + j;
        float state = f * o.c().get(k) + i * g;
        float t = tanh(state);
        gates[at + j] = i;
        gates[at + n + j] = f;
        gates[at + 2 * n + j] = g;
        gates[at + 3 * n + j] = out;
        o.newC().set(k, state);
        o.tanhC().set(k, t);
        o.h().set(k, out * t);
      }
    }
  }

  /** A row from an element on. */
  static void lstmGrad(Cells.LstmGrad o, int row, int from) {
    int n = o.hidden();
    float[] gates = o.gates().array();
    float[] dGates = o.dGates().array();
    float[] dc = o.dc().array();
    int dcOff = o.dc().offset() + row * n;
    int at = o.gates().row(row);
    int to = o.dGates().row(row);
    for (int j = from; j < n; j++) {
      int k = row * n + j;
      float i = gates[at + j];
      float f = gates[at + n + j];
      float g = gates[at + 2 * n + j];
      float out = gates[at + 3 * n + j];
      float t = o.tanhC().get(k);
      float dOut = o.dy().get(k) + o.dh().get(k);
      float dState = dc[dcOff + j] + dOut * out * (1 - t * t);
      dGates[to + j] = dState * g * i * (1 - i);
      dGates[to + n + j] = dState * o.c().get(k) * f * (1 - f);
      dGates[to + 2 * n + j] = dState * i * (1 - g * g);
      dGates[to + 3 * n + j] = dOut * t * out * (1 - out);
      dc[dcOff + j] = dState * f;
    }
  }

  static void gru(Cells.Gru o, int from, int to) {
    int n = o.hidden();
    float[] gates = o.gates().array();
    float[] recurrent = o.recurrent().array();
    for (int row = from; row < to; row++) {
      for (int j = 0; j < n; j++) {
        int at = o.gates().row(row) + j;
        int a = o.recurrent().row(row) + j;
        int k = row * n + j;
        float r = sigmoid(gates[at] + recurrent[a] + o.bias().get(j));
        float z = sigmoid(gates[at + n] + recurrent[a + n] + o.bias().get(n + j));
        float u = recurrent[a + 2 * n] + o.bias().get(3 * n + j);
        float candidate = tanh(gates[at + 2 * n] + o.bias().get(2 * n + j) + r * u);
        gates[at] = r;
        gates[at + n] = z;
        gates[at + 2 * n] = candidate;
        o.inner().set(k, u);
        o.newH().set(k, candidate + z * (o.h().get(k) - candidate));
      }
    }
  }

  /** A row from an element on. */
  static void gruGrad(Cells.GruGrad o, int row, int from) {
    int n = o.hidden();
    float[] gates = o.gates().array();
    float[] dGates = o.dGates().array();
    float[] dRecurrent = o.dRecurrent().array();
    int at = o.gates().row(row);
    int to = o.dGates().row(row);
    int also = o.dRecurrent().row(row);
    for (int j = from; j < n; j++) {
      int k = row * n + j;
      float r = gates[at + j];
      float z = gates[at + n + j];
      float candidate = gates[at + 2 * n + j];
      float d = o.dy().get(k) + o.dh().get(k);
      float dCandidate = d * (1 - z) * (1 - candidate * candidate);
      float dz = d * (o.h().get(k) - candidate) * z * (1 - z);
      float dr = dCandidate * o.inner().get(k) * r * (1 - r);
      dGates[to + j] = dr;
      dGates[to + n + j] = dz;
      dGates[to + 2 * n + j] = dCandidate;
      dRecurrent[also + j] = dr;
      dRecurrent[also + n + j] = dz;
      dRecurrent[also + 2 * n + j] = dCandidate * r;
      o.dh().set(k, d * z);
    }
  }
}

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

  static void lstm(
      CellShape s,
      float[] gates,
      int gatesOff,
      float[] bias,
      int biasOff,
      float[] c,
      int cOff,
      float[] newC,
      int newCOff,
      float[] tanhC,
      int tanhCOff,
      float[] h,
      int hOff) {
    int n = s.hidden();
    for (int row = 0; row < s.batch(); row++) {
      int at = gatesOff + row * s.gateRow();
      for (int j = 0; j < n; j++) {
        float i = sigmoid(gates[at + j] + bias[biasOff + j]);
        float f = sigmoid(gates[at + n + j] + bias[biasOff + n + j]);
        float g = tanh(gates[at + 2 * n + j] + bias[biasOff + 2 * n + j]);
        float o = sigmoid(gates[at + 3 * n + j] + bias[biasOff + 3 * n + j]);
        int k = row * n + j;
        float state = f * c[cOff + k] + i * g;
        float t = tanh(state);
        gates[at + j] = i;
        gates[at + n + j] = f;
        gates[at + 2 * n + j] = g;
        gates[at + 3 * n + j] = o;
        newC[newCOff + k] = state;
        tanhC[tanhCOff + k] = t;
        h[hOff + k] = o * t;
      }
    }
  }

  static void lstmGrad(
      CellShape s,
      float[] gates,
      int gatesOff,
      float[] c,
      int cOff,
      float[] tanhC,
      int tanhCOff,
      float[] dy,
      int dyOff,
      float[] dh,
      int dhOff,
      float[] dc,
      int dcOff,
      float[] dGates,
      int dGatesOff) {
    int n = s.hidden();
    for (int row = 0; row < s.batch(); row++) {
      int k = row * n;
      int at = row * s.gateRow();
      lstmGradRow(
          n,
          0,
          gates,
          gatesOff + at,
          c,
          cOff + k,
          tanhC,
          tanhCOff + k,
          dy,
          dyOff + k,
          dh,
          dhOff + k,
          dc,
          dcOff + k,
          dGates,
          dGatesOff + at);
    }
  }

  /** A row of {@link #lstmGrad} from an element on. */
  static void lstmGradRow(
      int n,
      int from,
      float[] gates,
      int at,
      float[] c,
      int cOff,
      float[] tanhC,
      int tanhCOff,
      float[] dy,
      int dyOff,
      float[] dh,
      int dhOff,
      float[] dc,
      int dcOff,
      float[] dGates,
      int to) {
    for (int j = from; j < n; j++) {
      float i = gates[at + j];
      float f = gates[at + n + j];
      float g = gates[at + 2 * n + j];
      float o = gates[at + 3 * n + j];
      float t = tanhC[tanhCOff + j];
      float dOut = dy[dyOff + j] + dh[dhOff + j];
      float dState = dc[dcOff + j] + dOut * o * (1 - t * t);
      dGates[to + j] = dState * g * i * (1 - i);
      dGates[to + n + j] = dState * c[cOff + j] * f * (1 - f);
      dGates[to + 2 * n + j] = dState * i * (1 - g * g);
      dGates[to + 3 * n + j] = dOut * t * o * (1 - o);
      dc[dcOff + j] = dState * f;
    }
  }

  static void gru(
      CellShape s,
      float[] gates,
      int gatesOff,
      float[] recurrent,
      int recurrentOff,
      float[] bias,
      int biasOff,
      float[] inner,
      int innerOff,
      float[] h,
      int hOff,
      float[] newH,
      int newHOff) {
    int n = s.hidden();
    for (int row = 0; row < s.batch(); row++) {
      for (int j = 0; j < n; j++) {
        int at = gatesOff + row * s.gateRow() + j;
        int from = recurrentOff + row * s.gateRow() + j;
        int b = biasOff + j;
        int k = row * n + j;
        float r = sigmoid(gates[at] + recurrent[from] + bias[b]);
        float z = sigmoid(gates[at + n] + recurrent[from + n] + bias[b + n]);
        float u = recurrent[from + 2 * n] + bias[b + 3 * n];
        float candidate = tanh(gates[at + 2 * n] + bias[b + 2 * n] + r * u);
        gates[at] = r;
        gates[at + n] = z;
        gates[at + 2 * n] = candidate;
        inner[innerOff + k] = u;
        newH[newHOff + k] = candidate + z * (h[hOff + k] - candidate);
      }
    }
  }

  static void gruGrad(
      CellShape s,
      float[] gates,
      int gatesOff,
      float[] inner,
      int innerOff,
      float[] h,
      int hOff,
      float[] dy,
      int dyOff,
      float[] dh,
      int dhOff,
      float[] dGates,
      int dGatesOff,
      float[] dRecurrent,
      int dRecurrentOff) {
    int n = s.hidden();
    for (int row = 0; row < s.batch(); row++) {
      int k = row * n;
      int at = row * s.gateRow();
      gruGradRow(
          n,
          0,
          gates,
          gatesOff + at,
          inner,
          innerOff + k,
          h,
          hOff + k,
          dy,
          dyOff + k,
          dh,
          dhOff + k,
          dGates,
          dGatesOff + at,
          dRecurrent,
          dRecurrentOff + at);
    }
  }

  /** A row of {@link #gruGrad} from an element on. */
  static void gruGradRow(
      int n,
      int from,
      float[] gates,
      int at,
      float[] inner,
      int innerOff,
      float[] h,
      int hOff,
      float[] dy,
      int dyOff,
      float[] dh,
      int dhOff,
      float[] dGates,
      int to,
      float[] dRecurrent,
      int also) {
    for (int j = from; j < n; j++) {
      float r = gates[at + j];
      float z = gates[at + n + j];
      float candidate = gates[at + 2 * n + j];
      float d = dy[dyOff + j] + dh[dhOff + j];
      float dCandidate = d * (1 - z) * (1 - candidate * candidate);
      float dz = d * (h[hOff + j] - candidate) * z * (1 - z);
      float dr = dCandidate * inner[innerOff + j] * r * (1 - r);
      dGates[to + j] = dr;
      dGates[to + n + j] = dz;
      dGates[to + 2 * n + j] = dCandidate;
      dRecurrent[also + j] = dr;
      dRecurrent[also + n + j] = dz;
      dRecurrent[also + 2 * n + j] = dCandidate * r;
      dh[dhOff + j] = d * z;
    }
  }
}

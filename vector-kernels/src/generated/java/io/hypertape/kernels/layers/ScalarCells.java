// Generated, not to be edited: change the generator and run
// java vector-kernels/src/generator/java/io/hypertape/kernels/generator/GenerateBlocks.java
package io.hypertape.kernels.layers;

import io.hypertape.kernels.lanes.UnaryOp;

/** Recurrent cells in plain loops: a row from an element on. */
final class ScalarCells {

  private ScalarCells() {}

  private static float sigmoid(float x) {
    return UnaryOp.SIGMOID.of(x);
  }

  private static float tanh(float x) {
    return UnaryOp.TANH.of(x);
  }

  /** Of {@link Cells.Lstm}. */
  static void lstm(Cells.Lstm cell, int row, int from) {
    int n = cell.hidden();
    float[] gatesArray = cell.gates().array();
    int gatesOff = cell.gates().row(row);
    float[] biasArray = cell.bias().array();
    int biasOff = cell.bias().offset();
    float[] cArray = cell.c().array();
    int cOff = cell.c().offset() + row * n;
    float[] newCArray = cell.newC().array();
    int newCOff = cell.newC().offset() + row * n;
    float[] tanhCArray = cell.tanhC().array();
    int tanhCOff = cell.tanhC().offset() + row * n;
    float[] hArray = cell.h().array();
    int hOff = cell.h().offset() + row * n;
    for (int j = from; j < n; j++) {
      float i = gatesArray[gatesOff + j];
      float f = gatesArray[gatesOff + n + j];
      float g = gatesArray[gatesOff + 2 * n + j];
      float o = gatesArray[gatesOff + 3 * n + j];
      float iBias = biasArray[biasOff + j];
      float fBias = biasArray[biasOff + n + j];
      float gBias = biasArray[biasOff + 2 * n + j];
      float oBias = biasArray[biasOff + 3 * n + j];
      float c = cArray[cOff + j];
      float input = sigmoid(i + iBias);
      float forget = sigmoid(f + fBias);
      float candidate = tanh(g + gBias);
      float output = sigmoid(o + oBias);
      float state = forget * c + input * candidate;
      float t = tanh(state);
      gatesArray[gatesOff + j] = input;
      gatesArray[gatesOff + n + j] = forget;
      gatesArray[gatesOff + 2 * n + j] = candidate;
      gatesArray[gatesOff + 3 * n + j] = output;
      newCArray[newCOff + j] = state;
      tanhCArray[tanhCOff + j] = t;
      hArray[hOff + j] = output * t;
    }
  }

  /** Of {@link Cells.LstmGrad}. */
  static void lstmGrad(Cells.LstmGrad cell, int row, int from) {
    int n = cell.hidden();
    float[] gatesArray = cell.gates().array();
    int gatesOff = cell.gates().row(row);
    float[] dGatesArray = cell.dGates().array();
    int dGatesOff = cell.dGates().row(row);
    float[] cArray = cell.c().array();
    int cOff = cell.c().offset() + row * n;
    float[] tanhCArray = cell.tanhC().array();
    int tanhCOff = cell.tanhC().offset() + row * n;
    float[] dyArray = cell.dy().array();
    int dyOff = cell.dy().offset() + row * n;
    float[] dhArray = cell.dh().array();
    int dhOff = cell.dh().offset() + row * n;
    float[] dcArray = cell.dc().array();
    int dcOff = cell.dc().offset() + row * n;
    for (int j = from; j < n; j++) {
      float i = gatesArray[gatesOff + j];
      float f = gatesArray[gatesOff + n + j];
      float g = gatesArray[gatesOff + 2 * n + j];
      float o = gatesArray[gatesOff + 3 * n + j];
      float c = cArray[cOff + j];
      float tanhC = tanhCArray[tanhCOff + j];
      float dy = dyArray[dyOff + j];
      float dh = dhArray[dhOff + j];
      float dc = dcArray[dcOff + j];
      float d = dy + dh;
      float dState = dc + d * o * (1 - tanhC * tanhC);
      dGatesArray[dGatesOff + j] = dState * g * i * (1 - i);
      dGatesArray[dGatesOff + n + j] = dState * c * f * (1 - f);
      dGatesArray[dGatesOff + 2 * n + j] = dState * i * (1 - g * g);
      dGatesArray[dGatesOff + 3 * n + j] = d * tanhC * o * (1 - o);
      dcArray[dcOff + j] = dState * f;
    }
  }

  /** Of {@link Cells.Gru}. */
  static void gru(Cells.Gru cell, int row, int from) {
    int n = cell.hidden();
    float[] gatesArray = cell.gates().array();
    int gatesOff = cell.gates().row(row);
    float[] recurrentArray = cell.recurrent().array();
    int recurrentOff = cell.recurrent().row(row);
    float[] biasArray = cell.bias().array();
    int biasOff = cell.bias().offset();
    float[] innerArray = cell.inner().array();
    int innerOff = cell.inner().offset() + row * n;
    float[] hArray = cell.h().array();
    int hOff = cell.h().offset() + row * n;
    float[] newHArray = cell.newH().array();
    int newHOff = cell.newH().offset() + row * n;
    for (int j = from; j < n; j++) {
      float r = gatesArray[gatesOff + j];
      float z = gatesArray[gatesOff + n + j];
      float a = gatesArray[gatesOff + 2 * n + j];
      float rAlso = recurrentArray[recurrentOff + j];
      float zAlso = recurrentArray[recurrentOff + n + j];
      float u = recurrentArray[recurrentOff + 2 * n + j];
      float rBias = biasArray[biasOff + j];
      float zBias = biasArray[biasOff + n + j];
      float aBias = biasArray[biasOff + 2 * n + j];
      float uBias = biasArray[biasOff + 3 * n + j];
      float h = hArray[hOff + j];
      float reset = sigmoid(r + rAlso + rBias);
      float update = sigmoid(z + zAlso + zBias);
      float innerNew = u + uBias;
      float candidate = tanh(a + aBias + reset * innerNew);
      gatesArray[gatesOff + j] = reset;
      gatesArray[gatesOff + n + j] = update;
      gatesArray[gatesOff + 2 * n + j] = candidate;
      innerArray[innerOff + j] = innerNew;
      newHArray[newHOff + j] = candidate + update * (h - candidate);
    }
  }

  /** Of {@link Cells.GruGrad}. */
  static void gruGrad(Cells.GruGrad cell, int row, int from) {
    int n = cell.hidden();
    float[] gatesArray = cell.gates().array();
    int gatesOff = cell.gates().row(row);
    float[] dGatesArray = cell.dGates().array();
    int dGatesOff = cell.dGates().row(row);
    float[] dRecurrentArray = cell.dRecurrent().array();
    int dRecurrentOff = cell.dRecurrent().row(row);
    float[] innerArray = cell.inner().array();
    int innerOff = cell.inner().offset() + row * n;
    float[] hArray = cell.h().array();
    int hOff = cell.h().offset() + row * n;
    float[] dyArray = cell.dy().array();
    int dyOff = cell.dy().offset() + row * n;
    float[] dhArray = cell.dh().array();
    int dhOff = cell.dh().offset() + row * n;
    for (int j = from; j < n; j++) {
      float r = gatesArray[gatesOff + j];
      float z = gatesArray[gatesOff + n + j];
      float a = gatesArray[gatesOff + 2 * n + j];
      float inner = innerArray[innerOff + j];
      float h = hArray[hOff + j];
      float dy = dyArray[dyOff + j];
      float dh = dhArray[dhOff + j];
      float d = dy + dh;
      float dCandidate = d * (1 - z) * (1 - a * a);
      float dUpdate = d * (h - a) * z * (1 - z);
      float dReset = dCandidate * inner * r * (1 - r);
      dGatesArray[dGatesOff + j] = dReset;
      dGatesArray[dGatesOff + n + j] = dUpdate;
      dGatesArray[dGatesOff + 2 * n + j] = dCandidate;
      dRecurrentArray[dRecurrentOff + j] = dReset;
      dRecurrentArray[dRecurrentOff + n + j] = dUpdate;
      dRecurrentArray[dRecurrentOff + 2 * n + j] = dCandidate * r;
      dhArray[dhOff + j] = d * z;
    }
  }
}

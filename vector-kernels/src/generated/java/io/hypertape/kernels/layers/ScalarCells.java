// Generated, not to be edited: change the generator and run
// java vector-kernels/src/generator/java/io/hypertape/kernels/generator/GenerateBlocks.java
package io.hypertape.kernels.layers;

import static io.hypertape.kernels.lanes.Fma.fma;
import static io.hypertape.kernels.lanes.ScalarMath.sigmoid;
import static io.hypertape.kernels.lanes.ScalarMath.tanh;

/**
 * Recurrent cells in plain loops: a row from an element on. An element has the bits that it has in
 * vectors.
 */
final class ScalarCells {

  private ScalarCells() {}

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
      float state = fma(forget, c, input * candidate);
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
      float dState = (dy + dh) * o;
      float dCell = fma(dState, 1 - tanhC * tanhC, dc);
      float before = dCell * f;
      float input = dCell * i;
      dGatesArray[dGatesOff + 3 * n + j] = dState * tanhC * (1 - o);
      dcArray[dcOff + j] = before;
      dGatesArray[dGatesOff + n + j] = before * c * (1 - f);
      dGatesArray[dGatesOff + j] = input * g * (1 - i);
      dGatesArray[dGatesOff + 2 * n + j] = input * (1 - g * g);
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
      float candidate = tanh(fma(reset, innerNew, a) + aBias);
      gatesArray[gatesOff + j] = reset;
      gatesArray[gatesOff + n + j] = update;
      gatesArray[gatesOff + 2 * n + j] = candidate;
      innerArray[innerOff + j] = innerNew;
      newHArray[newHOff + j] = fma(update, h - candidate, candidate);
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
      float kept = d * z;
      float left = 1 - z;
      float dUpdate = kept * left * (h - a);
      float dCandidate = d * left * (1 - a * a);
      float dInner = dCandidate * r;
      float dReset = dInner * (1 - r) * inner;
      dGatesArray[dGatesOff + j] = dReset;
      dGatesArray[dGatesOff + n + j] = dUpdate;
      dGatesArray[dGatesOff + 2 * n + j] = dCandidate;
      dRecurrentArray[dRecurrentOff + j] = dReset;
      dRecurrentArray[dRecurrentOff + n + j] = dUpdate;
      dRecurrentArray[dRecurrentOff + 2 * n + j] = dInner;
      dhArray[dhOff + j] = kept;
    }
  }
}

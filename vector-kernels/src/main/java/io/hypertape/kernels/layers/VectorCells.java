package io.hypertape.kernels.layers;

import io.hypertape.kernels.elementwise.VectorBinary;
import io.hypertape.kernels.elementwise.VectorUnary;
import io.hypertape.kernels.lanes.BinaryOp;
import io.hypertape.kernels.lanes.UnaryOp;
import io.hypertape.kernels.lanes.VectorRows;

/**
 * Recurrent cells, row by row: a loop for each function of a row, since one loop with all of them
 * is beyond what the compiler inlines; a row stays in the first-level cache meanwhile. The last,
 * incomplete vector of derivatives is left to the scalar twin.
 */
final class VectorCells {

  private VectorCells() {}

  /** x = f(x + bias). */
  private static void apply(UnaryOp f, int n, float[] x, int xOff, float[] bias, int biasOff) {
    VectorBinary.row(BinaryOp.ADD, n, x, xOff, bias, biasOff, x, xOff);
    VectorUnary.row(f, n, x, xOff, x, xOff);
  }

  static void lstm(Cells.Lstm o, int from, int to) {
    int n = o.hidden();
    float[] gates = o.gates().array();
    float[] bias = o.bias().array();
    int b = o.bias().offset();
    float[] newC = o.newC().array();
    float[] tanhC = o.tanhC().array();
    for (int row = from; row < to; row++) {
      int at = o.gates().row(row);
      int c = o.newC().offset() + row * n;
      int t = o.tanhC().offset() + row * n;
      apply(UnaryOp.SIGMOID, 2 * n, gates, at, bias, b);
      apply(UnaryOp.TANH, n, gates, at + 2 * n, bias, b + 2 * n);
      apply(UnaryOp.SIGMOID, n, gates, at + 3 * n, bias, b + 3 * n);
      VectorCellLoops.lstmState(n, gates, at, o.c().array(), o.c().offset() + row * n, newC, c);
      VectorUnary.row(UnaryOp.TANH, n, newC, c, tanhC, t);
      int h = o.h().offset() + row * n;
      VectorBinary.row(BinaryOp.MUL, n, gates, at + 3 * n, tanhC, t, o.h().array(), h);
    }
  }

  static void lstmGrad(Cells.LstmGrad o, int from, int to) {
    int n = o.hidden();
    int whole = VectorRows.S.loopBound(n);
    float[] gates = o.gates().array();
    float[] dGates = o.dGates().array();
    float[] dc = o.dc().array();
    for (int row = from; row < to; row++) {
      int k = row * n;
      int at = o.gates().row(row);
      int out = o.dGates().row(row);
      int dcOff = o.dc().offset() + k;
      VectorCellLoops.lstmOutputGrad(o, row, whole);
      float[] c = o.c().array();
      VectorCellLoops.lstmStateGrad(
          n, whole, gates, at, dGates, out, c, o.c().offset() + k, dc, dcOff);
      if (whole < n) {
        ScalarCells.lstmGrad(o, row, whole);
      }
    }
  }

  static void gru(Cells.Gru o, int from, int to) {
    int n = o.hidden();
    float[] gates = o.gates().array();
    float[] recurrent = o.recurrent().array();
    float[] bias = o.bias().array();
    int b = o.bias().offset();
    float[] inner = o.inner().array();
    float[] newH = o.newH().array();
    for (int row = from; row < to; row++) {
      int at = o.gates().row(row);
      int u = o.recurrent().row(row);
      int in = o.inner().offset() + row * n;
      int h = o.h().offset() + row * n;
      VectorBinary.row(BinaryOp.ADD, 2 * n, gates, at, recurrent, u, gates, at);
      apply(UnaryOp.SIGMOID, 2 * n, gates, at, bias, b);
      VectorBinary.row(BinaryOp.ADD, n, recurrent, u + 2 * n, bias, b + 3 * n, inner, in);
      VectorCellLoops.gruCandidate(n, gates, at, inner, in);
      apply(UnaryOp.TANH, n, gates, at + 2 * n, bias, b + 2 * n);
      VectorCellLoops.gruState(n, gates, at, o.h().array(), h, newH, o.newH().offset() + row * n);
    }
  }

  static void gruGrad(Cells.GruGrad o, int from, int to) {
    int n = o.hidden();
    int whole = VectorRows.S.loopBound(n);
    float[] gates = o.gates().array();
    float[] dGates = o.dGates().array();
    float[] dRecurrent = o.dRecurrent().array();
    for (int row = from; row < to; row++) {
      int at = o.gates().row(row);
      int out = o.dGates().row(row);
      int also = o.dRecurrent().row(row);
      VectorCellLoops.gruStateGrad(o, row, whole);
      float[] inner = o.inner().array();
      int in = o.inner().offset() + row * n;
      VectorCellLoops.gruInnerGrad(n, whole, gates, at, dGates, out, dRecurrent, also, inner, in);
      if (whole < n) {
        ScalarCells.gruGrad(o, row, whole);
      }
    }
  }
}

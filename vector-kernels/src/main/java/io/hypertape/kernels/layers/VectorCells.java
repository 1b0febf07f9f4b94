package io.hypertape.kernels.layers;

import io.hypertape.kernels.elementwise.VectorBinary;
import io.hypertape.kernels.elementwise.VectorUnary;
import io.hypertape.kernels.lanes.BinaryOp;
import io.hypertape.kernels.lanes.LeafLoop;
import io.hypertape.kernels.lanes.UnaryOp;
import io.hypertape.kernels.lanes.VectorRows;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Recurrent cells, row by row: a loop for each function of a row, since one loop with all of them
 * is beyond what the compiler inlines; a row stays in the first-level cache meanwhile.
 */
final class VectorCells {

  private static final VectorSpecies<Float> S = VectorRows.S;
  private static final int L = S.length();
  private static final FloatVector ONE = FloatVector.broadcast(S, 1);

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
      lstmState(n, gates, at, o.c().array(), o.c().offset() + row * n, newC, c);
      VectorUnary.row(UnaryOp.TANH, n, newC, c, tanhC, t);
      int h = o.h().offset() + row * n;
      VectorBinary.row(BinaryOp.MUL, n, gates, at + 3 * n, tanhC, t, o.h().array(), h);
    }
  }

  /**
   * newC = f·c + i·g. Without masks, as all loops here: with several masked operands the compiler
   * stops inlining now and then, and makes an object of each vector.
   */
  private static void lstmState(
      int n, float[] gates, int at, float[] c, int cOff, float[] newC, int newCOff) {
    int j = 0;
    for (; j < S.loopBound(n); j += L) {
      FloatVector i = FloatVector.fromArray(S, gates, at + j);
      FloatVector f = FloatVector.fromArray(S, gates, at + n + j);
      FloatVector g = FloatVector.fromArray(S, gates, at + 2 * n + j);
      f.fma(FloatVector.fromArray(S, c, cOff + j), i.mul(g)).intoArray(newC, newCOff + j);
    }
    for (; j < n; j++) {
      newC[newCOff + j] =
          Math.fma(gates[at + n + j], c[cOff + j], gates[at + j] * gates[at + 2 * n + j]);
    }
  }

  /**
   * Two loops without masks, each short enough to be inlined wherever it is compiled; the last,
   * incomplete vector is left to the scalar twin.
   */
  static void lstmGrad(Cells.LstmGrad o, int from, int to) {
    int n = o.hidden();
    int whole = S.loopBound(n);
    float[] gates = o.gates().array();
    float[] dGates = o.dGates().array();
    float[] dc = o.dc().array();
    for (int row = from; row < to; row++) {
      int k = row * n;
      int at = o.gates().row(row);
      int out = o.dGates().row(row);
      int dcOff = o.dc().offset() + k;
      lstmOutputGrad(o, row, whole);
      float[] c = o.c().array();
      lstmStateGrad(n, whole, gates, at, c, o.c().offset() + k, dc, dcOff, dGates, out);
      if (whole < n) {
        ScalarCells.lstmGrad(o, row, whole);
      }
    }
  }

  /** Cotangents of the output gate and, in dc, of the new cell state. */
  private static void lstmOutputGrad(Cells.LstmGrad cell, int row, int whole) {
    int n = cell.hidden();
    float[] gates = cell.gates().array();
    int at = cell.gates().row(row) + 3 * n;
    float[] tanhC = cell.tanhC().array();
    int tanhCOff = cell.tanhC().offset() + row * n;
    float[] dy = cell.dy().array();
    int dyOff = cell.dy().offset() + row * n;
    float[] dh = cell.dh().array();
    int dhOff = cell.dh().offset() + row * n;
    float[] dc = cell.dc().array();
    int dcOff = cell.dc().offset() + row * n;
    float[] dGates = cell.dGates().array();
    int out = cell.dGates().row(row) + 3 * n;
    for (int j = 0; j < whole; j += L) {
      FloatVector t = FloatVector.fromArray(S, tanhC, tanhCOff + j);
      FloatVector o = FloatVector.fromArray(S, gates, at + j);
      FloatVector d = FloatVector.fromArray(S, dy, dyOff + j);
      d = d.add(FloatVector.fromArray(S, dh, dhOff + j)).mul(o);
      d.mul(t).mul(ONE.sub(o)).intoArray(dGates, out + j);
      d.fma(ONE.sub(t.mul(t)), FloatVector.fromArray(S, dc, dcOff + j)).intoArray(dc, dcOff + j);
    }
  }

  /** Cotangents of the other gates and of the cell state before. */
  @LeafLoop
  private static void lstmStateGrad(
      int n,
      int whole,
      float[] gates,
      int at,
      float[] c,
      int cOff,
      float[] dc,
      int dcOff,
      float[] dGates,
      int out) {
    for (int j = 0; j < whole; j += L) {
      FloatVector state = FloatVector.fromArray(S, dc, dcOff + j);
      FloatVector f = FloatVector.fromArray(S, gates, at + n + j);
      FloatVector before = state.mul(f);
      before.intoArray(dc, dcOff + j);
      before
          .mul(FloatVector.fromArray(S, c, cOff + j))
          .mul(ONE.sub(f))
          .intoArray(dGates, out + n + j);
      FloatVector i = FloatVector.fromArray(S, gates, at + j);
      FloatVector g = FloatVector.fromArray(S, gates, at + 2 * n + j);
      FloatVector input = state.mul(i);
      input.mul(g).mul(ONE.sub(i)).intoArray(dGates, out + j);
      input.mul(ONE.sub(g.mul(g))).intoArray(dGates, out + 2 * n + j);
    }
  }

  static void gru(Cells.Gru o, int from, int to) {
    int n = o.hidden();
    float[] gates = o.gates().array();
    float[] recurrent = o.recurrent().array();
    float[] bias = o.bias().array();
    int b = o.bias().offset();
    float[] inner = o.inner().array();
    for (int row = from; row < to; row++) {
      int at = o.gates().row(row);
      int u = o.recurrent().row(row);
      int in = o.inner().offset() + row * n;
      int h = o.h().offset() + row * n;
      VectorBinary.row(BinaryOp.ADD, 2 * n, gates, at, recurrent, u, gates, at);
      apply(UnaryOp.SIGMOID, 2 * n, gates, at, bias, b);
      VectorBinary.row(BinaryOp.ADD, n, recurrent, u + 2 * n, bias, b + 3 * n, inner, in);
      gruCandidate(n, gates, at, inner, in);
      apply(UnaryOp.TANH, n, gates, at + 2 * n, bias, b + 2 * n);
      gruState(n, gates, at, o.h().array(), h, o.newH().array(), o.newH().offset() + row * n);
    }
  }

  /** aₙ += r·inner. */
  private static void gruCandidate(int n, float[] gates, int at, float[] inner, int innerOff) {
    int candidate = at + 2 * n;
    int j = 0;
    for (; j < S.loopBound(n); j += L) {
      FloatVector a = FloatVector.fromArray(S, gates, candidate + j);
      FloatVector r = FloatVector.fromArray(S, gates, at + j);
      r.fma(FloatVector.fromArray(S, inner, innerOff + j), a).intoArray(gates, candidate + j);
    }
    for (; j < n; j++) {
      gates[candidate + j] = Math.fma(gates[at + j], inner[innerOff + j], gates[candidate + j]);
    }
  }

  /** newH = n + z·(h − n). */
  private static void gruState(
      int n, float[] gates, int at, float[] h, int hOff, float[] newH, int newHOff) {
    int j = 0;
    for (; j < S.loopBound(n); j += L) {
      FloatVector candidate = FloatVector.fromArray(S, gates, at + 2 * n + j);
      FloatVector z = FloatVector.fromArray(S, gates, at + n + j);
      z.fma(FloatVector.fromArray(S, h, hOff + j).sub(candidate), candidate)
          .intoArray(newH, newHOff + j);
    }
    for (; j < n; j++) {
      float candidate = gates[at + 2 * n + j];
      newH[newHOff + j] = Math.fma(gates[at + n + j], h[hOff + j] - candidate, candidate);
    }
  }

  /** As {@link #lstmGrad}. */
  static void gruGrad(Cells.GruGrad o, int from, int to) {
    int n = o.hidden();
    int whole = S.loopBound(n);
    float[] gates = o.gates().array();
    float[] dGates = o.dGates().array();
    float[] dRecurrent = o.dRecurrent().array();
    for (int row = from; row < to; row++) {
      int k = row * n;
      int at = o.gates().row(row);
      int out = o.dGates().row(row);
      int also = o.dRecurrent().row(row);
      gruStateGrad(o, row, whole);
      float[] inner = o.inner().array();
      int in = o.inner().offset() + k;
      gruInnerGrad(n, whole, gates, at, inner, in, dGates, out, dRecurrent, also);
      if (whole < n) {
        ScalarCells.gruGrad(o, row, whole);
      }
    }
  }

  /** Cotangents of z, n and, in dh, of the state as far as z keeps it. */
  private static void gruStateGrad(Cells.GruGrad o, int row, int whole) {
    int n = o.hidden();
    float[] gates = o.gates().array();
    int at = o.gates().row(row);
    float[] h = o.h().array();
    int hOff = o.h().offset() + row * n;
    float[] dy = o.dy().array();
    int dyOff = o.dy().offset() + row * n;
    float[] dh = o.dh().array();
    int dhOff = o.dh().offset() + row * n;
    float[] dGates = o.dGates().array();
    int out = o.dGates().row(row);
    float[] dRecurrent = o.dRecurrent().array();
    int also = o.dRecurrent().row(row);
    for (int j = 0; j < whole; j += L) {
      FloatVector z = FloatVector.fromArray(S, gates, at + n + j);
      FloatVector candidate = FloatVector.fromArray(S, gates, at + 2 * n + j);
      FloatVector d = FloatVector.fromArray(S, dy, dyOff + j);
      d = d.add(FloatVector.fromArray(S, dh, dhOff + j));
      FloatVector kept = d.mul(z);
      kept.intoArray(dh, dhOff + j);
      FloatVector rest = ONE.sub(z);
      FloatVector dz = kept.mul(rest).mul(FloatVector.fromArray(S, h, hOff + j).sub(candidate));
      dz.intoArray(dGates, out + n + j);
      dz.intoArray(dRecurrent, also + n + j);
      d.mul(rest).mul(ONE.sub(candidate.mul(candidate))).intoArray(dGates, out + 2 * n + j);
    }
  }

  /** Cotangents of r and of the inner term. */
  @LeafLoop
  private static void gruInnerGrad(
      int n,
      int whole,
      float[] gates,
      int at,
      float[] inner,
      int innerOff,
      float[] dGates,
      int out,
      float[] dRecurrent,
      int also) {
    for (int j = 0; j < whole; j += L) {
      FloatVector r = FloatVector.fromArray(S, gates, at + j);
      FloatVector du = FloatVector.fromArray(S, dGates, out + 2 * n + j).mul(r);
      du.intoArray(dRecurrent, also + 2 * n + j);
      FloatVector dr = du.mul(ONE.sub(r)).mul(FloatVector.fromArray(S, inner, innerOff + j));
      dr.intoArray(dGates, out + j);
      dr.intoArray(dRecurrent, also + j);
    }
  }
}

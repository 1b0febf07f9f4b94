// Generated, not to be edited: change the generator and run
// java vector-kernels/src/generator/java/io/hypertape/kernels/generator/GenerateBlocks.java
package io.hypertape.kernels.layers;

import io.hypertape.kernels.lanes.LeafLoop;
import io.hypertape.kernels.lanes.VectorRows;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Parts of recurrent cells on a row, each short enough to be inlined wherever it is compiled.
 * Without masks: with several masked operands the compiler stops inlining now and then, and makes
 * an object of each vector.
 */
@LeafLoop
final class VectorCellLoops {

  private static final VectorSpecies<Float> S = VectorRows.S;
  private static final int L = S.length();
  private static final FloatVector ONE = FloatVector.broadcast(S, 1);

  private VectorCellLoops() {}

  /** Of {@link Cells.Lstm}. */
  static void lstmState(
      int n,
      float[] gatesArray,
      int gatesOff,
      float[] cArray,
      int cOff,
      float[] newCArray,
      int newCOff) {
    int j = 0;
    for (; j < S.loopBound(n); j += L) {
      FloatVector i = FloatVector.fromArray(S, gatesArray, gatesOff + j);
      FloatVector f = FloatVector.fromArray(S, gatesArray, gatesOff + n + j);
      FloatVector g = FloatVector.fromArray(S, gatesArray, gatesOff + 2 * n + j);
      FloatVector c = FloatVector.fromArray(S, cArray, cOff + j);
      f.fma(c, i.mul(g)).intoArray(newCArray, newCOff + j);
    }
    for (; j < n; j++) {
      float i = gatesArray[gatesOff + j];
      float f = gatesArray[gatesOff + n + j];
      float g = gatesArray[gatesOff + 2 * n + j];
      float c = cArray[cOff + j];
      newCArray[newCOff + j] = Math.fma(f, c, i * g);
    }
  }

  /** Of {@link Cells.LstmGrad}. */
  static void lstmOutputGrad(Cells.LstmGrad cell, int row, int whole) {
    int n = cell.hidden();
    float[] gatesArray = cell.gates().array();
    int gatesOff = cell.gates().row(row);
    float[] dGatesArray = cell.dGates().array();
    int dGatesOff = cell.dGates().row(row);
    float[] tanhCArray = cell.tanhC().array();
    int tanhCOff = cell.tanhC().offset() + row * n;
    float[] dyArray = cell.dy().array();
    int dyOff = cell.dy().offset() + row * n;
    float[] dhArray = cell.dh().array();
    int dhOff = cell.dh().offset() + row * n;
    float[] dcArray = cell.dc().array();
    int dcOff = cell.dc().offset() + row * n;
    for (int j = 0; j < whole; j += L) {
      FloatVector o = FloatVector.fromArray(S, gatesArray, gatesOff + 3 * n + j);
      FloatVector tanhC = FloatVector.fromArray(S, tanhCArray, tanhCOff + j);
      FloatVector dy = FloatVector.fromArray(S, dyArray, dyOff + j);
      FloatVector dh = FloatVector.fromArray(S, dhArray, dhOff + j);
      FloatVector dc = FloatVector.fromArray(S, dcArray, dcOff + j);
      FloatVector dState = dy.add(dh).mul(o);
      dState.mul(tanhC).mul(ONE.sub(o)).intoArray(dGatesArray, dGatesOff + 3 * n + j);
      dState.fma(ONE.sub(tanhC.mul(tanhC)), dc).intoArray(dcArray, dcOff + j);
    }
  }

  /** Of {@link Cells.LstmGrad}. */
  static void lstmStateGrad(
      int n,
      int whole,
      float[] gatesArray,
      int gatesOff,
      float[] dGatesArray,
      int dGatesOff,
      float[] cArray,
      int cOff,
      float[] dcArray,
      int dcOff) {
    for (int j = 0; j < whole; j += L) {
      FloatVector i = FloatVector.fromArray(S, gatesArray, gatesOff + j);
      FloatVector f = FloatVector.fromArray(S, gatesArray, gatesOff + n + j);
      FloatVector g = FloatVector.fromArray(S, gatesArray, gatesOff + 2 * n + j);
      FloatVector c = FloatVector.fromArray(S, cArray, cOff + j);
      FloatVector dc = FloatVector.fromArray(S, dcArray, dcOff + j);
      FloatVector before = dc.mul(f);
      FloatVector input = dc.mul(i);
      before.intoArray(dcArray, dcOff + j);
      before.mul(c).mul(ONE.sub(f)).intoArray(dGatesArray, dGatesOff + n + j);
      input.mul(g).mul(ONE.sub(i)).intoArray(dGatesArray, dGatesOff + j);
      input.mul(ONE.sub(g.mul(g))).intoArray(dGatesArray, dGatesOff + 2 * n + j);
    }
  }

  /** Of {@link Cells.Gru}. */
  static void gruCandidate(
      int n, float[] gatesArray, int gatesOff, float[] innerArray, int innerOff) {
    int j = 0;
    for (; j < S.loopBound(n); j += L) {
      FloatVector r = FloatVector.fromArray(S, gatesArray, gatesOff + j);
      FloatVector a = FloatVector.fromArray(S, gatesArray, gatesOff + 2 * n + j);
      FloatVector inner = FloatVector.fromArray(S, innerArray, innerOff + j);
      r.fma(inner, a).intoArray(gatesArray, gatesOff + 2 * n + j);
    }
    for (; j < n; j++) {
      float r = gatesArray[gatesOff + j];
      float a = gatesArray[gatesOff + 2 * n + j];
      float inner = innerArray[innerOff + j];
      gatesArray[gatesOff + 2 * n + j] = Math.fma(r, inner, a);
    }
  }

  /** Of {@link Cells.Gru}. */
  static void gruState(
      int n,
      float[] gatesArray,
      int gatesOff,
      float[] hArray,
      int hOff,
      float[] newHArray,
      int newHOff) {
    int j = 0;
    for (; j < S.loopBound(n); j += L) {
      FloatVector z = FloatVector.fromArray(S, gatesArray, gatesOff + n + j);
      FloatVector a = FloatVector.fromArray(S, gatesArray, gatesOff + 2 * n + j);
      FloatVector h = FloatVector.fromArray(S, hArray, hOff + j);
      z.fma(h.sub(a), a).intoArray(newHArray, newHOff + j);
    }
    for (; j < n; j++) {
      float z = gatesArray[gatesOff + n + j];
      float a = gatesArray[gatesOff + 2 * n + j];
      float h = hArray[hOff + j];
      newHArray[newHOff + j] = Math.fma(z, h - a, a);
    }
  }

  /** Of {@link Cells.GruGrad}. */
  static void gruStateGrad(Cells.GruGrad cell, int row, int whole) {
    int n = cell.hidden();
    float[] gatesArray = cell.gates().array();
    int gatesOff = cell.gates().row(row);
    float[] dGatesArray = cell.dGates().array();
    int dGatesOff = cell.dGates().row(row);
    float[] dRecurrentArray = cell.dRecurrent().array();
    int dRecurrentOff = cell.dRecurrent().row(row);
    float[] hArray = cell.h().array();
    int hOff = cell.h().offset() + row * n;
    float[] dyArray = cell.dy().array();
    int dyOff = cell.dy().offset() + row * n;
    float[] dhArray = cell.dh().array();
    int dhOff = cell.dh().offset() + row * n;
    for (int j = 0; j < whole; j += L) {
      FloatVector z = FloatVector.fromArray(S, gatesArray, gatesOff + n + j);
      FloatVector a = FloatVector.fromArray(S, gatesArray, gatesOff + 2 * n + j);
      FloatVector h = FloatVector.fromArray(S, hArray, hOff + j);
      FloatVector dy = FloatVector.fromArray(S, dyArray, dyOff + j);
      FloatVector dh = FloatVector.fromArray(S, dhArray, dhOff + j);
      FloatVector d = dy.add(dh);
      FloatVector kept = d.mul(z);
      FloatVector left = ONE.sub(z);
      FloatVector dUpdate = kept.mul(left).mul(h.sub(a));
      kept.intoArray(dhArray, dhOff + j);
      dUpdate.intoArray(dGatesArray, dGatesOff + n + j);
      dUpdate.intoArray(dRecurrentArray, dRecurrentOff + n + j);
      d.mul(left).mul(ONE.sub(a.mul(a))).intoArray(dGatesArray, dGatesOff + 2 * n + j);
    }
  }

  /** Of {@link Cells.GruGrad}. */
  static void gruInnerGrad(
      int n,
      int whole,
      float[] gatesArray,
      int gatesOff,
      float[] dGatesArray,
      int dGatesOff,
      float[] dRecurrentArray,
      int dRecurrentOff,
      float[] innerArray,
      int innerOff) {
    for (int j = 0; j < whole; j += L) {
      FloatVector r = FloatVector.fromArray(S, gatesArray, gatesOff + j);
      FloatVector da = FloatVector.fromArray(S, dGatesArray, dGatesOff + 2 * n + j);
      FloatVector inner = FloatVector.fromArray(S, innerArray, innerOff + j);
      FloatVector dInner = da.mul(r);
      FloatVector dReset = dInner.mul(ONE.sub(r)).mul(inner);
      dInner.intoArray(dRecurrentArray, dRecurrentOff + 2 * n + j);
      dReset.intoArray(dGatesArray, dGatesOff + j);
      dReset.intoArray(dRecurrentArray, dRecurrentOff + j);
    }
  }
}

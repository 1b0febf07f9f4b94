// Generated, not to be edited: change the generator and run
// java vector-kernels/src/generator/java/io/hypertape/kernels/generator/GenerateBlocks.java
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

  /** Of {@link Cells.Lstm}. */
  static void lstm(Cells.Lstm cell, int from, int to) {
    int n = cell.hidden();
    float[] gatesArray = cell.gates().array();
    float[] biasArray = cell.bias().array();
    float[] cArray = cell.c().array();
    float[] newCArray = cell.newC().array();
    float[] tanhCArray = cell.tanhC().array();
    float[] hArray = cell.h().array();
    for (int row = from; row < to; row++) {
      int gatesOff = cell.gates().row(row);
      int biasOff = cell.bias().offset();
      int cOff = cell.c().offset() + row * n;
      int newCOff = cell.newC().offset() + row * n;
      int tanhCOff = cell.tanhC().offset() + row * n;
      int hOff = cell.h().offset() + row * n;
      apply(UnaryOp.SIGMOID, 2 * n, gatesArray, gatesOff, biasArray, biasOff);
      apply(UnaryOp.TANH, n, gatesArray, gatesOff + 2 * n, biasArray, biasOff + 2 * n);
      apply(UnaryOp.SIGMOID, n, gatesArray, gatesOff + 3 * n, biasArray, biasOff + 3 * n);
      VectorCellLoops.lstmState(n, gatesArray, gatesOff, cArray, cOff, newCArray, newCOff);
      VectorUnary.row(UnaryOp.TANH, n, newCArray, newCOff, tanhCArray, tanhCOff);
      VectorBinary.row(
          BinaryOp.MUL, n, gatesArray, gatesOff + 3 * n, tanhCArray, tanhCOff, hArray, hOff);
    }
  }

  /** Of {@link Cells.LstmGrad}. */
  static void lstmGrad(Cells.LstmGrad cell, int from, int to) {
    int n = cell.hidden();
    int whole = VectorRows.S.loopBound(n);
    float[] gatesArray = cell.gates().array();
    float[] dGatesArray = cell.dGates().array();
    float[] cArray = cell.c().array();
    float[] dcArray = cell.dc().array();
    for (int row = from; row < to; row++) {
      int gatesOff = cell.gates().row(row);
      int dGatesOff = cell.dGates().row(row);
      int cOff = cell.c().offset() + row * n;
      int dcOff = cell.dc().offset() + row * n;
      VectorCellLoops.lstmOutputGrad(cell, row, whole);
      VectorCellLoops.lstmStateGrad(
          n, whole, gatesArray, gatesOff, dGatesArray, dGatesOff, cArray, cOff, dcArray, dcOff);
      if (whole < n) {
        ScalarCells.lstmGrad(cell, row, whole);
      }
    }
  }

  /** Of {@link Cells.Gru}. */
  static void gru(Cells.Gru cell, int from, int to) {
    int n = cell.hidden();
    float[] gatesArray = cell.gates().array();
    float[] recurrentArray = cell.recurrent().array();
    float[] biasArray = cell.bias().array();
    float[] innerArray = cell.inner().array();
    float[] hArray = cell.h().array();
    float[] newHArray = cell.newH().array();
    for (int row = from; row < to; row++) {
      int gatesOff = cell.gates().row(row);
      int recurrentOff = cell.recurrent().row(row);
      int biasOff = cell.bias().offset();
      int innerOff = cell.inner().offset() + row * n;
      int hOff = cell.h().offset() + row * n;
      int newHOff = cell.newH().offset() + row * n;
      VectorBinary.row(
          BinaryOp.ADD,
          2 * n,
          gatesArray,
          gatesOff,
          recurrentArray,
          recurrentOff,
          gatesArray,
          gatesOff);
      apply(UnaryOp.SIGMOID, 2 * n, gatesArray, gatesOff, biasArray, biasOff);
      VectorBinary.row(
          BinaryOp.ADD,
          n,
          recurrentArray,
          recurrentOff + 2 * n,
          biasArray,
          biasOff + 3 * n,
          innerArray,
          innerOff);
      VectorCellLoops.gruCandidate(n, gatesArray, gatesOff, innerArray, innerOff);
      apply(UnaryOp.TANH, n, gatesArray, gatesOff + 2 * n, biasArray, biasOff + 2 * n);
      VectorCellLoops.gruState(n, gatesArray, gatesOff, hArray, hOff, newHArray, newHOff);
    }
  }

  /** Of {@link Cells.GruGrad}. */
  static void gruGrad(Cells.GruGrad cell, int from, int to) {
    int n = cell.hidden();
    int whole = VectorRows.S.loopBound(n);
    float[] gatesArray = cell.gates().array();
    float[] dGatesArray = cell.dGates().array();
    float[] dRecurrentArray = cell.dRecurrent().array();
    float[] innerArray = cell.inner().array();
    for (int row = from; row < to; row++) {
      int gatesOff = cell.gates().row(row);
      int dGatesOff = cell.dGates().row(row);
      int dRecurrentOff = cell.dRecurrent().row(row);
      int innerOff = cell.inner().offset() + row * n;
      VectorCellLoops.gruStateGrad(cell, row, whole);
      VectorCellLoops.gruInnerGrad(
          n,
          whole,
          gatesArray,
          gatesOff,
          dGatesArray,
          dGatesOff,
          dRecurrentArray,
          dRecurrentOff,
          innerArray,
          innerOff);
      if (whole < n) {
        ScalarCells.gruGrad(cell, row, whole);
      }
    }
  }
}

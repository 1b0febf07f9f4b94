// Generated, not to be edited: change the generator and run
// java vector-kernels/src/generator/java/io/hypertape/kernels/generator/GenerateBlocks.java
package io.hypertape.kernels.layers;

/** {@link VectorCells} or, without vectors, {@link ScalarCells}, row by row. */
final class AnyCells {

  private AnyCells() {}

  /** Of {@link Cells.Lstm}. */
  static void lstm(boolean vectors, Cells.Lstm cell, int from, int to) {
    if (vectors) {
      VectorCells.lstm(cell, from, to);
      return;
    }
    for (int row = from; row < to; row++) {
      ScalarCells.lstm(cell, row, 0);
    }
  }

  /** Of {@link Cells.LstmGrad}. */
  static void lstmGrad(boolean vectors, Cells.LstmGrad cell, int from, int to) {
    if (vectors) {
      VectorCells.lstmGrad(cell, from, to);
      return;
    }
    for (int row = from; row < to; row++) {
      ScalarCells.lstmGrad(cell, row, 0);
    }
  }

  /** Of {@link Cells.Gru}. */
  static void gru(boolean vectors, Cells.Gru cell, int from, int to) {
    if (vectors) {
      VectorCells.gru(cell, from, to);
      return;
    }
    for (int row = from; row < to; row++) {
      ScalarCells.gru(cell, row, 0);
    }
  }

  /** Of {@link Cells.GruGrad}. */
  static void gruGrad(boolean vectors, Cells.GruGrad cell, int from, int to) {
    if (vectors) {
      VectorCells.gruGrad(cell, from, to);
      return;
    }
    for (int row = from; row < to; row++) {
      ScalarCells.gruGrad(cell, row, 0);
    }
  }
}

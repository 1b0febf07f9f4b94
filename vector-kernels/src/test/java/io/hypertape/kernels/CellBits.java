package io.hypertape.kernels;

import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Ints;
import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.layers.Cells;
import io.hypertape.kernels.layers.Layers;
import java.util.Random;

/** Part of {@link ElementwiseBits}: cells, masks and sums of rows. */
final class CellBits {

  private static final int BATCH = 3;

  private final Layers layers;
  private final Random random = new Random(2);

  CellBits(Kernels kernels) {
    layers = kernels.layers();
  }

  void run() {
    for (int hidden : new int[] {1, 2, 4, 5, 8, 11, 15, 16, 17, 24, 31, 32, 40, 100}) {
      lstm(hidden);
      gru(hidden);
    }
    for (int n : new int[] {1, 4, 7, 16, 31, 32, 33, 64, 100, 1001}) {
      float[] out = new float[n];
      layers.dropoutMask(0.3 + n * 0.0006, n, Ints.of(n), Floats.of(out)).run();
      ElementwiseBits.print("mask " + n, out);
      sums(n, 300, 5);
      sums(n % 70 + 1, 7 * n, 3);
    }
  }

  private Floats floats(int n) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return Floats.of(x);
  }

  private Matrix gates(int cols) {
    return new Matrix(floats(BATCH * (cols + 3)).array(), 0, BATCH, cols, cols + 3, 1);
  }

  private void lstm(int n) {
    Matrix gates = gates(4 * n);
    Floats c = floats(BATCH * n);
    Floats newC = floats(BATCH * n);
    Floats tanhC = floats(BATCH * n);
    Floats h = floats(BATCH * n);
    layers.lstmCell(new Cells.Lstm(gates, floats(4 * n), c, newC, tanhC, h)).run();
    ElementwiseBits.print("lstm gates " + n, gates.array());
    ElementwiseBits.print("lstm " + n, h.array());
    Matrix dGates = gates(4 * n);
    layers
        .lstmCellGrad(
            new Cells.LstmGrad(gates, c, tanhC, floats(BATCH * n), floats(BATCH * n), newC, dGates))
        .run();
    ElementwiseBits.print("lstm derivative " + n, dGates.array());
    ElementwiseBits.print("lstm state's derivative " + n, newC.array());
  }

  private void gru(int n) {
    Matrix gates = gates(3 * n);
    Floats inner = floats(BATCH * n);
    Floats h = floats(BATCH * n);
    Floats newH = floats(BATCH * n);
    layers.gruCell(new Cells.Gru(gates, gates(3 * n), floats(4 * n), inner, h, newH)).run();
    ElementwiseBits.print("gru gates " + n, gates.array());
    ElementwiseBits.print("gru " + n, newH.array());
    Matrix dGates = gates(3 * n);
    Matrix dRecurrent = gates(3 * n);
    Floats dh = floats(BATCH * n);
    layers
        .gruCellGrad(new Cells.GruGrad(gates, inner, h, floats(BATCH * n), dh, dGates, dRecurrent))
        .run();
    ElementwiseBits.print("gru derivative " + n, dGates.array());
    ElementwiseBits.print("gru products' derivative " + n, dRecurrent.array());
    ElementwiseBits.print("gru state's derivative " + n, dh.array());
  }

  private void sums(int cols, int rows, int targets) {
    Matrix x = new Matrix(floats(rows * cols).array(), 0, rows, cols, cols, 1);
    float[] out = new float[cols];
    layers.columnSums(x, Floats.of(out)).run();
    ElementwiseBits.print("columns " + rows + "x" + cols, out);
    int[] index = new int[rows];
    for (int i = 0; i < rows; i++) {
      index[i] = random.nextInt(targets);
    }
    float[] scattered = new float[targets * cols];
    layers.scatterRows(x, Ints.of(index), Matrix.dense(scattered, 0, targets, cols)).run();
    ElementwiseBits.print("rows " + rows + "x" + cols, scattered);
  }
}

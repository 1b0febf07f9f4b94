package io.hypertape.kernels;

import io.hypertape.kernels.layers.CellShape;
import io.hypertape.kernels.layers.PoolingShape;
import java.util.function.Consumer;

/** The kernels of layers for {@link BitsMain}, on arrays of 1009 numbers. */
final class LayerBits {
  private static final PoolingShape WINDOWS = new PoolingShape(1, 24, 40, 3, 3, 2, 2, 1, 1);

  private LayerBits() {}

  static void run(Kernels kernels, float[] x, float[] y, float[] out, Consumer<String> record) {
    int[] index = new int[12 * 20];
    kernels.maxPool(WINDOWS, x, 0, out, 0, index, 0);
    kernels.maxPoolScatter(WINDOWS, x, 0, index, 0, out, 1000);
    kernels.averagePool(WINDOWS, x, 0, out, 2000);
    kernels.averagePoolAdjoint(WINDOWS, x, 0, out, 3000);
    record.accept("pooling");
    batchNorm(kernels, 5, 4, 49, x, y, out);
    record.accept("batch norm of planes");
    batchNorm(kernels, 49, 20, 1, x, y, out);
    record.accept("batch norm of features");
    kernels.columnSums(30, 33, x, 0, 33, out, 0);
    kernels.dropoutMask(0.7, 1, 2, out, 1000, 1000);
    record.accept("column sums and masks");
    CellShape cell = new CellShape(4, 50, 203);
    System.arraycopy(x, 0, out, 0, 1000);
    kernels.lstmCell(cell, out, 0, y, 0, x, 0, out, 1000, out, 1200, out, 1400);
    System.arraycopy(x, 0, out, 1600, 200);
    kernels.lstmCellGrad(cell, out, 0, x, 0, out, 1200, x, 0, y, 0, out, 1600, out, 2000);
    record.accept("lstm");
    System.arraycopy(x, 0, out, 0, 1000);
    kernels.gruCell(cell, out, 0, y, 0, x, 0, out, 1000, x, 0, out, 1200);
    System.arraycopy(x, 0, out, 1400, 200);
    kernels.gruCellGrad(cell, out, 0, out, 1000, x, 0, y, 0, out, 1400, out, 2000, out, 3000);
    record.accept("gru");
  }

  private static void batchNorm(
      Kernels kernels, int batch, int channels, int plane, float[] x, float[] y, float[] out) {
    int n = 3900;
    kernels.batchNorm(batch, channels, plane, 1e-5, x, 0, y, 0, x, 0, out, 0, out, n, out, n + 20);
    kernels.batchNormGrad(
        batch, channels, plane, y, 0, x, 0, y, 0, out, n, out, n + 20, out, 1000, out, n + 40, out,
        n + 60);
  }
}

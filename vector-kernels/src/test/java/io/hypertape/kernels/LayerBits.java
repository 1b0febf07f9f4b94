package io.hypertape.kernels;

import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Ints;
import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.layers.BatchNorm;
import io.hypertape.kernels.layers.Cells;
import io.hypertape.kernels.layers.Layers;
import io.hypertape.kernels.layers.PoolingShape;
import java.util.function.Consumer;

/** The kernels of layers for {@link BitsMain}, on arrays of 1009 numbers. */
final class LayerBits {
  private static final PoolingShape WINDOWS = new PoolingShape(1, 24, 40, 3, 3, 2, 2, 1, 1);

  private LayerBits() {}

  static void run(Kernels kernels, float[] x, float[] y, float[] out, Consumer<String> record) {
    Layers layers = kernels.layers();
    Ints index = Ints.of(new int[12 * 20]);
    Floats plane = new Floats(x, 0, 960);
    layers.maxPool(WINDOWS, plane, new Floats(out, 0, 240), index).run();
    layers.maxPoolScatter(WINDOWS, new Floats(x, 0, 240), index, new Floats(out, 1000, 960)).run();
    layers.averagePool(WINDOWS, plane, new Floats(out, 2000, 240)).run();
    layers.averagePoolAdjoint(WINDOWS, new Floats(x, 0, 240), new Floats(out, 3000, 960)).run();
    record.accept("pooling");
    batchNorm(layers, new BatchNorm.Shape(5, 4, 49), x, y, out);
    record.accept("batch norm of planes");
    batchNorm(layers, new BatchNorm.Shape(49, 20, 1), x, y, out);
    record.accept("batch norm of features");
    layers.columnSums(Matrix.dense(x, 0, 30, 33), new Floats(out, 0, 33)).run();
    layers.dropoutMask(0.7, 1, Ints.of(2), new Floats(out, 1000, 1000)).run();
    record.accept("column sums and masks");
    System.arraycopy(x, 0, out, 0, 1000);
    layers
        .lstmCell(
            new Cells.Lstm(
                gates(out, 0, 200),
                new Floats(y, 0, 200),
                state(x, 0),
                state(out, 1000),
                state(out, 1200),
                state(out, 1400)))
        .run();
    System.arraycopy(x, 0, out, 1600, 200);
    layers
        .lstmCellGrad(
            new Cells.LstmGrad(
                gates(out, 0, 200),
                state(x, 0),
                state(out, 1200),
                state(x, 0),
                state(y, 0),
                state(out, 1600),
                gates(out, 2000, 200)))
        .run();
    record.accept("lstm");
    System.arraycopy(x, 0, out, 0, 1000);
    layers
        .gruCell(
            new Cells.Gru(
                gates(out, 0, 150),
                gates(y, 0, 150),
                new Floats(x, 0, 200),
                state(out, 1000),
                state(x, 0),
                state(out, 1200)))
        .run();
    System.arraycopy(x, 0, out, 1400, 200);
    layers
        .gruCellGrad(
            new Cells.GruGrad(
                gates(out, 0, 150),
                state(out, 1000),
                state(x, 0),
                state(y, 0),
                state(out, 1400),
                gates(out, 2000, 150),
                gates(out, 3000, 150)))
        .run();
    record.accept("gru");
  }

  /** Four rows, 203 apart. */
  private static Matrix gates(float[] x, int off, int cols) {
    return new Matrix(x, off, 4, cols, 203, 1);
  }

  private static Floats state(float[] x, int off) {
    return new Floats(x, off, 200);
  }

  private static void batchNorm(
      Layers layers, BatchNorm.Shape s, float[] x, float[] y, float[] out) {
    int n = 3900;
    int size = s.batch() * s.channels() * s.plane();
    int c = s.channels();
    Floats in = new Floats(x, 0, size);
    Floats w = new Floats(y, 0, c);
    var statistics = new BatchNorm.Statistics(new Floats(out, n, c), new Floats(out, n + 20, c));
    layers
        .batchNorm(
            new BatchNorm.Forward(
                s, 1e-5, in, w, new Floats(x, 0, c), new Floats(out, 0, size), statistics))
        .run();
    layers
        .batchNormGrad(
            new BatchNorm.Backward(
                s,
                new Floats(y, 0, size),
                in,
                w,
                statistics,
                new Floats(out, 1000, size),
                new Floats(out, n + 40, c),
                new Floats(out, n + 60, c)))
        .run();
  }
}

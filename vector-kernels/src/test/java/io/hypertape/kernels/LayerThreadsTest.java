package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Ints;
import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.layers.BatchNorm;
import io.hypertape.kernels.layers.Cells;
import io.hypertape.kernels.layers.Layers;
import io.hypertape.kernels.layers.PoolingShape;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Kernels of layers above every threshold, on one, two and three threads: the same bits. */
class LayerThreadsTest {
  private static final int ROWS = 101;

  private static void assertSame(Function<Layers, float[]> run) {
    float[] expected;
    try (Kernels one = Kernels.open(KernelMode.VECTOR, 1)) {
      expected = run.apply(one.layers());
    }
    for (int threads = 2; threads <= 3; threads++) {
      try (Kernels many = Kernels.open(KernelMode.VECTOR, threads)) {
        assertEquals(threads, many.selection().threads());
        assertArrayEquals(expected, run.apply(many.layers()));
      }
    }
  }

  @Test
  void pooling() {
    for (var s :
        new PoolingShape[] {
          new PoolingShape(101, 28, 28, 2, 2, 2, 2, 0, 0),
          new PoolingShape(67, 33, 35, 3, 3, 2, 2, 1, 1),
          new PoolingShape(101, 30, 30, 30, 30, 1, 1, 0, 0)
        }) {
      int m = s.planes() * s.plane();
      int n = s.planes() * s.outPlane();
      float[] x = Randoms.normal(m, 1);
      assertSame(
          layers -> {
            float[] out = new float[3 * m + 3 * n];
            Ints index = Ints.of(new int[n]);
            Floats in = Floats.of(x);
            Floats pooled = new Floats(out, 0, n);
            layers.maxPool(s, in, pooled, index).run();
            layers.maxPoolGather(s, in, index, new Floats(out, n, n)).run();
            layers.averagePool(s, in, new Floats(out, 2 * n, n)).run();
            layers.maxPoolScatter(s, pooled, index, new Floats(out, 3 * n, m)).run();
            layers.averagePoolAdjoint(s, pooled, new Floats(out, 3 * n + m, m)).run();
            for (int i = 0; i < n; i++) {
              out[3 * n + 2 * m + i] = index.get(i);
            }
            return out;
          });
    }
  }

  @Test
  void batchNorm() {
    int[][] shapes = {{32, 5, 1024}, {700, 117, 1}, {300, 7, 49}};
    for (int[] s : shapes) {
      int n = s[0] * s[1] * s[2];
      int c = s[1];
      float[] x = Randoms.normal(n, 1);
      float[] w = Randoms.normal(c, 2);
      float[] dy = Randoms.normal(n, 3);
      assertSame(
          layers -> {
            float[] out = new float[2 * n + 4 * c];
            var shape = new BatchNorm.Shape(s[0], c, s[2]);
            Floats in = Floats.of(x);
            Floats gamma = Floats.of(w);
            var statistics =
                new BatchNorm.Statistics(new Floats(out, 2 * n, c), new Floats(out, 2 * n + c, c));
            layers
                .batchNorm(
                    new BatchNorm.Forward(
                        shape, 1e-5, in, gamma, gamma, new Floats(out, 0, n), statistics))
                .run();
            layers
                .batchNormGrad(
                    new BatchNorm.Backward(
                        shape,
                        Floats.of(dy),
                        in,
                        gamma,
                        statistics,
                        new Floats(out, n, n),
                        new Floats(out, 2 * n + 2 * c, c),
                        new Floats(out, 2 * n + 3 * c, c)))
                .run();
            return out;
          });
    }
  }

  @Test
  void rowsAndMasks() {
    int n = 1503;
    int cols = 117;
    float[] x = Randoms.normal(n * cols, 1);
    int[] index = new Random(3).ints(n, 0, 91).toArray();
    assertSame(
        layers -> {
          float[] out = new float[2 * n * cols + 100 * cols];
          Matrix rows = Matrix.dense(x, 0, n, cols);
          Matrix table = Matrix.dense(x, 0, 91, cols);
          Ints numbers = Ints.of(index);
          layers.gatherRows(table, numbers, Matrix.dense(out, 0, n, cols)).run();
          layers.scatterRows(rows, numbers, Matrix.dense(out, n * cols, 91, cols)).run();
          layers.columnSums(rows, new Floats(out, (n + 91) * cols, cols)).run();
          Floats mask = new Floats(out, (n + 92) * cols, n * cols);
          layers.dropoutMask(0.8, 5, Ints.of(6), mask).run();
          return out;
        });
  }

  @Test
  void cells() {
    int n = 77;
    int size = ROWS * n;
    float[] x = Randoms.normal(4 * size, 1);
    float[] y = Randoms.normal(4 * size, 2);
    assertSame(
        layers -> {
          float[] g = x.clone();
          float[] out = new float[12 * size];
          Matrix gates = Matrix.dense(g, 0, ROWS, 4 * n);
          Floats state = new Floats(y, 0, size);
          Floats tanhC = new Floats(out, size, size);
          layers
              .lstmCell(
                  new Cells.Lstm(
                      gates,
                      new Floats(y, 0, 4 * n),
                      state,
                      new Floats(out, 0, size),
                      tanhC,
                      new Floats(out, 2 * size, size)))
              .run();
          System.arraycopy(y, 0, out, 3 * size, size);
          layers
              .lstmCellGrad(
                  new Cells.LstmGrad(
                      gates,
                      state,
                      tanhC,
                      new Floats(x, 0, size),
                      state,
                      new Floats(out, 3 * size, size),
                      Matrix.dense(out, 4 * size, ROWS, 4 * n)))
              .run();
          System.arraycopy(g, 0, out, 8 * size, 4 * size);
          return out;
        });
    assertSame(
        layers -> {
          float[] g = x.clone();
          float[] out = new float[15 * size];
          Matrix gates = gruGates(g, 0, n);
          Floats state = new Floats(y, 0, size);
          Floats inner = new Floats(out, 0, size);
          layers
              .gruCell(
                  new Cells.Gru(
                      gates,
                      gruGates(y, 0, n),
                      new Floats(y, 0, 4 * n),
                      inner,
                      state,
                      new Floats(out, size, size)))
              .run();
          System.arraycopy(y, 0, out, 2 * size, size);
          layers
              .gruCellGrad(
                  new Cells.GruGrad(
                      gates,
                      inner,
                      state,
                      new Floats(x, 0, size),
                      new Floats(out, 2 * size, size),
                      gruGates(out, 3 * size, n),
                      gruGates(out, 7 * size, n)))
              .run();
          System.arraycopy(g, 0, out, 11 * size, 4 * size);
          return out;
        });
  }

  /** Three gates in rows with room for four. */
  private static Matrix gruGates(float[] x, int off, int n) {
    return new Matrix(x, off, ROWS, 3 * n, 4 * n, 1);
  }
}

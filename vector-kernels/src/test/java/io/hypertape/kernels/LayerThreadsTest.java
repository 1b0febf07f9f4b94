package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hypertape.kernels.layers.CellShape;
import io.hypertape.kernels.layers.PoolingShape;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Kernels of layers above every threshold, on one, two and three threads: the same bits. */
class LayerThreadsTest {
  private static void assertSame(Function<Kernels, float[]> run) {
    float[] expected;
    try (Kernels one = Kernels.open(KernelMode.VECTOR, 1)) {
      expected = run.apply(one);
    }
    for (int threads = 2; threads <= 3; threads++) {
      try (Kernels many = Kernels.open(KernelMode.VECTOR, threads)) {
        assertEquals(threads, many.selection().threads());
        assertArrayEquals(expected, run.apply(many));
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
          kernels -> {
            float[] out = new float[3 * m + 3 * n];
            int[] index = new int[n];
            kernels.maxPool(s, x, 0, out, 0, index, 0);
            kernels.maxPoolGather(s, x, 0, index, 0, out, n);
            kernels.averagePool(s, x, 0, out, 2 * n);
            kernels.maxPoolScatter(s, out, 0, index, 0, out, 3 * n);
            kernels.averagePoolAdjoint(s, out, 0, out, 3 * n + m);
            for (int i = 0; i < n; i++) {
              out[3 * n + 2 * m + i] = index[i];
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
          kernels -> {
            float[] out = new float[2 * n + 4 * c];
            int at = 2 * n;
            kernels.batchNorm(s[0], c, s[2], 1e-5, x, 0, w, 0, w, 0, out, 0, out, at, out, at + c);
            kernels.batchNormGrad(
                s[0],
                c,
                s[2],
                dy,
                0,
                x,
                0,
                w,
                0,
                out,
                at,
                out,
                at + c,
                out,
                n,
                out,
                at + 2 * c,
                out,
                at + 3 * c);
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
        kernels -> {
          float[] out = new float[2 * n * cols + 100 * cols];
          kernels.gatherRows(n, 91, cols, x, 0, index, 0, out, 0);
          kernels.scatterRows(n, 91, cols, x, 0, index, 0, out, n * cols);
          kernels.columnSums(n, cols, x, 0, cols, out, n * cols + 91 * cols);
          kernels.dropoutMask(0.8, 5, 6, out, n * cols + 92 * cols, n * cols);
          return out;
        });
  }

  @Test
  void cells() {
    int n = 77;
    CellShape s = new CellShape(101, n, 4 * n);
    int size = 101 * n;
    float[] x = Randoms.normal(4 * size, 1);
    float[] y = Randoms.normal(4 * size, 2);
    assertSame(
        kernels -> {
          float[] g = x.clone();
          float[] out = new float[12 * size];
          kernels.lstmCell(s, g, 0, y, 0, y, 0, out, 0, out, size, out, 2 * size);
          System.arraycopy(y, 0, out, 3 * size, size);
          kernels.lstmCellGrad(s, g, 0, y, 0, out, size, x, 0, y, 0, out, 3 * size, out, 4 * size);
          System.arraycopy(g, 0, out, 8 * size, 4 * size);
          return out;
        });
    assertSame(
        kernels -> {
          float[] g = x.clone();
          float[] out = new float[15 * size];
          kernels.gruCell(s, g, 0, y, 0, y, 0, out, 0, y, 0, out, size);
          System.arraycopy(y, 0, out, 2 * size, size);
          kernels.gruCellGrad(
              s, g, 0, out, 0, y, 0, x, 0, out, 2 * size, out, 3 * size, out, 7 * size);
          System.arraycopy(g, 0, out, 11 * size, 4 * size);
          return out;
        });
  }
}

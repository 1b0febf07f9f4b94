package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hypertape.kernels.convolution.ConvolutionShape;
import io.hypertape.kernels.lanes.DenseActivation;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Ints;
import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.lanes.ReduceOp;
import io.hypertape.kernels.lanes.Strided;
import io.hypertape.kernels.layers.BatchNorm;
import io.hypertape.kernels.layers.PoolingShape;
import io.hypertape.kernels.updates.UpdateOp;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sums of many numbers along any axis and in any kernel: errors grow at most with the logarithm of
 * how many there are. Equal numbers show it best, since they round alike each time.
 */
@ParameterizedClass
@EnumSource(KernelMode.class)
class LongSumsTest {
  private static final float TENTH = 0.1f;

  private final Kernels kernels;
  private final KernelMode mode;

  LongSumsTest(KernelMode mode) {
    this.mode = mode;
    kernels = Kernels.open(mode, 1);
    assertEquals(mode == KernelMode.VECTOR, kernels.selection().vectorized());
  }

  @AfterEach
  void close() {
    kernels.close();
  }

  /** What n numbers of one sign may be off, as a part of their sum. */
  private static double bound(long n) {
    return 0x1p-23 * (16 + Math.log(Math.max(n, 1)) / Math.log(2));
  }

  private static void assertSum(double expected, float actual, long n, String what) {
    double tolerance = bound(n) * Math.abs(expected);
    Close.assertWithin(expected, actual, tolerance, () -> what + ", " + n + " numbers");
  }

  private static float[] constant(int n, float value) {
    float[] x = new float[n];
    Arrays.fill(x, value);
    return x;
  }

  private float[] sum(int[] shape, float[] x, int[] strides, int results, int... outStrides) {
    float[] out = constant(results, Float.NaN);
    int[] kept = shape.clone();
    for (int axis = 0; axis < kept.length; axis++) {
      kept[axis] = outStrides[axis] == 0 ? 1 : kept[axis];
    }
    Strided sums = new Strided(out, 0, kept, outStrides);
    kernels.elementwise().reduce(ReduceOp.SUM, new Strided(x, 0, shape, strides), sums).run();
    return out;
  }

  /** Beyond 2²⁴, one more is nothing to a float. */
  @Test
  void countsBeyondTheIntegersOfAFloat() {
    int rows = (1 << 24) + 2;
    float[] ones = constant(2 * rows, 1);
    float[] count = {rows, rows};
    assertArrayEquals(count, sum(new int[] {rows, 2}, ones, new int[] {2, 1}, 2, 0, 1));
    // As rows, and as a column of a wider matrix.
    assertArrayEquals(count, sum(new int[] {2, rows}, ones, new int[] {rows, 1}, 2, 1, 0));
    assertArrayEquals(count, sum(new int[] {rows, 2}, ones, new int[] {1, 0}, 2, 0, 1));
    float[] column = {rows};
    assertArrayEquals(column, sum(new int[] {rows}, ones, new int[] {2}, 1, 0));
    assertArrayEquals(column, sum(new int[] {rows}, new float[] {1}, new int[] {0}, 1, 0));
  }

  @Test
  void aMillionTenths() {
    float[] x = constant(8_000_000, TENTH);
    for (float y : sum(new int[] {1_000_000, 8}, x, new int[] {8, 1}, 8, 0, 1)) {
      assertEquals(100_000, y, 0.1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {1, 2, 3, 7, 8, 9, 10, 15, 16, 17, 31, 33, 63, 64, 65, 100, 257, 2047, 2048, 2049})
  void alongTheFirstAxis(int cols) {
    int most = Math.min(200_003, 1_000_000 / cols);
    for (int rows : new int[] {0, 1, 2, 7, 8, 9, 31, 32, 255, 256, 257, 2053, 4099, most}) {
      if (rows <= most) {
        int n = rows * cols;
        float[] x = Randoms.positive(n, rows);
        float[] out = sum(new int[] {rows, cols}, x, new int[] {cols, 1}, cols, 0, 1);
        double[] expected = new double[cols];
        for (int i = 0; i < n; i++) {
          expected[i % cols] += x[i];
        }
        for (int j = 0; j < cols; j++) {
          assertSum(expected[j], out[j], rows, rows + "x" + cols);
        }
      }
    }
  }

  /** Every subset of three axes, however they lie in memory. */
  @ParameterizedTest
  @CsvSource({
    "20011, 3, 2",
    "3, 20011, 2",
    "2, 3, 20011",
    "601, 3, 101",
    "3, 601, 101",
    "101, 601, 3",
    "2, 70, 1031"
  })
  void alongAnyAxes(int a, int b, int c) {
    int[] shape = {a, b, c};
    float[] x = constant(2 * (a + 1) * (b + 1) * (c + 1), TENTH);
    int[][] layouts = {
      {b * c, c, 1}, {1, a, a * b}, {c, c * a, 1}, {2 * b * c, 2 * c, 2}, {c, 0, 1}, {0, 1, b}
    };
    for (int[] strides : layouts) {
      for (int subset = 1; subset < 8; subset++) {
        int[] outStrides = new int[3];
        int results = 1;
        long count = 1;
        for (int axis = 2; axis >= 0; axis--) {
          boolean reduced = (subset >> axis & 1) == 1;
          outStrides[axis] = reduced ? 0 : results;
          count *= reduced ? shape[axis] : 1;
          results *= reduced ? 1 : shape[axis];
        }
        for (float y : sum(shape, x, strides, results, outStrides)) {
          assertSum(
              count * (double) TENTH,
              y,
              count,
              Arrays.toString(shape) + Arrays.toString(strides) + subset);
        }
      }
    }
  }

  /** Of columns the order is one for all kernels, threads and pieces. */
  @Test
  void sumsOfColumnsHaveTheSameBitsEverywhere() {
    for (int[] size : new int[][] {{37, 65}, {300, 40}, {9001, 10}, {5000, 129}, {700, 512}}) {
      int rows = size[0];
      int cols = size[1];
      float[] x = Randoms.normal(rows * cols, 3);
      float[] expected = sum(new int[] {rows, cols}, x, new int[] {cols, 1}, cols, 0, 1);
      for (KernelMode other : KernelMode.values()) {
        for (int threads = 1; threads <= 3; threads++) {
          try (Kernels twin = Kernels.open(other, threads)) {
            float[] out = new float[cols];
            Strided matrix = Strided.dense(x, 0, new int[] {rows, cols});
            twin.elementwise()
                .reduce(ReduceOp.SUM, matrix, Strided.dense(out, 0, new int[] {1, cols}))
                .run();
            assertArrayEquals(expected, out);
            twin.products()
                .denseGrad(
                    DenseActivation.NONE,
                    new Matrix(x, 0, rows, cols, cols, 1),
                    new Matrix(x, 0, rows, cols, cols, 1),
                    new Matrix(x, 0, rows, cols, cols, 1),
                    new Floats(out, 0, cols))
                .run();
            assertArrayEquals(expected, out);
            if (mode == KernelMode.VECTOR && other == mode) {
              twin.layers().columnSums(Matrix.dense(x, 0, rows, cols), Floats.of(out)).run();
              assertArrayEquals(expected, out);
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 10, 64, 100})
  void gradientsOfBiases(int cols) {
    int rows = 1_000_003 / cols;
    for (int apart : new int[] {cols, cols + 1}) {
      float[] g = constant(rows * apart, TENTH);
      float[] out = new float[rows * apart];
      float[] bias = new float[cols];
      kernels
          .products()
          .denseGrad(
              DenseActivation.RELU,
              new Matrix(g, 0, rows, cols, apart, 1),
              new Matrix(g, 0, rows, cols, apart, 1),
              new Matrix(out, 0, rows, cols, apart, 1),
              new Floats(bias, 0, cols))
          .run();
      for (float y : bias) {
        assertSum(rows * (double) TENTH, y, rows, "bias of " + cols);
      }
      Matrix matrix = new Matrix(g, 0, rows, cols, apart, 1);
      kernels.layers().columnSums(matrix, Floats.of(bias)).run();
      for (float y : bias) {
        assertSum(rows * (double) TENTH, y, rows, "columns, " + cols);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 33})
  void statisticsOfBatches(int plane) {
    int batch = 600_011 / plane;
    int n = batch * plane;
    float[] x = new float[n];
    float[] dy = constant(n, TENTH);
    for (int i = 0; i < n; i++) {
      x[i] = i % 2 == 0 ? 3.1f : 3.2f;
    }
    double mean = 0;
    for (float v : x) {
      mean += v / (double) n;
    }
    double variance = 0;
    for (float v : x) {
      variance += (v - mean) * (v - mean) / n;
    }
    float[] gamma = {1, 0};
    float[] means = new float[1];
    float[] inverse = new float[1];
    var s = new BatchNorm.Shape(batch, 1, plane);
    Floats scale = new Floats(gamma, 0, 1);
    Floats y = Floats.of(new float[n]);
    var statistics = new BatchNorm.Statistics(Floats.of(means), Floats.of(inverse));
    kernels
        .layers()
        .batchNorm(
            new BatchNorm.Forward(
                s, 0, Floats.of(x), scale, new Floats(gamma, 1, 1), y, statistics))
        .run();
    assertSum(mean, means[0], 1, "mean, plane " + plane);
    assertSum(1 / Math.sqrt(variance), inverse[0], n, "deviation, plane " + plane);
    float[] dGamma = new float[1];
    float[] dBeta = new float[1];
    float[] center = {3};
    var given = new BatchNorm.Statistics(Floats.of(center), scale);
    kernels
        .layers()
        .batchNormGrad(
            new BatchNorm.Backward(
                s,
                Floats.of(dy),
                Floats.of(x),
                scale,
                given,
                y,
                Floats.of(dGamma),
                Floats.of(dBeta)))
        .run();
    assertSum(n * (double) TENTH, dBeta[0], n, "dBeta, plane " + plane);
    assertSum(n * (double) TENTH * (mean - 3), dGamma[0], n, "dGamma, plane " + plane);
  }

  @Test
  void rowsOfAnEmbedding() {
    int n = 300_007;
    int cols = 3;
    int[] index = new int[n];
    int[] counts = new int[5];
    for (int i = 0; i < n; i++) {
      // One row almost always, one a hundred times, one never.
      index[i] = i % 3000 == 7 ? 4 : i % 50 == 0 ? 2 : i % 7 == 0 ? 3 : 1;
      counts[index[i]]++;
    }
    float[] out = constant(5 * cols, Float.NaN);
    Matrix in = Matrix.dense(constant(n * cols, TENTH), 0, n, cols);
    kernels.layers().scatterRows(in, Ints.of(index), Matrix.dense(out, 0, 5, cols)).run();
    for (int i = 0; i < out.length; i++) {
      assertSum(counts[i / cols] * (double) TENTH, out[i], counts[i / cols], "row " + i / cols);
    }
  }

  @Test
  void hypergradients() {
    int n = 300_007;
    float[] c = constant(n, TENTH);
    float[] one = constant(n, 1);
    float[] zero = new float[n];
    float[] out = new float[3];
    double sum = n * (double) TENTH;
    kernels
        .updates()
        .of(UpdateOp.SGD_HYPER, new double[] {0}, out, new Floats(c, 0, n), new Floats(one, 0, n))
        .run();
    assertSum(-sum, out[0], n, "sgd");
    kernels
        .updates()
        .of(
            UpdateOp.SGD_MOMENTUM_HYPER,
            new double[] {1, 1},
            out,
            new Floats(c, 0, n),
            new Floats(zero, 0, n),
            new Floats(one, 0, n))
        .run();
    assertSum(-sum, out[0], n, "momentum, alpha");
    assertSum(-sum, out[1], n, "momentum, mu");
    kernels
        .updates()
        .of(
            UpdateOp.ADAGRAD_HYPER,
            new double[] {0, 0},
            out,
            new Floats(c, 0, n),
            new Floats(one, 0, n),
            new Floats(zero, 0, n))
        .run();
    assertSum(-sum, out[0], n, "adagrad");
    kernels
        .updates()
        .of(
            UpdateOp.RMSPROP_HYPER,
            new double[] {1, 0.5f, 0},
            out,
            new Floats(c, 0, n),
            new Floats(one, 0, n),
            new Floats(one, 0, n))
        .run();
    assertSum(-sum, out[0], n, "rmsprop, alpha");
    kernels
        .updates()
        .of(
            UpdateOp.RMSPROP_HYPER,
            new double[] {1, 0.5f, 0},
            out,
            new Floats(c, 0, n),
            new Floats(one, 0, n),
            new Floats(zero, 0, n))
        .run();
    assertSum(-sum * Math.sqrt(2), out[1], n, "rmsprop, gamma");
    kernels
        .updates()
        .of(
            UpdateOp.ADAM_HYPER,
            new double[] {1, 0.5f, 0.5f, 0, 1e6f},
            out,
            new Floats(c, 0, n),
            new Floats(one, 0, n),
            new Floats(one, 0, n),
            new Floats(one, 0, n))
        .run();
    assertSum(-sum, out[0], n, "adam, alpha");
    kernels
        .updates()
        .of(
            UpdateOp.ADAM_HYPER,
            new double[] {1, 0.5f, 0.5f, 0, 1e6f},
            out,
            new Floats(c, 0, n),
            new Floats(one, 0, n),
            new Floats(zero, 0, n),
            new Floats(one, 0, n))
        .run();
    assertSum(sum, out[1], n, "adam, beta1");
    kernels
        .updates()
        .of(
            UpdateOp.ADAM_HYPER,
            new double[] {1, 0.5f, 0.5f, 0, 1e6f},
            out,
            new Floats(c, 0, n),
            new Floats(one, 0, n),
            new Floats(one, 0, n),
            new Floats(zero, 0, n))
        .run();
    assertSum(-sum * Math.sqrt(2), out[2], n, "adam, beta2");
  }

  @Test
  void softmaxOfLongRows() {
    int n = 1_000_003;
    float[] y = new float[n];
    Matrix row = Matrix.dense(y, 0, 1, n);
    kernels.elementwise().logSoftmax(Matrix.dense(new float[n], 0, 1, n), row).run();
    assertEquals(-Math.log(n), y[n / 2], 2e-6);
    float[] g = constant(n, TENTH);
    Matrix probabilities = Matrix.dense(new float[n], 0, 1, n);
    kernels.elementwise().logSoftmaxGrad(probabilities, Matrix.dense(g, 0, 1, n), row).run();
    assertSum(TENTH - n * (double) TENTH, y[n / 2], n, "gradient");
  }

  @ParameterizedTest
  @CsvSource({"3, 40", "40, 3", "32, 8", "1, 1", "70, 1", "1, 17"})
  void productsAlongALongK(int m, int n) {
    int k = 1_000_003 / Math.max(m, n);
    k = Math.max(k, 70_001);
    float[] a = constant(m * k, TENTH);
    float[] b = constant(k * n, 0.3f);
    double sum = k * (double) TENTH * 0.3f;
    for (boolean turned : new boolean[] {false, true}) {
      float[] c = constant(m * n, turned ? 2 : Float.NaN);
      kernels
          .products()
          .gemm(
              new Matrix(a, 0, m, k, turned ? 1 : k, turned ? m : 1),
              new Matrix(b, 0, k, n, turned ? 1 : n, turned ? k : 1),
              turned ? 0.5f : 0,
              new Matrix(c, 0, m, n, n, 1))
          .run();
      for (float y : c) {
        // The order within a block is that of a register: up to 512 numbers one after the other.
        Close.assertWithin(sum + (turned ? 1 : 0), y, 4e-6 * sum, () -> m + "x" + n + turned);
      }
    }
    float[] bias = constant(n, 1);
    float[] c = new float[m * n];
    kernels
        .products()
        .dense(
            DenseActivation.RELU,
            new Matrix(a, 0, m, k, k, 1),
            new Matrix(b, 0, k, n, n, 1),
            new Floats(bias, 0, n),
            new Matrix(c, 0, m, n, n, 1))
        .run();
    for (float y : c) {
      Close.assertWithin(sum + 1, y, 4e-6 * sum, () -> m + "x" + n + " dense");
    }
  }

  /** Many images, and one of many places. */
  @ParameterizedTest
  @CsvSource({"60001, 4, 5", "1, 700, 900"})
  void gradientsOfFilters(int batch, int height, int width) {
    ConvolutionShape s =
        new ConvolutionShape(batch, 1, height, width, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1);
    int n = batch * height * width;
    float[] dw = {Float.NaN};
    Floats x = Floats.of(constant(n, TENTH));
    kernels.convolutions().filter(s, x, Floats.of(constant(n, 0.3f)), Floats.of(dw)).run();
    double sum = n * (double) TENTH * 0.3f;
    Close.assertWithin(sum, dw[0], 4e-6 * sum, () -> batch + " images");
  }

  @Test
  void meansOfLargeWindows() {
    PoolingShape s = new PoolingShape(2, 300, 320, 290, 290, 1, 1, 0, 0);
    float[] x = constant(s.planes() * s.plane(), TENTH);
    float[] y = new float[s.planes() * s.outPlane()];
    kernels.layers().averagePool(s, Floats.of(x), Floats.of(y)).run();
    assertSum(TENTH, y[s.outPlane() + 3], 290L * 290, "mean");
    PoolingShape all = new PoolingShape(1, 300, 640, 300, 640, 1, 1, 0, 0);
    kernels.layers().averagePool(all, Floats.of(x), new Floats(y, 0, 1)).run();
    assertSum(TENTH, y[0], 300L * 640, "mean of everything");
  }
}

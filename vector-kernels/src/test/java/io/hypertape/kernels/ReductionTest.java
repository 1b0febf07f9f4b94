package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.ReduceOp;
import io.hypertape.kernels.lanes.Strided;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(KernelMode.class)
class ReductionTest {
  private static final int[][] SHAPES = {
    {},
    {0},
    {1},
    {2},
    {15},
    {16},
    {17},
    {31},
    {127},
    {40_009},
    {0, 3},
    {3, 0},
    {5, 1},
    {13, 17},
    {64, 65},
    {700, 70},
    {3, 5, 7},
    {4, 1, 33, 2}
  };

  private final Kernels kernels;

  ReductionTest(KernelMode mode) {
    kernels = Kernels.open(mode, 1);
    assertEquals(mode == KernelMode.VECTOR, kernels.selection().vectorized());
  }

  @AfterEach
  void close() {
    kernels.close();
  }

  @ParameterizedTest
  @EnumSource
  void everySubsetOfAxesInEveryLayout(ReduceOp op) {
    Random random = new Random(11);
    for (int[] shape : SHAPES) {
      for (LaidOut.Layout layout : LaidOut.Layout.values()) {
        for (int subset = 0; subset < 1 << shape.length; subset++) {
          check(op, shape, LaidOut.of(layout, shape, random), subset);
        }
      }
    }
  }

  private void check(ReduceOp op, int[] shape, LaidOut x, int subset) {
    int[] kept = shape.clone();
    for (int axis = 0; axis < shape.length; axis++) {
      kept[axis] = (subset >> axis & 1) == 1 ? 1 : kept[axis];
    }
    LaidOut out = LaidOut.out(LaidOut.Layout.SLICED, kept);
    int[] outStrides = out.strides().clone();
    for (int axis = 0; axis < shape.length; axis++) {
      outStrides[axis] = (subset >> axis & 1) == 1 ? 0 : outStrides[axis];
    }
    LaidOut view = new LaidOut(out.array(), out.offset(), outStrides);
    double[] expected = new double[out.array().length];
    double[] magnitude = new double[expected.length];
    int[] count = new int[expected.length];
    Arrays.fill(expected, op.identity());
    LaidOut.each(
        shape,
        i -> {
          int at = view.at(i);
          double v = x.get(i);
          expected[at] =
              op == ReduceOp.SUM
                  ? expected[at] + v
                  : op == ReduceOp.MAX ? Math.max(expected[at], v) : Math.min(expected[at], v);
          magnitude[at] += Math.abs(v);
          count[at]++;
        });
    kernels.elementwise().reduce(op, x.as(shape), out.as(kept)).run();
    // The longest sums in single precision are those of a block.
    double unit = op == ReduceOp.SUM ? 1.2e-7 : 0;
    out.assertEach(kept, Double.POSITIVE_INFINITY, i -> 0);
    LaidOut.each(
        kept,
        i -> {
          int at = out.at(i);
          if (expected[at] != out.array()[at]) {
            Close.assertWithin(
                expected[at],
                out.array()[at],
                unit * magnitude[at] * Math.min(3 + count[at] / 8.0, 35),
                () -> op + Arrays.toString(shape) + subset);
          }
        });
  }

  @Test
  void nothingFoldsToTheIdentity() {
    float[] out = {5, 5, 5};
    Strided nothing = Strided.dense(new float[0], 0, new int[] {3, 0});
    kernels
        .elementwise()
        .reduce(ReduceOp.MAX, nothing, Strided.dense(out, 0, new int[] {3, 1}))
        .run();
    assertEquals(Float.NEGATIVE_INFINITY, out[2]);
    kernels
        .elementwise()
        .reduce(ReduceOp.SUM, nothing, Strided.dense(out, 0, new int[] {3, 1}))
        .run();
    assertEquals(0f, out[0]);
  }

  @ParameterizedTest
  @EnumSource
  void nanIsNotLost(ReduceOp op) {
    for (int n : new int[] {1, 5, 16, 100}) {
      for (int at = 0; at < n; at++) {
        float[] x = new float[n];
        x[at] = Float.NaN;
        float[] out = new float[1];
        kernels
            .elementwise()
            .reduce(op, Strided.dense(x, 0, new int[] {n}), Strided.dense(out, 0, new int[] {1}))
            .run();
        assertTrue(Float.isNaN(out[0]), op + " of " + n + " with NaN at " + at);
      }
    }
  }

  @Test
  void dotAgreesWithDoubles() {
    Random random = new Random(3);
    for (int n : new int[] {0, 1, 15, 16, 17, 127, 128, 129, 1009, 50_021}) {
      float[] x = new float[n + 3];
      float[] y = new float[n + 2];
      double sum = 0;
      double magnitude = 0;
      for (int i = 0; i < n; i++) {
        x[i + 3] = (float) random.nextGaussian();
        y[i + 2] = (float) random.nextGaussian();
        sum += (double) x[i + 3] * y[i + 2];
        magnitude += Math.abs((double) x[i + 3] * y[i + 2]);
      }
      float dot = kernels.elementwise().dot(new Floats(x, 3, n), new Floats(y, 2, n));
      Close.assertWithin(sum, dot, 1e-6 * magnitude, () -> n + " elements");
    }
  }

  @Test
  void longSumsKeepTheirDigits() {
    int n = 1 << 22;
    float[] x = new float[n];
    Arrays.fill(x, 0.1f);
    float[] out = new float[1];
    kernels
        .elementwise()
        .reduce(
            ReduceOp.SUM, Strided.dense(x, 0, new int[] {n}), Strided.dense(out, 0, new int[] {1}))
        .run();
    assertEquals(
        n * (double) 0.1f, out[0], 1); // a plain float loop is off by more than ten thousand
  }
}

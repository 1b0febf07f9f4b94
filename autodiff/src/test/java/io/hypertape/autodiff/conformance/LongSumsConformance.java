package io.hypertape.autodiff.conformance;

import io.hypertape.autodiff.backend.Epilogue;
import io.hypertape.autodiff.backend.ReduceOp;
import io.hypertape.autodiff.backend.View;
import io.hypertape.autodiff.conformance.Bench.Pair;
import io.hypertape.tensor.Pooling;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Sums of many equal numbers, which round alike each time: errors grow at most with the logarithm
 * of how many there are.
 */
interface LongSumsConformance extends LayerSuite {

  /** What a float sum of n numbers of one sign may be off, as a part of it. */
  private static double bound(long n) {
    return 0x1p-23 * (16 + Math.log(n) / Math.log(2));
  }

  private Pair tenths(int... shape) {
    double[] values = new double[Bench.size(shape)];
    Arrays.fill(values, 0.1f);
    return bench().of(values, shape);
  }

  private static View seen(View v, int[] shape, int[] strides) {
    return new View(v.storage(), v.offset(), shape, strides);
  }

  private static Pair seen(Pair pair, int[] shape, int... strides) {
    return new Pair(seen(pair.subject(), shape, strides), seen(pair.oracle(), shape, strides));
  }

  private void checkSum(Pair x, int... axes) {
    int[] shape = x.subject().shape().clone();
    long n = 1;
    for (int axis : axes) {
      n *= shape[axis];
      shape[axis] = 1;
    }
    Pair out = bench().out(shape);
    bench()
        .check(
            "sum of " + Arrays.toString(x.subject().shape()) + " along " + Arrays.toString(axes),
            bound(n),
            List.of(x, out),
            (b, v) -> b.reduce(ReduceOp.SUM, v[0], v[1]),
            out);
  }

  @Test
  default void longSumsAlongOneAxis() {
    checkSum(tenths(200_003, 3), 0);
    checkSum(tenths(3, 200_003), 1);
    checkSum(tenths(2, 70_001, 5), 1);
    checkSum(tenths(5003, 65), 0);
    checkSum(bench().transposed(tenths(200_003, 3)), 1);
    checkSum(bench().transposed(tenths(3, 200_003)), 0);
    checkSum(seen(tenths(400_006), new int[] {100_001, 2}, 4, 2), 0);
  }

  @Test
  default void longSumsAlongSeveralAxes() {
    checkSum(tenths(40_009, 2, 3), 0, 2);
    checkSum(tenths(300, 4, 1031), 0, 2);
    checkSum(tenths(3, 701, 2, 101), 1, 3);
    checkSum(seen(tenths(1_400_100), new int[] {1000, 700}, 1400, 2), 0, 1);
    checkSum(bench().broadcast(bench().scalar(0.1f), 3000, 700), 0, 1);
    checkSum(bench().broadcast(tenths(1, 3), 100_003, 3), 0);
  }

  @Test
  default void longGradientsOfBiases() {
    if (!bench().subject.fusesAffine()) {
      return;
    }
    for (int[] shape : new int[][] {{200_003, 3}, {5003, 65}, {100_003, 1}}) {
      Pair cotangent = tenths(shape);
      Pair sums = bench().out(shape);
      Pair bias = bench().out(shape[1]);
      bench()
          .check(
              "affineGrad of " + Arrays.toString(shape),
              bound(shape[0]),
              List.of(cotangent, cotangent, sums, bias),
              (b, v) -> b.affineGrad(Epilogue.RELU, v[0], v[1], v[2], v[3]),
              sums,
              bias);
    }
  }

  @Test
  default void manyRowsOfOneNumber() {
    int n = 150_001;
    int[] index = new int[n];
    for (int i = 0; i < n; i++) {
      index[i] = i % 1000 == 3 ? 1 : 2;
    }
    Pair out = bench().out(4, 3);
    bench()
        .check(
            "scatterRows",
            bound(n),
            List.of(tenths(n, 3), bench().indices(index, n), out),
            (b, v) -> b.scatterRows(v[0], v[1], v[2]),
            out);
  }

  @Test
  default void softmaxOfLongRows() {
    int n = 700_001;
    Pair y = bench().out(1, n);
    bench()
        .check("logSoftmax", 4e-7, List.of(tenths(1, n), y), (b, v) -> b.logSoftmax(v[0], v[1]), y);
    Pair c = tenths(1, n);
    Pair g = bench().out(1, n);
    bench()
        .check(
            "logSoftmaxGrad",
            2e-6,
            List.of(c, y, g),
            (b, v) -> b.logSoftmaxGrad(v[0], v[1], v[2]),
            g);
  }

  @Test
  default void meansOfLargeWindows() {
    Pooling form = new Pooling(290, 300, 1, 1, 0, 0);
    Pair y = bench().out(1, 1, 2, 18);
    bench()
        .check(
            "averagePool",
            1e-7,
            List.of(tenths(1, 1, 291, 317), y),
            (b, v) -> b.averagePool(form, v[0], v[1]),
            y);
  }

  /** Libraries have an order of their own. */
  @Test
  default void gradientsOfLargeBatches() {
    for (int[] shape : new int[][] {{150_001, 2, 1, 1}, {9001, 1, 3, 7}}) {
      Pair dy = tenths(shape);
      double[] two = {2, 2};
      double[] three = {3, 3};
      Pair scale = bench().of(Arrays.copyOf(two, shape[1]), shape[1]);
      Pair mean = bench().of(Arrays.copyOf(three, shape[1]), shape[1]);
      Pair dx = bench().out(shape);
      Pair dGamma = bench().out(shape[1]);
      Pair dBeta = bench().out(shape[1]);
      bench()
          .check(
              "batchNormGrad of " + Arrays.toString(shape),
              1e-5,
              List.of(dy, tenths(shape), scale, mean, scale, dx, dGamma, dBeta),
              (b, v) -> b.batchNormGrad(v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]),
              dGamma,
              dBeta);
    }
  }
}

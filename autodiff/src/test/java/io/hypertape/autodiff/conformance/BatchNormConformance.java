package io.hypertape.autodiff.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.BinaryOp;
import io.hypertape.autodiff.backend.Epilogue;
import io.hypertape.autodiff.backend.UnaryOp;
import io.hypertape.autodiff.backend.View;
import io.hypertape.autodiff.conformance.Bench.Pair;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Batch normalization and its derivatives. */
interface BatchNormConformance extends LayerSuite {

  int[][] SHAPES = {
    {2, 1, 1, 1},
    {1, 3, 2, 2},
    {7, 5, 1, 1},
    {64, 17, 1, 1},
    {3, 16, 5, 5},
    {2, 4, 8, 9},
    {5, 2, 13, 31}
  };

  @Test
  default void batchNormAndItsDerivatives() {
    for (int[] shape : SHAPES) {
      checkNormalization(1e-5, 2e-4, bench().normal(shape));
    }
  }

  /** The variance must not be the difference of two large numbers. */
  @Test
  default void batchNormFarFromZero() {
    double[] values = new double[4 * 3 * 5 * 5];
    for (int i = 0; i < values.length; i++) {
      values[i] = 1000 + (i * 7919 % 101) / 64.0;
    }
    // The mean of such numbers has a rounding error of some 1e-4 deviations; the difference of mean
    // squares would be wrong by a third.
    checkNormalization(1e-5, 5e-3, bench().of(values, 4, 3, 5, 5));
  }

  @Test
  default void batchNormOfEqualElements() {
    double[] values = new double[2 * 3 * 4];
    java.util.Arrays.fill(values, 0.75);
    checkNormalization(1e-3, 2e-4, bench().of(values, 2, 3, 2, 2));
    checkNormalization(1e-3, 2e-4, bench().normal(1, 3, 1, 1));
  }

  /** In the bits of a product, a sum or two, and relu. */
  @Test
  default void scalingIsWhatItsPartsAre() {
    Backend backend = bench().subject;
    for (int[] shape : SHAPES) {
      View x = bench().shifted(bench().normal(shape)).subject();
      View z = bench().shifted(bench().normal(shape)).subject();
      View scale = bench().shifted(bench().normal(shape[1])).subject();
      View shift = bench().shifted(bench().normal(shape[1])).subject();
      View out = bench().shifted(bench().out(shape)).subject();
      View[] in = {x, scale, shift};
      View[] all = {x, scale, shift, z};
      if (!backend.fusesScaling()) {
        assertThrows(
            UnsupportedOperationException.class, () -> backend.scaled(in, Epilogue.NONE, out));
        return;
      }
      int[] channels = {0, 1, 0, 0};
      View sum = bench().out(shape).subject();
      View end = bench().out(shape).subject();
      backend.binary(BinaryOp.MUL, x, new View(scale.storage(), 3, shape, channels), end);
      backend.binary(BinaryOp.ADD, end, new View(shift.storage(), 3, shape, channels), sum);
      backend.scaled(in, Epilogue.NONE, out);
      assertArrayEquals(Bench.read(backend, sum), Bench.read(backend, out));
      backend.unary(UnaryOp.RELU, sum, end);
      backend.scaled(in, Epilogue.RELU, out);
      assertArrayEquals(Bench.read(backend, end), Bench.read(backend, out));
      backend.binary(BinaryOp.ADD, sum, z, end);
      backend.unary(UnaryOp.RELU, end, sum);
      backend.scaled(all, Epilogue.RELU, out);
      assertArrayEquals(Bench.read(backend, sum), Bench.read(backend, out));
    }
  }

  private void checkNormalization(double eps, double tolerance, Pair dense) {
    int[] shape = dense.subject().shape();
    String of = java.util.Arrays.toString(shape);
    Pair x = bench().shifted(dense);
    Pair gamma = bench().shifted(bench().positive(shape[1]));
    Pair beta = bench().shifted(bench().normal(shape[1]));
    Pair y = bench().shifted(bench().out(shape));
    Pair mean = bench().shifted(bench().out(shape[1]));
    Pair invStd = bench().shifted(bench().out(shape[1]));
    bench()
        .checkLayer(
            "batchNorm of " + of,
            tolerance,
            List.of(x, gamma, beta, y, mean, invStd),
            (b, v) -> b.batchNorm(eps, v[0], v[1], v[2], v[3], v[4], v[5]),
            y,
            mean,
            invStd);
    Pair dy = bench().shifted(bench().normal(shape));
    Pair dx = bench().shifted(bench().out(shape));
    Pair dGamma = bench().shifted(bench().out(shape[1]));
    Pair dBeta = bench().shifted(bench().out(shape[1]));
    bench()
        .checkLayer(
            "batchNormGrad of " + of,
            5 * tolerance,
            List.of(dy, x, gamma, mean, invStd, dx, dGamma, dBeta),
            (b, v) -> b.batchNormGrad(v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]),
            dx,
            dGamma,
            dBeta);
  }
}

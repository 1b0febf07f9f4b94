package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hypertape.kernels.lanes.BinaryOp;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Strided;
import io.hypertape.kernels.lanes.UnaryOp;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(KernelMode.class)
class ElementwiseTest {
  private static final int[][] SHAPES = {
    {},
    {0},
    {1},
    {3},
    {4},
    {5},
    {7},
    {8},
    {9},
    {15},
    {16},
    {17},
    {31},
    {33},
    {127},
    {2, 0, 3},
    {5, 1},
    {1, 17},
    {13, 17},
    {16, 16},
    {3, 5, 7},
    {2, 3, 4, 5},
    {2, 1500},
    {70, 45}
  };

  private final Kernels kernels;

  ElementwiseTest(KernelMode mode) {
    kernels = Kernels.open(mode, 1);
    assertEquals(mode == KernelMode.VECTOR, kernels.selection().vectorized());
  }

  @AfterEach
  void close() {
    kernels.close();
  }

  /** Exact but for the transcendental functions. */
  private static double tolerance(UnaryOp op) {
    return switch (op) {
      case EXP, LOG, TANH, SIGMOID -> 2;
      default -> 0.5;
    };
  }

  @ParameterizedTest
  @EnumSource
  void unaryAgreesWithTheOracleInEveryLayout(UnaryOp op) {
    Random random = new Random(7);
    for (int[] shape : SHAPES) {
      for (LaidOut.Layout layout : LaidOut.Layout.values()) {
        for (LaidOut.Layout outLayout : outLayouts()) {
          LaidOut x = LaidOut.of(layout, shape, random);
          LaidOut out = LaidOut.out(outLayout, shape);
          kernels.elementwise().unary(op, x.as(shape), out.as(shape)).run();
          out.assertEach(shape, tolerance(op), i -> Oracle.unary(op, x.get(i)));
        }
      }
    }
  }

  private static LaidOut.Layout[] outLayouts() {
    return new LaidOut.Layout[] {
      LaidOut.Layout.CONTIGUOUS,
      LaidOut.Layout.TRANSPOSED,
      LaidOut.Layout.SLICED,
      LaidOut.Layout.REVERSED
    };
  }

  @ParameterizedTest
  @EnumSource
  void binaryAgreesWithTheOracleInEveryLayout(BinaryOp op) {
    Random random = new Random(8);
    for (int[] shape : SHAPES) {
      for (LaidOut.Layout aLayout : LaidOut.Layout.values()) {
        for (LaidOut.Layout bLayout : LaidOut.Layout.values()) {
          LaidOut a = LaidOut.of(aLayout, shape, random);
          LaidOut b = LaidOut.of(bLayout, shape, random);
          LaidOut out = LaidOut.out(outLayouts()[random.nextInt(4)], shape);
          kernels.elementwise().binary(op, a.as(shape), b.as(shape), out.as(shape)).run();
          assertBinary(op, shape, a, b, out);
        }
      }
    }
  }

  private static void assertBinary(BinaryOp op, int[] shape, LaidOut a, LaidOut b, LaidOut out) {
    switch (op) {
      // 1 − b² and 1 − b cancel: a few roundings of numbers near 1 and of the product
      case TANH_GRAD, SIGMOID_GRAD ->
          LaidOut.each(
              shape,
              i ->
                  Close.assertWithin(
                      Oracle.binary(op, a.get(i), b.get(i)),
                      out.get(i),
                      3e-7 * Math.abs(a.get(i)) * (1 + b.get(i) * b.get(i)),
                      op::name));
      default ->
          out.assertEach(
              shape, op == BinaryOp.POW ? 1.5 : 0.5, i -> Oracle.binary(op, a.get(i), b.get(i)));
    }
  }

  @Test
  void copyMovesEveryLayout() {
    Random random = new Random(9);
    for (int[] shape : SHAPES) {
      for (LaidOut.Layout layout : LaidOut.Layout.values()) {
        for (LaidOut.Layout outLayout : outLayouts()) {
          LaidOut x = LaidOut.of(layout, shape, random);
          LaidOut out = LaidOut.out(outLayout, shape);
          kernels.elementwise().copy(x.as(shape), out.as(shape)).run();
          out.assertEach(shape, 0, x::get);
        }
      }
    }
  }

  @Test
  void inPlaceIsAllowed() {
    float[] x = {1, 4, 9, 16, 25};
    Strided five = Strided.dense(x, 0, new int[] {5});
    kernels.elementwise().unary(UnaryOp.SQRT, five, five).run();
    kernels.elementwise().binary(BinaryOp.ADD, five, five, five).run();
    assertArrayEquals(new float[] {2, 4, 6, 8, 10}, x);
  }

  @Test
  void fillTouchesItsRangeOnly() {
    float[] out = {1, 2, 3, 4};
    kernels.elementwise().fill(new Floats(out, 1, 2), 7).run();
    kernels.elementwise().fill(new Floats(out, 4, 0), 9).run();
    assertArrayEquals(new float[] {1, 7, 7, 4}, out);
  }
}

package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hypertape.kernels.lanes.BinaryOp;
import io.hypertape.kernels.lanes.UnaryOp;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(
    value = KernelMode.class,
    names = {"SCALAR", "VECTOR"})
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
      for (Strided.Layout layout : Strided.Layout.values()) {
        for (Strided.Layout outLayout : outLayouts()) {
          Strided x = Strided.of(layout, shape, random);
          Strided out = Strided.out(outLayout, shape);
          kernels.unary(
              op,
              shape,
              x.array(),
              x.offset(),
              x.strides(),
              out.array(),
              out.offset(),
              out.strides());
          out.assertEach(shape, tolerance(op), i -> Oracle.unary(op, x.get(i)));
        }
      }
    }
  }

  private static Strided.Layout[] outLayouts() {
    return new Strided.Layout[] {
      Strided.Layout.CONTIGUOUS,
      Strided.Layout.TRANSPOSED,
      Strided.Layout.SLICED,
      Strided.Layout.REVERSED
    };
  }

  @ParameterizedTest
  @EnumSource
  void binaryAgreesWithTheOracleInEveryLayout(BinaryOp op) {
    Random random = new Random(8);
    for (int[] shape : SHAPES) {
      for (Strided.Layout aLayout : Strided.Layout.values()) {
        for (Strided.Layout bLayout : Strided.Layout.values()) {
          Strided a = Strided.of(aLayout, shape, random);
          Strided b = Strided.of(bLayout, shape, random);
          Strided out = Strided.out(outLayouts()[random.nextInt(4)], shape);
          kernels.binary(
              op,
              shape,
              a.array(),
              a.offset(),
              a.strides(),
              b.array(),
              b.offset(),
              b.strides(),
              out.array(),
              out.offset(),
              out.strides());
          assertBinary(op, shape, a, b, out);
        }
      }
    }
  }

  private static void assertBinary(BinaryOp op, int[] shape, Strided a, Strided b, Strided out) {
    switch (op) {
      // 1 − b² and 1 − b cancel: a few roundings of numbers near 1 and of the product
      case TANH_GRAD, SIGMOID_GRAD ->
          Strided.each(
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
      for (Strided.Layout layout : Strided.Layout.values()) {
        for (Strided.Layout outLayout : outLayouts()) {
          Strided x = Strided.of(layout, shape, random);
          Strided out = Strided.out(outLayout, shape);
          kernels.copy(
              shape, x.array(), x.offset(), x.strides(), out.array(), out.offset(), out.strides());
          out.assertEach(shape, 0, x::get);
        }
      }
    }
  }

  @Test
  void inPlaceIsAllowed() {
    float[] x = {1, 4, 9, 16, 25};
    int[] one = {1};
    kernels.unary(UnaryOp.SQRT, new int[] {5}, x, 0, one, x, 0, one);
    kernels.binary(BinaryOp.ADD, new int[] {5}, x, 0, one, x, 0, one, x, 0, one);
    assertArrayEquals(new float[] {2, 4, 6, 8, 10}, x);
  }

  @Test
  void fillTouchesItsRangeOnly() {
    float[] out = {1, 2, 3, 4};
    kernels.fill(out, 1, 2, 7);
    kernels.fill(out, 4, 0, 9);
    assertArrayEquals(new float[] {1, 7, 7, 4}, out);
  }
}

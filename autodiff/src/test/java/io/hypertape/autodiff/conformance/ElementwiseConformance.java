package io.hypertape.autodiff.conformance;

import io.hypertape.autodiff.backend.BinaryOp;
import io.hypertape.autodiff.backend.UnaryOp;
import io.hypertape.autodiff.conformance.Bench.Pair;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Functions of one and of two operands, element by element. */
interface ElementwiseConformance extends LayerSuite {

  double ROUNDED = 4e-6;

  @ParameterizedTest
  @EnumSource
  default void unary(UnaryOp op) {
    boolean positive = op == UnaryOp.LOG || op == UnaryOp.SQRT || op == UnaryOp.RECIPROCAL;
    for (int[] shape : SHAPES) {
      Pair dense = positive ? bench().positive(shape) : bench().normal(shape);
      checkUnary(op, dense, shape);
      if (!positive) {
        checkUnary(op, bench().strided(shape), shape);
      }
      if (shape.length == 2) {
        Pair row = positive ? bench().positive(1, shape[1]) : bench().normal(1, shape[1]);
        checkUnary(op, bench().broadcast(row, shape), shape);
      }
    }
  }

  private void checkUnary(UnaryOp op, Pair x, int... shape) {
    Pair out = bench().out(shape);
    bench()
        .check(
            op + java.util.Arrays.toString(shape),
            ROUNDED,
            List.of(x, out),
            (b, v) -> b.unary(op, v[0], v[1]),
            out);
  }

  @ParameterizedTest
  @EnumSource
  default void unaryOfSpecialValues(UnaryOp op) {
    double[] special = {
      0,
      -0.0,
      1,
      -1,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY,
      Double.NaN,
      1e-30,
      -1e-30,
      80,
      -80,
      20,
      -20,
      3e38f,
      -3e38f,
      1e-3f,
      -1e-3f,
      Float.MIN_NORMAL
    };
    double[] fit = new double[special.length];
    for (int i = 0; i < fit.length; i++) {
      // Squares beyond the range of float32 are infinite there only.
      boolean large = Math.abs(special[i]) > 1e38 && op == UnaryOp.SQUARE;
      boolean wide = Math.abs(special[i]) > 85 && op == UnaryOp.EXP;
      fit[i] = large || wide ? 1 : special[i];
    }
    Pair x = bench().of(fit, fit.length);
    Pair out = bench().out(fit.length);
    bench()
        .check(
            op + " of special values",
            ROUNDED,
            List.of(x, out),
            (b, v) -> b.unary(op, v[0], v[1]),
            out);
  }

  @ParameterizedTest
  @EnumSource
  default void binary(BinaryOp op) {
    for (int[] shape : SHAPES) {
      Pair a = op == BinaryOp.POW ? bench().positive(shape) : bench().normal(shape);
      checkBinary(op, a, bench().positive(shape), shape);
      checkBinary(
          op, bench().broadcast(bench().scalar(1.25), shape), bench().positive(shape), shape);
      checkBinary(op, a, bench().broadcast(bench().scalar(1.25), shape), shape);
      if (op != BinaryOp.POW && op != BinaryOp.DIV) {
        checkBinary(op, bench().strided(shape), bench().strided(shape), shape);
      }
      if (shape.length == 2) {
        checkBinary(op, a, bench().broadcast(bench().positive(shape[1]), shape), shape);
        checkBinary(op, a, bench().broadcast(bench().positive(shape[0], 1), shape), shape);
        Pair t = bench().transposed(bench().positive(shape[1], shape[0]));
        checkBinary(op, a, t, shape);
      }
    }
  }

  private void checkBinary(BinaryOp op, Pair a, Pair b, int... shape) {
    Pair out = bench().out(shape);
    bench()
        .check(
            op + java.util.Arrays.toString(shape),
            ROUNDED,
            List.of(a, b, out),
            (backend, v) -> backend.binary(op, v[0], v[1], v[2]),
            out);
  }

  @Test
  default void comparisonsWithNanAndInfinity() {
    double[] a = {Double.NaN, 1, Double.NaN, Double.POSITIVE_INFINITY, -0.0, 2, 3};
    double[] b = {1, Double.NaN, Double.NaN, 5, 0.0, 2, Double.NEGATIVE_INFINITY};
    for (BinaryOp op :
        new BinaryOp[] {
          BinaryOp.MAX, BinaryOp.MIN, BinaryOp.EQUAL, BinaryOp.GREATER, BinaryOp.RELU_GRAD
        }) {
      checkBinary(op, bench().of(a, a.length), bench().of(b, b.length), a.length);
    }
  }
}

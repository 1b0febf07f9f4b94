package io.hypertape.autodiff.reference;

import io.hypertape.autodiff.backend.BinaryOp;
import io.hypertape.autodiff.backend.ReduceOp;
import io.hypertape.autodiff.backend.UnaryOp;

/** The meaning of each elementwise function, in double precision. */
final class Scalar {

  private Scalar() {}

  static double unary(UnaryOp op, double x) {
    return switch (op) {
      case NEG -> -x;
      case ABS -> Math.abs(x);
      case EXP -> Math.exp(x);
      case LOG -> Math.log(x);
      case SQRT -> Math.sqrt(x);
      case SQUARE -> x * x;
      case RECIPROCAL -> 1 / x;
      case TANH -> Math.tanh(x);
      case SIGMOID -> 1 / (1 + Math.exp(-x));
      case RELU -> Math.max(x, 0);
      case SIGN -> Math.signum(x);
      case HEAVISIDE -> x > 0 ? 1 : 0;
    };
  }

  static double binary(BinaryOp op, double a, double b) {
    return switch (op) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case DIV -> a / b;
      case POW -> Math.pow(a, b);
      case MAX -> Math.max(a, b);
      case MIN -> Math.min(a, b);
      case EQUAL -> a == b ? 1 : 0;
      case GREATER -> a > b ? 1 : 0;
      case TANH_GRAD -> a * (1 - b * b);
      case SIGMOID_GRAD -> a * b * (1 - b);
      case RELU_GRAD -> b > 0 ? a : 0;
    };
  }

  static double identity(ReduceOp op) {
    return switch (op) {
      case SUM -> 0;
      case MAX -> Double.NEGATIVE_INFINITY;
      case MIN -> Double.POSITIVE_INFINITY;
    };
  }

  static double reduce(ReduceOp op, double accumulator, double x) {
    return switch (op) {
      case SUM -> accumulator + x;
      case MAX -> Math.max(accumulator, x);
      case MIN -> Math.min(accumulator, x);
    };
  }
}

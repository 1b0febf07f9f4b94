package io.hypertape.kernels;

import io.hypertape.kernels.lanes.BinaryOp;
import io.hypertape.kernels.lanes.UnaryOp;

/** The functions in double precision. */
final class Oracle {
  private Oracle() {}

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
}

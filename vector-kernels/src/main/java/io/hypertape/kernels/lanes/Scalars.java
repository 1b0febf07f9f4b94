package io.hypertape.kernels.lanes;

/** The meaning of each elementwise function on one float: the scalar twin, and odd strides. */
public final class Scalars {

  private Scalars() {}

  public static float unary(UnaryOp op, float x) {
    return switch (op) {
      case NEG -> -x;
      case ABS -> Math.abs(x);
      case EXP -> (float) Math.exp(x);
      case LOG -> (float) Math.log(x);
      case SQRT -> (float) Math.sqrt(x);
      case SQUARE -> x * x;
      case RECIPROCAL -> 1 / x;
      case TANH -> (float) Math.tanh(x);
      case SIGMOID -> (float) (1 / (1 + Math.exp(-x)));
      case RELU -> Math.max(x, 0f);
      case SIGN -> Math.signum(x);
      case HEAVISIDE -> x > 0 ? 1 : 0;
    };
  }

  public static float binary(BinaryOp op, float a, float b) {
    return switch (op) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case DIV -> a / b;
      case POW -> (float) Math.pow(a, b);
      case MAX -> Math.max(a, b);
      case MIN -> Math.min(a, b);
      case EQUAL -> a == b ? 1 : 0;
      case GREATER -> a > b ? 1 : 0;
      case TANH_GRAD -> a * (1 - b * b);
      case SIGMOID_GRAD -> a * b * (1 - b);
      case RELU_GRAD -> b > 0 ? a : 0;
    };
  }

  public static float activation(DenseActivation activation, float x) {
    return switch (activation) {
      case NONE -> x;
      case TANH -> unary(UnaryOp.TANH, x);
      case RELU -> unary(UnaryOp.RELU, x);
      case SIGMOID -> unary(UnaryOp.SIGMOID, x);
    };
  }

  public static float identity(ReduceOp op) {
    return switch (op) {
      case SUM -> 0;
      case MAX -> Float.NEGATIVE_INFINITY;
      case MIN -> Float.POSITIVE_INFINITY;
    };
  }

  public static float combine(ReduceOp op, float x, float y) {
    return switch (op) {
      case SUM -> x + y;
      case MAX -> Math.max(x, y);
      case MIN -> Math.min(x, y);
    };
  }

  /** totals += x. */
  public static void add(int n, float[] x, int xOff, double[] totals, int off) {
    for (int i = 0; i < n; i++) {
      totals[off + i] += x[xOff + i];
    }
  }
}

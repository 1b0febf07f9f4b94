// Generated, not to be edited: change the generator and run
// java vector-kernels/src/generator/java/io/hypertape/kernels/generator/GenerateBlocks.java
package io.hypertape.kernels.elementwise;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import io.hypertape.kernels.lanes.UnaryOp;
import io.hypertape.kernels.lanes.VectorRows;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Functions of one row. One loop a function, so that the compiler sees each with its own operator:
 * a shared loop that took the operator as an argument would not be intrinsic. Long functions are
 * {@link VectorMath}'s.
 */
public final class VectorUnary {

  private static final VectorSpecies<Float> S = VectorRows.S;
  private static final int L = S.length();
  private static final FloatVector ZERO = FloatVector.zero(S);
  private static final FloatVector ONE = FloatVector.broadcast(S, 1);
  private static final FloatVector MINUS_ONE = FloatVector.broadcast(S, -1);

  private VectorUnary() {}

  public static void row(UnaryOp op, int n, float[] x, int xOff, float[] out, int outOff) {
    switch (op) {
      case NEG -> neg(n, x, xOff, out, outOff);
      case ABS -> abs(n, x, xOff, out, outOff);
      case EXP -> VectorMath.exp(n, x, xOff, out, outOff);
      case LOG -> VectorMath.log(n, x, xOff, out, outOff);
      case SQRT -> sqrt(n, x, xOff, out, outOff);
      case SQUARE -> square(n, x, xOff, out, outOff);
      case RECIPROCAL -> reciprocal(n, x, xOff, out, outOff);
      case TANH -> VectorMath.tanh(n, x, xOff, out, outOff);
      case SIGMOID -> VectorMath.sigmoid(n, x, xOff, out, outOff);
      case RELU -> relu(n, x, xOff, out, outOff);
      case SIGN -> sign(n, x, xOff, out, outOff);
      case HEAVISIDE -> heaviside(n, x, xOff, out, outOff);
    }
  }

  private static FloatVector neg(FloatVector x) {
    return x.neg();
  }

  private static void neg(int n, float[] x, int xOff, float[] out, int outOff) {
    int i = 0;
    for (; i < S.loopBound(n); i += L) {
      neg(FloatVector.fromArray(S, x, xOff + i)).intoArray(out, outOff + i);
    }
    if (i < n) {
      VectorMask<Float> rest = S.indexInRange(i, n);
      neg(FloatVector.fromArray(S, x, xOff + i, rest)).intoArray(out, outOff + i, rest);
    }
  }

  private static FloatVector abs(FloatVector x) {
    return x.abs();
  }

  private static void abs(int n, float[] x, int xOff, float[] out, int outOff) {
    int i = 0;
    for (; i < S.loopBound(n); i += L) {
      abs(FloatVector.fromArray(S, x, xOff + i)).intoArray(out, outOff + i);
    }
    if (i < n) {
      VectorMask<Float> rest = S.indexInRange(i, n);
      abs(FloatVector.fromArray(S, x, xOff + i, rest)).intoArray(out, outOff + i, rest);
    }
  }

  private static FloatVector sqrt(FloatVector x) {
    return x.sqrt();
  }

  private static void sqrt(int n, float[] x, int xOff, float[] out, int outOff) {
    int i = 0;
    for (; i < S.loopBound(n); i += L) {
      sqrt(FloatVector.fromArray(S, x, xOff + i)).intoArray(out, outOff + i);
    }
    if (i < n) {
      VectorMask<Float> rest = S.indexInRange(i, n);
      sqrt(FloatVector.fromArray(S, x, xOff + i, rest)).intoArray(out, outOff + i, rest);
    }
  }

  private static FloatVector square(FloatVector x) {
    return x.mul(x);
  }

  private static void square(int n, float[] x, int xOff, float[] out, int outOff) {
    int i = 0;
    for (; i < S.loopBound(n); i += L) {
      square(FloatVector.fromArray(S, x, xOff + i)).intoArray(out, outOff + i);
    }
    if (i < n) {
      VectorMask<Float> rest = S.indexInRange(i, n);
      square(FloatVector.fromArray(S, x, xOff + i, rest)).intoArray(out, outOff + i, rest);
    }
  }

  private static FloatVector reciprocal(FloatVector x) {
    return ONE.div(x);
  }

  private static void reciprocal(int n, float[] x, int xOff, float[] out, int outOff) {
    int i = 0;
    for (; i < S.loopBound(n); i += L) {
      reciprocal(FloatVector.fromArray(S, x, xOff + i)).intoArray(out, outOff + i);
    }
    if (i < n) {
      VectorMask<Float> rest = S.indexInRange(i, n);
      reciprocal(FloatVector.fromArray(S, x, xOff + i, rest)).intoArray(out, outOff + i, rest);
    }
  }

  private static FloatVector relu(FloatVector x) {
    return x.max(ZERO);
  }

  private static void relu(int n, float[] x, int xOff, float[] out, int outOff) {
    int i = 0;
    for (; i < S.loopBound(n); i += L) {
      relu(FloatVector.fromArray(S, x, xOff + i)).intoArray(out, outOff + i);
    }
    if (i < n) {
      VectorMask<Float> rest = S.indexInRange(i, n);
      relu(FloatVector.fromArray(S, x, xOff + i, rest)).intoArray(out, outOff + i, rest);
    }
  }

  private static FloatVector sign(FloatVector x) {
    return x.blend(ONE, x.compare(GT, ZERO)).blend(MINUS_ONE, x.compare(LT, ZERO));
  }

  private static void sign(int n, float[] x, int xOff, float[] out, int outOff) {
    int i = 0;
    for (; i < S.loopBound(n); i += L) {
      sign(FloatVector.fromArray(S, x, xOff + i)).intoArray(out, outOff + i);
    }
    if (i < n) {
      VectorMask<Float> rest = S.indexInRange(i, n);
      sign(FloatVector.fromArray(S, x, xOff + i, rest)).intoArray(out, outOff + i, rest);
    }
  }

  private static FloatVector heaviside(FloatVector x) {
    return ZERO.blend(ONE, x.compare(GT, ZERO));
  }

  private static void heaviside(int n, float[] x, int xOff, float[] out, int outOff) {
    int i = 0;
    for (; i < S.loopBound(n); i += L) {
      heaviside(FloatVector.fromArray(S, x, xOff + i)).intoArray(out, outOff + i);
    }
    if (i < n) {
      VectorMask<Float> rest = S.indexInRange(i, n);
      heaviside(FloatVector.fromArray(S, x, xOff + i, rest)).intoArray(out, outOff + i, rest);
    }
  }
}

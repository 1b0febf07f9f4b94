// Generated, not to be edited: change the generator and run
// java vector-kernels/src/generator/java/io/hypertape/kernels/generator/GenerateBlocks.java
package io.hypertape.kernels.elementwise;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import io.hypertape.kernels.lanes.UnaryOp;
import io.hypertape.kernels.lanes.VectorMath;
import io.hypertape.kernels.lanes.VectorRows;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Functions of one row. One loop a function, so that the compiler sees each with its own operator:
 * a shared loop that took the operator as an argument would not be intrinsic. Where the function is
 * long, the last, incomplete vector has a method of its own: with both in one, the compiler stops
 * inlining midway, at a tenth of the speed.
 */
public final class VectorUnary {

  private static final VectorSpecies<Float> S = VectorRows.S;
  private static final int L = S.length();

  /** Elements that stay in the first-level cache from one step to the next. */
  private static final int BLOCK = 1 << 11;

  private static final FloatVector ZERO = FloatVector.zero(S);
  private static final FloatVector ONE = FloatVector.broadcast(S, 1);
  private static final FloatVector MINUS_ONE = FloatVector.broadcast(S, -1);

  private VectorUnary() {}

  /** A function of a row. */
  private interface Row {
    void run(int n, float[] x, int xOff, float[] out, int outOff);
  }

  // Called by way of an interface on purpose: each function is then compiled on its own. Inlined
  // into callers that use several, they exceed what the compiler inlines, and vectors go through
  // the heap.
  private static final Row[] ROWS = new Row[UnaryOp.values().length];

  static {
    for (UnaryOp op : UnaryOp.values()) {
      ROWS[op.ordinal()] =
          switch (op) {
            case NEG -> VectorUnary::neg;
            case ABS -> VectorUnary::abs;
            case EXP -> VectorUnary::exp;
            case LOG -> VectorUnary::log;
            case SQRT -> VectorUnary::sqrt;
            case SQUARE -> VectorUnary::square;
            case RECIPROCAL -> VectorUnary::reciprocal;
            case TANH -> VectorUnary::tanh;
            case SIGMOID -> VectorUnary::sigmoid;
            case RELU -> VectorUnary::relu;
            case SIGN -> VectorUnary::sign;
            case HEAVISIDE -> VectorUnary::heaviside;
                };
    }
  }

  // Of long functions, for rows of a few vectors and a part of one, which are not written where they
  // are read: the last vector begins early enough to be whole, and some elements are computed twice.
  // So the function stands once in what is compiled, and all of it is inlined.
  private static final Row[] APART = ROWS.clone();

  static {
    APART[UnaryOp.EXP.ordinal()] = VectorUnary::expApart;
    APART[UnaryOp.LOG.ordinal()] = VectorUnary::logApart;
    APART[UnaryOp.TANH.ordinal()] = VectorUnary::tanhApart;
  }

  public static void row(UnaryOp op, int n, float[] x, int xOff, float[] out, int outOff) {
    boolean apart = x != out && n > L && n % L != 0 && n < BLOCK;
    (apart ? APART : ROWS)[op.ordinal()].run(n, x, xOff, out, outOff);
  }

  /** In two steps, of which one alone is as long as the compiler inlines. */
  private static void sigmoid(int n, float[] x, int xOff, float[] out, int outOff) {
    for (int i = 0; i < n; i += BLOCK) {
      int some = Math.min(BLOCK, n - i);
      decay(some, x, xOff + i, out, outOff + i);
      quotient(some, out, outOff + i);
    }
  }

  private static void decay(int n, float[] x, int xOff, float[] out, int outOff) {
    int i = 0;
    for (; i < S.loopBound(n); i += L) {
      VectorMath.signedDecay(FloatVector.fromArray(S, x, xOff + i)).intoArray(out, outOff + i);
    }
    if (i < n) {
      decayRest(n - i, x, xOff + i, out, outOff + i);
    }
  }

  private static void decayRest(int n, float[] x, int xOff, float[] out, int outOff) {
    VectorMask<Float> rest = S.indexInRange(0, n);
    VectorMath.signedDecay(FloatVector.fromArray(S, x, xOff, rest)).intoArray(out, outOff, rest);
  }

  private static void quotient(int n, float[] out, int outOff) {
    int i = 0;
    for (; i < S.loopBound(n); i += L) {
      VectorMath.sigmoid(FloatVector.fromArray(S, out, outOff + i)).intoArray(out, outOff + i);
    }
    if (i < n) {
      quotientRest(n - i, out, outOff + i);
    }
  }

  private static void quotientRest(int n, float[] out, int outOff) {
    VectorMask<Float> rest = S.indexInRange(0, n);
    VectorMath.sigmoid(FloatVector.fromArray(S, out, outOff, rest)).intoArray(out, outOff, rest);
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

  private static FloatVector exp(FloatVector x) {
    return VectorMath.exp(x);
  }

  private static void exp(int n, float[] x, int xOff, float[] out, int outOff) {
    int i = 0;
    for (; i < S.loopBound(n); i += L) {
      exp(FloatVector.fromArray(S, x, xOff + i)).intoArray(out, outOff + i);
    }
    if (n == 1) {
      // A step size by its logarithm, say: no vector, which it would leave on the heap.
      out[outOff] = VectorMath.exp(x[xOff]);
    } else if (i < n) {
      expRest(n - i, x, xOff + i, out, outOff + i);
    }
  }

  private static void expRest(int n, float[] x, int xOff, float[] out, int outOff) {
    VectorMask<Float> rest = S.indexInRange(0, n);
    exp(FloatVector.fromArray(S, x, xOff, rest)).intoArray(out, outOff, rest);
  }

  private static void expApart(int n, float[] x, int xOff, float[] out, int outOff) {
    int last = n - L;
    for (int i = 0; i < n; i += L) {
      int at = Math.min(i, last);
      exp(FloatVector.fromArray(S, x, xOff + at)).intoArray(out, outOff + at);
    }
  }

  private static FloatVector log(FloatVector x) {
    return VectorMath.log(x);
  }

  private static void log(int n, float[] x, int xOff, float[] out, int outOff) {
    int i = 0;
    for (; i < S.loopBound(n); i += L) {
      log(FloatVector.fromArray(S, x, xOff + i)).intoArray(out, outOff + i);
    }
    if (i < n) {
      logRest(n - i, x, xOff + i, out, outOff + i);
    }
  }

  private static void logRest(int n, float[] x, int xOff, float[] out, int outOff) {
    VectorMask<Float> rest = S.indexInRange(0, n);
    log(FloatVector.fromArray(S, x, xOff, rest)).intoArray(out, outOff, rest);
  }

  private static void logApart(int n, float[] x, int xOff, float[] out, int outOff) {
    int last = n - L;
    for (int i = 0; i < n; i += L) {
      int at = Math.min(i, last);
      log(FloatVector.fromArray(S, x, xOff + at)).intoArray(out, outOff + at);
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

  private static FloatVector tanh(FloatVector x) {
    return VectorMath.tanh(x);
  }

  private static void tanh(int n, float[] x, int xOff, float[] out, int outOff) {
    int i = 0;
    for (; i < S.loopBound(n); i += L) {
      tanh(FloatVector.fromArray(S, x, xOff + i)).intoArray(out, outOff + i);
    }
    if (i < n) {
      tanhRest(n - i, x, xOff + i, out, outOff + i);
    }
  }

  private static void tanhRest(int n, float[] x, int xOff, float[] out, int outOff) {
    VectorMask<Float> rest = S.indexInRange(0, n);
    tanh(FloatVector.fromArray(S, x, xOff, rest)).intoArray(out, outOff, rest);
  }

  private static void tanhApart(int n, float[] x, int xOff, float[] out, int outOff) {
    int last = n - L;
    for (int i = 0; i < n; i += L) {
      int at = Math.min(i, last);
      tanh(FloatVector.fromArray(S, x, xOff + at)).intoArray(out, outOff + at);
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

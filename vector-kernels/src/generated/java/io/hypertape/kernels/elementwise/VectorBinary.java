// Generated, not to be edited: change the generator and run
// java vector-kernels/src/generator/java/io/hypertape/kernels/generator/GenerateBlocks.java
package io.hypertape.kernels.elementwise;

import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;

import io.hypertape.kernels.lanes.BinaryOp;
import io.hypertape.kernels.lanes.VectorRows;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Functions of two rows; one loop a function, as in {@link VectorUnary}. The last, incomplete
 * vector is scalars, which give the same bits: masks there end up on the heap where short rows are
 * many.
 */
public final class VectorBinary {

  private static final VectorSpecies<Float> S = VectorRows.S;
  private static final int L = S.length();
  private static final FloatVector ZERO = FloatVector.zero(S);
  private static final FloatVector ONE = FloatVector.broadcast(S, 1);

  private VectorBinary() {}

  public static void row(
      BinaryOp op, int n, float[] a, int aOff, float[] b, int bOff, float[] out, int outOff) {
    switch (op) {
      case ADD -> add(n, a, aOff, b, bOff, out, outOff);
      case SUB -> sub(n, a, aOff, b, bOff, out, outOff);
      case MUL -> mul(n, a, aOff, b, bOff, out, outOff);
      case DIV -> div(n, a, aOff, b, bOff, out, outOff);
      case POW -> pow(n, a, aOff, b, bOff, out, outOff);
      case MAX -> max(n, a, aOff, b, bOff, out, outOff);
      case MIN -> min(n, a, aOff, b, bOff, out, outOff);
      case EQUAL -> equal(n, a, aOff, b, bOff, out, outOff);
      case GREATER -> greater(n, a, aOff, b, bOff, out, outOff);
      case TANH_GRAD -> tanhGrad(n, a, aOff, b, bOff, out, outOff);
      case SIGMOID_GRAD -> sigmoidGrad(n, a, aOff, b, bOff, out, outOff);
      case RELU_GRAD -> reluGrad(n, a, aOff, b, bOff, out, outOff);
    }
  }

  /** One number at a time: the powers of vector libraries differ. */
  private static void pow(
      int n, float[] a, int aOff, float[] b, int bOff, float[] out, int outOff) {
    for (int i = 0; i < n; i++) {
      out[outOff + i] = BinaryOp.POW.of(a[aOff + i], b[bOff + i]);
    }
  }

  private static FloatVector add(FloatVector a, FloatVector b) {
    return a.add(b);
  }

  private static void add(
      int n, float[] a, int aOff, float[] b, int bOff, float[] out, int outOff) {
    int i = 0;
    for (; i < S.loopBound(n); i += L) {
      add(FloatVector.fromArray(S, a, aOff + i), FloatVector.fromArray(S, b, bOff + i))
          .intoArray(out, outOff + i);
    }
    for (; i < n; i++) {
      out[outOff + i] = BinaryOp.ADD.of(a[aOff + i], b[bOff + i]);
    }
  }

  private static FloatVector sub(FloatVector a, FloatVector b) {
    return a.sub(b);
  }

  private static void sub(
      int n, float[] a, int aOff, float[] b, int bOff, float[] out, int outOff) {
    int i = 0;
    for (; i < S.loopBound(n); i += L) {
      sub(FloatVector.fromArray(S, a, aOff + i), FloatVector.fromArray(S, b, bOff + i))
          .intoArray(out, outOff + i);
    }
    for (; i < n; i++) {
      out[outOff + i] = BinaryOp.SUB.of(a[aOff + i], b[bOff + i]);
    }
  }

  private static FloatVector mul(FloatVector a, FloatVector b) {
    return a.mul(b);
  }

  private static void mul(
      int n, float[] a, int aOff, float[] b, int bOff, float[] out, int outOff) {
    int i = 0;
    for (; i < S.loopBound(n); i += L) {
      mul(FloatVector.fromArray(S, a, aOff + i), FloatVector.fromArray(S, b, bOff + i))
          .intoArray(out, outOff + i);
    }
    for (; i < n; i++) {
      out[outOff + i] = BinaryOp.MUL.of(a[aOff + i], b[bOff + i]);
    }
  }

  private static FloatVector div(FloatVector a, FloatVector b) {
    return a.div(b);
  }

  private static void div(
      int n, float[] a, int aOff, float[] b, int bOff, float[] out, int outOff) {
    int i = 0;
    for (; i < S.loopBound(n); i += L) {
      div(FloatVector.fromArray(S, a, aOff + i), FloatVector.fromArray(S, b, bOff + i))
          .intoArray(out, outOff + i);
    }
    for (; i < n; i++) {
      out[outOff + i] = BinaryOp.DIV.of(a[aOff + i], b[bOff + i]);
    }
  }

  private static FloatVector max(FloatVector a, FloatVector b) {
    return a.max(b);
  }

  private static void max(
      int n, float[] a, int aOff, float[] b, int bOff, float[] out, int outOff) {
    int i = 0;
    for (; i < S.loopBound(n); i += L) {
      max(FloatVector.fromArray(S, a, aOff + i), FloatVector.fromArray(S, b, bOff + i))
          .intoArray(out, outOff + i);
    }
    for (; i < n; i++) {
      out[outOff + i] = BinaryOp.MAX.of(a[aOff + i], b[bOff + i]);
    }
  }

  private static FloatVector min(FloatVector a, FloatVector b) {
    return a.min(b);
  }

  private static void min(
      int n, float[] a, int aOff, float[] b, int bOff, float[] out, int outOff) {
    int i = 0;
    for (; i < S.loopBound(n); i += L) {
      min(FloatVector.fromArray(S, a, aOff + i), FloatVector.fromArray(S, b, bOff + i))
          .intoArray(out, outOff + i);
    }
    for (; i < n; i++) {
      out[outOff + i] = BinaryOp.MIN.of(a[aOff + i], b[bOff + i]);
    }
  }

  private static FloatVector equal(FloatVector a, FloatVector b) {
    return ZERO.blend(ONE, a.compare(EQ, b));
  }

  private static void equal(
      int n, float[] a, int aOff, float[] b, int bOff, float[] out, int outOff) {
    int i = 0;
    for (; i < S.loopBound(n); i += L) {
      equal(FloatVector.fromArray(S, a, aOff + i), FloatVector.fromArray(S, b, bOff + i))
          .intoArray(out, outOff + i);
    }
    for (; i < n; i++) {
      out[outOff + i] = BinaryOp.EQUAL.of(a[aOff + i], b[bOff + i]);
    }
  }

  private static FloatVector greater(FloatVector a, FloatVector b) {
    return ZERO.blend(ONE, a.compare(GT, b));
  }

  private static void greater(
      int n, float[] a, int aOff, float[] b, int bOff, float[] out, int outOff) {
    int i = 0;
    for (; i < S.loopBound(n); i += L) {
      greater(FloatVector.fromArray(S, a, aOff + i), FloatVector.fromArray(S, b, bOff + i))
          .intoArray(out, outOff + i);
    }
    for (; i < n; i++) {
      out[outOff + i] = BinaryOp.GREATER.of(a[aOff + i], b[bOff + i]);
    }
  }

  private static FloatVector tanhGrad(FloatVector a, FloatVector b) {
    return a.mul(ONE.sub(b.mul(b)));
  }

  private static void tanhGrad(
      int n, float[] a, int aOff, float[] b, int bOff, float[] out, int outOff) {
    int i = 0;
    for (; i < S.loopBound(n); i += L) {
      tanhGrad(FloatVector.fromArray(S, a, aOff + i), FloatVector.fromArray(S, b, bOff + i))
          .intoArray(out, outOff + i);
    }
    for (; i < n; i++) {
      out[outOff + i] = BinaryOp.TANH_GRAD.of(a[aOff + i], b[bOff + i]);
    }
  }

  private static FloatVector sigmoidGrad(FloatVector a, FloatVector b) {
    return a.mul(b).mul(ONE.sub(b));
  }

  private static void sigmoidGrad(
      int n, float[] a, int aOff, float[] b, int bOff, float[] out, int outOff) {
    int i = 0;
    for (; i < S.loopBound(n); i += L) {
      sigmoidGrad(FloatVector.fromArray(S, a, aOff + i), FloatVector.fromArray(S, b, bOff + i))
          .intoArray(out, outOff + i);
    }
    for (; i < n; i++) {
      out[outOff + i] = BinaryOp.SIGMOID_GRAD.of(a[aOff + i], b[bOff + i]);
    }
  }

  private static FloatVector reluGrad(FloatVector a, FloatVector b) {
    return ZERO.blend(a, b.compare(GT, ZERO));
  }

  private static void reluGrad(
      int n, float[] a, int aOff, float[] b, int bOff, float[] out, int outOff) {
    int i = 0;
    for (; i < S.loopBound(n); i += L) {
      reluGrad(FloatVector.fromArray(S, a, aOff + i), FloatVector.fromArray(S, b, bOff + i))
          .intoArray(out, outOff + i);
    }
    for (; i < n; i++) {
      out[outOff + i] = BinaryOp.RELU_GRAD.of(a[aOff + i], b[bOff + i]);
    }
  }
}

// Generated, not to be edited: change the generator and run
// java vector-kernels/src/generator/java/io/hypertape/kernels/generator/GenerateBlocks.java
package io.hypertape.kernels.elementwise;

import io.hypertape.kernels.lanes.LeafLoop;
import io.hypertape.kernels.lanes.VectorRows;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Exponential, logarithm, hyperbolic tangent and sigmoid from exact vector operations only. {@code
 * VectorOperators.EXP} and its like call a vector library from compiled code but {@link Math} from
 * the interpreter: the same run would give other bits as methods get compiled.
 *
 * <p>Reductions and polynomials are those of Moshier's Cephes (expf, logf, tanhf); errors stay
 * below 2 units in the last place.
 *
 * <p>Each loop is written out, and so longer than what the compiler inlines into its callers (325
 * bytes), and so is what remains at the end of a row: each is compiled by itself. Several of them in
 * one would be more than it takes before it stops inlining midway, and vectors go through the heap.
 */
@LeafLoop
final class VectorMath {

  private static final VectorSpecies<Float> S = VectorRows.S;
  private static final int L = S.length();

  /** Elements that stay in the first-level cache from one step to the next. */
  private static final int BLOCK = 1 << 11;

  private static final int SIGN = 0x8000_0000;
  private static final int SQRT_HALF = 0x3F35_04F3;
  private static final int ROUND_BITS = Float.floatToRawIntBits(0x1.8p23f);

  // Constants are vectors made once: made where they are used, they are so many that the compiler
  // stops inlining midway, too.

  private static final FloatVector LOG2_E = all(1.44269504f);
  // ln 2 in two parts; products of the first with a small integer are exact.
  private static final FloatVector LN2_HIGH = all(0.693359375f);
  private static final FloatVector LN2_LOW = all(-2.12194440e-4f);
  private static final FloatVector MINUS_LN2_HIGH = all(-0.693359375f);
  private static final FloatVector MINUS_LN2_LOW = all(2.12194440e-4f);
  // Adding 1.5·2^23 rounds to an integer, which the low bits of the sum then hold.
  private static final FloatVector ROUND = all(0x1.8p23f);
  // Beyond these exp is 0 or ∞ anyway, and tanh 1.
  private static final FloatVector LOWEST = all(-105f);
  private static final FloatVector HIGHEST = all(89f);
  private static final FloatVector TEN = all(10f);
  private static final FloatVector ONE = all(1f);
  private static final FloatVector TWO = all(2f);
  private static final FloatVector MINUS_HALF = all(-0.5f);
  private static final FloatVector NEAR_INVERSE = all(1.457f);
  private static final FloatVector EXP_5 = all(1.9875691500e-4f);
  private static final FloatVector EXP_4 = all(1.3981999507e-3f);
  private static final FloatVector EXP_3 = all(8.3334519073e-3f);
  private static final FloatVector EXP_2 = all(4.1665795894e-2f);
  private static final FloatVector EXP_1 = all(1.6666665459e-1f);
  private static final FloatVector EXP_0 = all(5.0000001201e-1f);
  private static final FloatVector LOG_8 = all(7.0376836292e-2f);
  private static final FloatVector LOG_7 = all(-1.1514610310e-1f);
  private static final FloatVector LOG_6 = all(1.1676998740e-1f);
  private static final FloatVector LOG_5 = all(-1.2420140846e-1f);
  private static final FloatVector LOG_4 = all(1.4249322787e-1f);
  private static final FloatVector LOG_3 = all(-1.6668057665e-1f);
  private static final FloatVector LOG_2 = all(2.0000714765e-1f);
  private static final FloatVector LOG_1 = all(-2.4999993993e-1f);
  private static final FloatVector LOG_0 = all(3.3333331174e-1f);
  private static final FloatVector TANH_4 = all(-5.70498872745e-3f);
  private static final FloatVector TANH_3 = all(2.06390887954e-2f);
  private static final FloatVector TANH_2 = all(-5.37397155531e-2f);
  private static final FloatVector TANH_1 = all(1.33314422036e-1f);
  private static final FloatVector TANH_0 = all(-3.33332819422e-1f);

  private VectorMath() {}

  private static FloatVector all(float value) {
    return FloatVector.broadcast(S, value);
  }

  private static FloatVector power(IntVector exponent) {
    return exponent.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
  }

  private static float power(int exponent) {
    return Float.intBitsToFloat(exponent + 127 << 23);
  }

  /** Exact for integers below 2^22 by the same addition that rounds. */
  private static FloatVector toFloat(IntVector small) {
    return small.add(ROUND_BITS).reinterpretAsFloats().sub(ROUND);
  }

  static void exp(int length, float[] in, int inOff, float[] out, int outOff) {
    if (length == 1) {
      // A step size by its logarithm, say: no vector, which it would leave on the heap.
      float v = in[inOff];
      float x = Math.min(Math.max(v, -105f), 89f);
      float shifted = Math.fma(x, 1.44269504f, 0x1.8p23f);
      float k = shifted - 0x1.8p23f;
      float r = Math.fma(k, 2.12194440e-4f, Math.fma(k, -0.693359375f, x));
      float p = Math.fma(r, 1.9875691500e-4f, 1.3981999507e-3f);
      p = Math.fma(p, r, 8.3334519073e-3f);
      p = Math.fma(p, r, 4.1665795894e-2f);
      p = Math.fma(p, r, 1.6666665459e-1f);
      p = Math.fma(p, r, 5.0000001201e-1f);
      p = Math.fma(p, r * r, r) + 1f;
      int whole = Float.floatToRawIntBits(shifted) - ROUND_BITS;
      int half = whole >> 1;
      out[outOff] = p * power(half) * power(whole - half);
      return;
    }
    int i = 0;
    for (; i < S.loopBound(length); i += L) {
      FloatVector v = FloatVector.fromArray(S, in, inOff + i);
      // Beyond these bounds the result is 0 or ∞ anyway, and the exponent below stays in range. NaN
      // passes.
      FloatVector x = v.max(LOWEST).min(HIGHEST);
      FloatVector shifted = x.fma(LOG2_E, ROUND);
      FloatVector k = shifted.sub(ROUND);
      FloatVector r = k.fma(MINUS_LN2_LOW, k.fma(MINUS_LN2_HIGH, x));
      FloatVector p = r.fma(EXP_5, EXP_4);
      p = p.fma(r, EXP_3);
      p = p.fma(r, EXP_2);
      p = p.fma(r, EXP_1);
      p = p.fma(r, EXP_0);
      p = p.fma(r.mul(r), r).add(ONE);
      // 2^k in two factors, since 2^128 is no float and results may be subnormal.
      IntVector whole = shifted.reinterpretAsInts().sub(ROUND_BITS);
      IntVector half = whole.lanewise(VectorOperators.ASHR, 1);
      p.mul(power(half)).mul(power(whole.sub(half))).intoArray(out, outOff + i);
    }
    if (i < length) {
      expRest(length - i, in, inOff + i, out, outOff + i);
    }
  }

  private static void expRest(int length, float[] in, int inOff, float[] out, int outOff) {
    if (length == 1) {
      // A step size by its logarithm, say: no vector, which it would leave on the heap.
      float v = in[inOff];
      float x = Math.min(Math.max(v, -105f), 89f);
      float shifted = Math.fma(x, 1.44269504f, 0x1.8p23f);
      float k = shifted - 0x1.8p23f;
      float r = Math.fma(k, 2.12194440e-4f, Math.fma(k, -0.693359375f, x));
      float p = Math.fma(r, 1.9875691500e-4f, 1.3981999507e-3f);
      p = Math.fma(p, r, 8.3334519073e-3f);
      p = Math.fma(p, r, 4.1665795894e-2f);
      p = Math.fma(p, r, 1.6666665459e-1f);
      p = Math.fma(p, r, 5.0000001201e-1f);
      p = Math.fma(p, r * r, r) + 1f;
      int whole = Float.floatToRawIntBits(shifted) - ROUND_BITS;
      int half = whole >> 1;
      out[outOff] = p * power(half) * power(whole - half);
      return;
    }
    VectorMask<Float> mask = S.indexInRange(0, length);
    FloatVector v = FloatVector.fromArray(S, in, inOff, mask);
    // Beyond these bounds the result is 0 or ∞ anyway, and the exponent below stays in range. NaN
    // passes.
    FloatVector x = v.max(LOWEST).min(HIGHEST);
    FloatVector shifted = x.fma(LOG2_E, ROUND);
    FloatVector k = shifted.sub(ROUND);
    FloatVector r = k.fma(MINUS_LN2_LOW, k.fma(MINUS_LN2_HIGH, x));
    FloatVector p = r.fma(EXP_5, EXP_4);
    p = p.fma(r, EXP_3);
    p = p.fma(r, EXP_2);
    p = p.fma(r, EXP_1);
    p = p.fma(r, EXP_0);
    p = p.fma(r.mul(r), r).add(ONE);
    // 2^k in two factors, since 2^128 is no float and results may be subnormal.
    IntVector whole = shifted.reinterpretAsInts().sub(ROUND_BITS);
    IntVector half = whole.lanewise(VectorOperators.ASHR, 1);
    p.mul(power(half)).mul(power(whole.sub(half))).intoArray(out, outOff, mask);
  }

  static void log(int length, float[] in, int inOff, float[] out, int outOff) {
    int i = 0;
    for (; i < S.loopBound(length); i += L) {
      FloatVector v = FloatVector.fromArray(S, in, inOff + i);
      VectorMask<Float> subnormal = v.compare(VectorOperators.LT, Float.MIN_NORMAL);
      IntVector bits = v.blend(v.mul(0x1p23f), subnormal).reinterpretAsInts();
      // v = m·2^e with m in [√½, √2)
      IntVector e = bits.sub(SQRT_HALF).lanewise(VectorOperators.ASHR, 23);
      FloatVector m = bits.sub(e.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
      FloatVector exponent = toFloat(e);
      exponent = exponent.blend(exponent.sub(23f), subnormal);
      FloatVector f = m.sub(ONE);
      FloatVector z = f.mul(f);
      FloatVector p = f.fma(LOG_8, LOG_7);
      p = p.fma(f, LOG_6);
      p = p.fma(f, LOG_5);
      p = p.fma(f, LOG_4);
      p = p.fma(f, LOG_3);
      p = p.fma(f, LOG_2);
      p = p.fma(f, LOG_1);
      p = p.fma(f, LOG_0);
      FloatVector y = exponent.fma(LN2_LOW, p.mul(f).mul(z));
      y = z.fma(MINUS_HALF, y);
      FloatVector result = exponent.fma(LN2_HIGH, f.add(y));
      result = result.blend(v, v.compare(VectorOperators.GE, Float.POSITIVE_INFINITY));
      result = result.blend(Float.NEGATIVE_INFINITY, v.compare(VectorOperators.EQ, 0f));
      // Not below zero and equal to itself, else NaN.
      result.blend(Float.NaN, v.compare(VectorOperators.GE, 0f).not()).intoArray(out, outOff + i);
    }
    if (i < length) {
      logRest(length - i, in, inOff + i, out, outOff + i);
    }
  }

  private static void logRest(int length, float[] in, int inOff, float[] out, int outOff) {
    VectorMask<Float> mask = S.indexInRange(0, length);
    FloatVector v = FloatVector.fromArray(S, in, inOff, mask);
    VectorMask<Float> subnormal = v.compare(VectorOperators.LT, Float.MIN_NORMAL);
    IntVector bits = v.blend(v.mul(0x1p23f), subnormal).reinterpretAsInts();
    // v = m·2^e with m in [√½, √2)
    IntVector e = bits.sub(SQRT_HALF).lanewise(VectorOperators.ASHR, 23);
    FloatVector m = bits.sub(e.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
    FloatVector exponent = toFloat(e);
    exponent = exponent.blend(exponent.sub(23f), subnormal);
    FloatVector f = m.sub(ONE);
    FloatVector z = f.mul(f);
    FloatVector p = f.fma(LOG_8, LOG_7);
    p = p.fma(f, LOG_6);
    p = p.fma(f, LOG_5);
    p = p.fma(f, LOG_4);
    p = p.fma(f, LOG_3);
    p = p.fma(f, LOG_2);
    p = p.fma(f, LOG_1);
    p = p.fma(f, LOG_0);
    FloatVector y = exponent.fma(LN2_LOW, p.mul(f).mul(z));
    y = z.fma(MINUS_HALF, y);
    FloatVector result = exponent.fma(LN2_HIGH, f.add(y));
    result = result.blend(v, v.compare(VectorOperators.GE, Float.POSITIVE_INFINITY));
    result = result.blend(Float.NEGATIVE_INFINITY, v.compare(VectorOperators.EQ, 0f));
    // Not below zero and equal to itself, else NaN.
    result.blend(Float.NaN, v.compare(VectorOperators.GE, 0f).not()).intoArray(out, outOff, mask);
  }

  static void tanh(int length, float[] in, int inOff, float[] out, int outOff) {
    int i = 0;
    for (; i < S.loopBound(length); i += L) {
      FloatVector v = FloatVector.fromArray(S, in, inOff + i);
      FloatVector a = v.abs();
      // 1 − 2/(e^2a + 1), which is 1 in float beyond 9.02: the exponent stays small, one factor does.
      FloatVector x = a.min(TEN).mul(TWO);
      FloatVector shifted = x.fma(LOG2_E, ROUND);
      FloatVector k = shifted.sub(ROUND);
      FloatVector r = k.fma(MINUS_LN2_LOW, k.fma(MINUS_LN2_HIGH, x));
      FloatVector p = r.fma(EXP_5, EXP_4);
      p = p.fma(r, EXP_3);
      p = p.fma(r, EXP_2);
      p = p.fma(r, EXP_1);
      p = p.fma(r, EXP_0);
      p = p.fma(r.mul(r), r).add(ONE);
      FloatVector e = p.mul(power(shifted.reinterpretAsInts().sub(ROUND_BITS)));
      FloatVector large = ONE.sub(TWO.div(e.add(ONE)));
      FloatVector z = a.mul(a);
      FloatVector q = z.fma(TANH_4, TANH_3);
      q = q.fma(z, TANH_2);
      q = q.fma(z, TANH_1);
      q = q.fma(z, TANH_0);
      FloatVector small = q.mul(z).fma(a, a);
      FloatVector t = large.blend(small, a.compare(VectorOperators.LT, 0.625f));
      IntVector sign = v.reinterpretAsInts().and(SIGN);
      t.reinterpretAsInts().or(sign).reinterpretAsFloats().intoArray(out, outOff + i);
    }
    if (i < length) {
      tanhRest(length - i, in, inOff + i, out, outOff + i);
    }
  }

  private static void tanhRest(int length, float[] in, int inOff, float[] out, int outOff) {
    VectorMask<Float> mask = S.indexInRange(0, length);
    FloatVector v = FloatVector.fromArray(S, in, inOff, mask);
    FloatVector a = v.abs();
    // 1 − 2/(e^2a + 1), which is 1 in float beyond 9.02: the exponent stays small, one factor does.
    FloatVector x = a.min(TEN).mul(TWO);
    FloatVector shifted = x.fma(LOG2_E, ROUND);
    FloatVector k = shifted.sub(ROUND);
    FloatVector r = k.fma(MINUS_LN2_LOW, k.fma(MINUS_LN2_HIGH, x));
    FloatVector p = r.fma(EXP_5, EXP_4);
    p = p.fma(r, EXP_3);
    p = p.fma(r, EXP_2);
    p = p.fma(r, EXP_1);
    p = p.fma(r, EXP_0);
    p = p.fma(r.mul(r), r).add(ONE);
    FloatVector e = p.mul(power(shifted.reinterpretAsInts().sub(ROUND_BITS)));
    FloatVector large = ONE.sub(TWO.div(e.add(ONE)));
    FloatVector z = a.mul(a);
    FloatVector q = z.fma(TANH_4, TANH_3);
    q = q.fma(z, TANH_2);
    q = q.fma(z, TANH_1);
    q = q.fma(z, TANH_0);
    FloatVector small = q.mul(z).fma(a, a);
    FloatVector t = large.blend(small, a.compare(VectorOperators.LT, 0.625f));
    IntVector sign = v.reinterpretAsInts().and(SIGN);
    t.reinterpretAsInts().or(sign).reinterpretAsFloats().intoArray(out, outOff, mask);
  }

  /** 1/(1+e^−v) in two steps, of which one alone is as long as the compiler inlines. */
  static void sigmoid(int length, float[] in, int inOff, float[] out, int outOff) {
    int bound = S.loopBound(length);
    for (int from = 0; from < bound; from += BLOCK) {
      int to = Math.min(from + BLOCK, bound);
      for (int i = from; i < to; i += L) {
        FloatVector v = FloatVector.fromArray(S, in, inOff + i);
        FloatVector x = v.abs().neg().max(LOWEST);
        FloatVector shifted = x.fma(LOG2_E, ROUND);
        FloatVector k = shifted.sub(ROUND);
        FloatVector r = k.fma(MINUS_LN2_LOW, k.fma(MINUS_LN2_HIGH, x));
        FloatVector p = r.fma(EXP_5, EXP_4);
        p = p.fma(r, EXP_3);
        p = p.fma(r, EXP_2);
        p = p.fma(r, EXP_1);
        p = p.fma(r, EXP_0);
        p = p.fma(r.mul(r), r).add(ONE);
        IntVector whole = shifted.reinterpretAsInts().sub(ROUND_BITS);
        IntVector half = whole.lanewise(VectorOperators.ASHR, 1);
        FloatVector size = p.mul(power(half)).mul(power(whole.sub(half)));
        IntVector sign = v.reinterpretAsInts().and(SIGN);
        size.reinterpretAsInts().or(sign).reinterpretAsFloats().intoArray(out, outOff + i);
      }
      for (int i = from; i < to; i += L) {
        FloatVector decay = FloatVector.fromArray(S, out, outOff + i);
        FloatVector e = decay.abs();
        // Not by comparison with 0, which −0 is equal to.
        VectorMask<Float> negative = decay.reinterpretAsInts().compare(VectorOperators.LT, 0).cast(S);
        FloatVector above = ONE.blend(e, negative);
        FloatVector below = e.add(ONE);
        // What the sum rounded away, and the quotient's own remainder: three roundings beside the
        // exponential's would be more than 2 units in the last place.
        FloatVector lost = e.sub(below.sub(ONE));
        FloatVector q = above.div(below);
        FloatVector remainder = q.neg().fma(lost, q.neg().fma(below, above));
        // Within 4 percent of 1/below, which lies between ½ and 1.
        FloatVector inverse = below.fma(MINUS_HALF, NEAR_INVERSE);
        remainder.fma(inverse, q).intoArray(out, outOff + i);
      }
    }
    if (bound < length) {
      sigmoidRest(length - bound, in, inOff + bound, out, outOff + bound);
    }
  }

  private static void sigmoidRest(int length, float[] in, int inOff, float[] out, int outOff) {
    VectorMask<Float> mask = S.indexInRange(0, length);
    FloatVector v = FloatVector.fromArray(S, in, inOff, mask);
    FloatVector x = v.abs().neg().max(LOWEST);
    FloatVector shifted = x.fma(LOG2_E, ROUND);
    FloatVector k = shifted.sub(ROUND);
    FloatVector r = k.fma(MINUS_LN2_LOW, k.fma(MINUS_LN2_HIGH, x));
    FloatVector p = r.fma(EXP_5, EXP_4);
    p = p.fma(r, EXP_3);
    p = p.fma(r, EXP_2);
    p = p.fma(r, EXP_1);
    p = p.fma(r, EXP_0);
    p = p.fma(r.mul(r), r).add(ONE);
    IntVector whole = shifted.reinterpretAsInts().sub(ROUND_BITS);
    IntVector half = whole.lanewise(VectorOperators.ASHR, 1);
    FloatVector size = p.mul(power(half)).mul(power(whole.sub(half)));
    IntVector sign = v.reinterpretAsInts().and(SIGN);
    FloatVector decay = size.reinterpretAsInts().or(sign).reinterpretAsFloats();
    FloatVector e = decay.abs();
    // Not by comparison with 0, which −0 is equal to.
    VectorMask<Float> negative = decay.reinterpretAsInts().compare(VectorOperators.LT, 0).cast(S);
    FloatVector above = ONE.blend(e, negative);
    FloatVector below = e.add(ONE);
    // What the sum rounded away, and the quotient's own remainder: three roundings beside the
    // exponential's would be more than 2 units in the last place.
    FloatVector lost = e.sub(below.sub(ONE));
    FloatVector q = above.div(below);
    FloatVector remainder = q.neg().fma(lost, q.neg().fma(below, above));
    // Within 4 percent of 1/below, which lies between ½ and 1.
    FloatVector inverse = below.fma(MINUS_HALF, NEAR_INVERSE);
    remainder.fma(inverse, q).intoArray(out, outOff, mask);
  }
}

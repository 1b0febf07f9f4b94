// Generated, not to be edited: change the generator and run
// java vector-kernels/src/generator/java/io/hypertape/kernels/generator/GenerateBlocks.java
package io.hypertape.kernels.lanes;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Exponential, logarithm and hyperbolic tangent from exact vector operations only. {@code
 * VectorOperators.EXP} and its like call a vector library from compiled code but {@link Math} from
 * the interpreter: the same run would give other bits as methods get compiled.
 *
 * <p>Reductions and polynomials are those of Moshier's Cephes (expf, logf, tanhf); errors stay
 * below 2 units in the last place.
 */
public final class VectorMath {

  private static final VectorSpecies<Float> S = VectorRows.S;
  private static final int SIGN = 0x8000_0000;
  private static final int SQRT_HALF = 0x3F35_04F3;
  private static final int ROUND_BITS = Float.floatToRawIntBits(0x1.8p23f);

  // Constants are vectors made once: made where they are used, they are so many that the compiler
  // stops inlining in the midst of a caller with several functions, and vectors go through the
  // heap.

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

  public static FloatVector exp(FloatVector v) {
    // Beyond these bounds the result is 0 or ∞ anyway, and the exponent below stays in range. NaN
    // passes.
    FloatVector x = v.max(LOWEST).min(HIGHEST);
    FloatVector shifted = x.fma(LOG2_E, ROUND);
    FloatVector n = shifted.sub(ROUND);
    FloatVector r = n.fma(MINUS_LN2_LOW, n.fma(MINUS_LN2_HIGH, x));
    FloatVector p = r.fma(EXP_5, EXP_4);
    p = p.fma(r, EXP_3);
    p = p.fma(r, EXP_2);
    p = p.fma(r, EXP_1);
    p = p.fma(r, EXP_0);
    p = p.fma(r.mul(r), r).add(ONE);
    // 2^n in two factors, since 2^128 is no float and results may be subnormal.
    IntVector whole = shifted.reinterpretAsInts().sub(ROUND_BITS);
    IntVector half = whole.lanewise(VectorOperators.ASHR, 1);
    return p.mul(power(half)).mul(power(whole.sub(half)));
  }

  private static FloatVector power(IntVector exponent) {
    return exponent.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
  }

  public static FloatVector log(FloatVector v) {
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
    return result.blend(Float.NaN, v.compare(VectorOperators.GE, 0f).not());
  }

  /** Exact for integers below 2^22 by the same addition that rounds. */
  private static FloatVector toFloat(IntVector small) {
    return small.add(ROUND_BITS).reinterpretAsFloats().sub(ROUND);
  }

  public static FloatVector tanh(FloatVector v) {
    FloatVector a = v.abs();
    // 1 − 2/(e^2a + 1), which is 1 in float beyond 9.02: the exponent stays small, one factor does.
    FloatVector x = a.min(TEN).mul(TWO);
    FloatVector shifted = x.fma(LOG2_E, ROUND);
    FloatVector n = shifted.sub(ROUND);
    FloatVector r = n.fma(MINUS_LN2_LOW, n.fma(MINUS_LN2_HIGH, x));
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
    return t.reinterpretAsInts().or(sign).reinterpretAsFloats();
  }

  /** The exponential of {@code −|v|}, at most 1, with v's sign: half of {@link #sigmoid}. */
  public static FloatVector signedDecay(FloatVector v) {
    IntVector sign = v.reinterpretAsInts().and(SIGN);
    return exp(v.abs().neg()).reinterpretAsInts().or(sign).reinterpretAsFloats();
  }

  /**
   * {@code 1/(1+e^-v)} from {@link #signedDecay}. The quotient takes in what the sum rounded away
   * and its own remainder: three roundings beside the exponential's would be more than 2 units in
   * the last place.
   */
  public static FloatVector sigmoid(FloatVector decay) {
    FloatVector e = decay.abs();
    // Not by comparison with 0, which −0 is equal to.
    VectorMask<Float> negative = decay.reinterpretAsInts().compare(VectorOperators.LT, 0).cast(S);
    FloatVector above = ONE.blend(e, negative);
    FloatVector below = e.add(ONE);
    FloatVector lost = e.sub(below.sub(ONE));
    FloatVector q = above.div(below);
    FloatVector rest = q.neg().fma(lost, q.neg().fma(below, above));
    // Within 4 percent of 1/below, which lies between ½ and 1.
    FloatVector inverse = below.fma(MINUS_HALF, NEAR_INVERSE);
    return rest.fma(inverse, q);
  }

  /** One number's, in the bits that it has in a vector, which one number is not worth. */
  public static float exp(float v) {
    float x = Math.min(Math.max(v, -105f), 89f);
    float shifted = Math.fma(x, 1.44269504f, 0x1.8p23f);
    float n = shifted - 0x1.8p23f;
    float r = Math.fma(n, 2.12194440e-4f, Math.fma(n, -0.693359375f, x));
    float p = Math.fma(r, 1.9875691500e-4f, 1.3981999507e-3f);
    p = Math.fma(p, r, 8.3334519073e-3f);
    p = Math.fma(p, r, 4.1665795894e-2f);
    p = Math.fma(p, r, 1.6666665459e-1f);
    p = Math.fma(p, r, 5.0000001201e-1f);
    p = Math.fma(p, r * r, r) + 1f;
    int whole = Float.floatToRawIntBits(shifted) - ROUND_BITS;
    int half = whole >> 1;
    return p * power(half) * power(whole - half);
  }

  private static float power(int exponent) {
    return Float.intBitsToFloat(exponent + 127 << 23);
  }
}

// Generated, not to be edited: change the generator and run
// java vector-kernels/src/generator/java/io/hypertape/kernels/generator/GenerateBlocks.java
package io.hypertape.kernels.lanes;

/**
 * Exponential, logarithm, hyperbolic tangent and sigmoid of one number, in the bits that they have
 * in a vector of any length: the same formulas, products and sums fused in the same places.
 */
public final class ScalarMath {

  private static final int SIGN = 0x8000_0000;
  private static final int SQRT_HALF = 0x3F35_04F3;
  private static final int ROUND_BITS = Float.floatToRawIntBits(0x1.8p23f);

  private ScalarMath() {}

  private static float power(int exponent) {
    return Float.intBitsToFloat(exponent + 127 << 23);
  }

  /** Without a branch, which would be taken at random: the first if the sign bit is set. */
  private static float select(int sign, float yes, float no) {
    int bits = Float.floatToRawIntBits(no);
    return Float.intBitsToFloat(bits ^ (bits ^ Float.floatToRawIntBits(yes)) & sign >> 31);
  }

  /** e^v. */
  public static float exp(float v) {
    float x = Math.min(Math.max(v, -105f), 89f);
    float shifted = Fma.fma(x, 1.44269504f, 0x1.8p23f);
    float k = shifted - 0x1.8p23f;
    float r = Fma.fma(k, 2.12194440e-4f, Fma.fma(k, -0.693359375f, x));
    float p = Fma.fma(r, 1.9875691500e-4f, 1.3981999507e-3f);
    p = Fma.fma(p, r, 8.3334519073e-3f);
    p = Fma.fma(p, r, 4.1665795894e-2f);
    p = Fma.fma(p, r, 1.6666665459e-1f);
    p = Fma.fma(p, r, 5.0000001201e-1f);
    p = Fma.fma(p, r * r, r) + 1f;
    int whole = Float.floatToRawIntBits(shifted) - ROUND_BITS;
    int half = whole >> 1;
    return p * power(half) * power(whole - half);
  }

  /** Natural logarithm. */
  public static float log(float v) {
    boolean subnormal = v < Float.MIN_NORMAL;
    int bits = Float.floatToRawIntBits(subnormal ? v * 0x1p23f : v);
    int e = bits - SQRT_HALF >> 23;
    float m = Float.intBitsToFloat(bits - (e << 23));
    float exponent = e;
    exponent = subnormal ? exponent - 23f : exponent;
    float f = m - 1f;
    float z = f * f;
    float p = Fma.fma(f, 7.0376836292e-2f, -1.1514610310e-1f);
    p = Fma.fma(p, f, 1.1676998740e-1f);
    p = Fma.fma(p, f, -1.2420140846e-1f);
    p = Fma.fma(p, f, 1.4249322787e-1f);
    p = Fma.fma(p, f, -1.6668057665e-1f);
    p = Fma.fma(p, f, 2.0000714765e-1f);
    p = Fma.fma(p, f, -2.4999993993e-1f);
    p = Fma.fma(p, f, 3.3333331174e-1f);
    float y = Fma.fma(exponent, -2.12194440e-4f, p * f * z);
    y = Fma.fma(z, -0.5f, y);
    float result = Fma.fma(exponent, 0.693359375f, f + y);
    result = v >= Float.POSITIVE_INFINITY ? v : result;
    result = v == 0f ? Float.NEGATIVE_INFINITY : result;
    return v >= 0f ? result : Float.NaN;
  }

  /** Hyperbolic tangent. */
  public static float tanh(float v) {
    float a = Math.abs(v);
    float x = Math.min(a, 10f) * 2f;
    float shifted = Fma.fma(x, 1.44269504f, 0x1.8p23f);
    float k = shifted - 0x1.8p23f;
    float r = Fma.fma(k, 2.12194440e-4f, Fma.fma(k, -0.693359375f, x));
    float p = Fma.fma(r, 1.9875691500e-4f, 1.3981999507e-3f);
    p = Fma.fma(p, r, 8.3334519073e-3f);
    p = Fma.fma(p, r, 4.1665795894e-2f);
    p = Fma.fma(p, r, 1.6666665459e-1f);
    p = Fma.fma(p, r, 5.0000001201e-1f);
    p = Fma.fma(p, r * r, r) + 1f;
    float e = p * power(Float.floatToRawIntBits(shifted) - ROUND_BITS);
    float large = 1f - 2f / (e + 1f);
    float z = a * a;
    float q = Fma.fma(z, -5.70498872745e-3f, 2.06390887954e-2f);
    q = Fma.fma(q, z, -5.37397155531e-2f);
    q = Fma.fma(q, z, 1.33314422036e-1f);
    q = Fma.fma(q, z, -3.33332819422e-1f);
    float small = Fma.fma(q * z, a, a);
    float t = a < 0.625f ? small : large;
    int sign = Float.floatToRawIntBits(v) & SIGN;
    return Float.intBitsToFloat(Float.floatToRawIntBits(t) | sign);
  }

  /** 1/(1+e^−v). */
  public static float sigmoid(float v) {
    float x = Math.max(-Math.abs(v), -105f);
    float shifted = Fma.fma(x, 1.44269504f, 0x1.8p23f);
    float k = shifted - 0x1.8p23f;
    float r = Fma.fma(k, 2.12194440e-4f, Fma.fma(k, -0.693359375f, x));
    float p = Fma.fma(r, 1.9875691500e-4f, 1.3981999507e-3f);
    p = Fma.fma(p, r, 8.3334519073e-3f);
    p = Fma.fma(p, r, 4.1665795894e-2f);
    p = Fma.fma(p, r, 1.6666665459e-1f);
    p = Fma.fma(p, r, 5.0000001201e-1f);
    p = Fma.fma(p, r * r, r) + 1f;
    int whole = Float.floatToRawIntBits(shifted) - ROUND_BITS;
    int half = whole >> 1;
    float size = p * power(half) * power(whole - half);
    int sign = Float.floatToRawIntBits(v) & SIGN;
    float decay = Float.intBitsToFloat(Float.floatToRawIntBits(size) | sign);
    float e = Math.abs(decay);
    int negative = Float.floatToRawIntBits(decay);
    float above = select(negative, e, 1f);
    float below = e + 1f;
    float lost = e - (below - 1f);
    float q = above / below;
    float remainder = Fma.fma(-q, lost, Fma.fma(-q, below, above));
    float inverse = Fma.fma(below, -0.5f, 1.457f);
    return Fma.fma(remainder, inverse, q);
  }
}

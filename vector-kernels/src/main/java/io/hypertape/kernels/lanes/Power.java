package io.hypertape.kernels.lanes;

import java.util.Arrays;

/**
 * a^b rounded to single precision: the bits of {@link StrictMath#pow}, which takes more than twice
 * as long and leaves arrays on the heap. An approximation in double precision, made of what IEEE
 * 754 defines, stands unless it lies so near the middle of two floats that its error counts.
 */
public final class Power {

  private static final double ROOT_2 = 1.4142135623730951;
  private static final double LN_2 = 0.6931471805599453;

  /** Powers of two beyond which a float is 0 or infinite, whatever the error. */
  private static final double LEAST = -152;

  private static final double MOST = 130;

  /** Bits of a double that a float has not, their middle, and what they may be off by. */
  private static final long CUT_OFF = (1L << 29) - 1;

  private static final long MIDDLE = 1L << 28;
  private static final long ERROR = 1 << 15;

  /** 1/k, for both series. */
  private static final double[] RECIPROCALS = new double[22];

  static {
    Arrays.setAll(RECIPROCALS, k -> 1.0 / k);
  }

  private Power() {}

  /**
   * A power, of special values as {@link Math#pow} has it.
   *
   * @param a the base
   * @param b the exponent
   * @return a^b, the float next to it
   */
  public static float pow(float a, float b) {
    if (a > 0 && a <= Float.MAX_VALUE && Math.abs(b) <= Float.MAX_VALUE) {
      double power = positive(a, b);
      long off = (Double.doubleToRawLongBits(power) & CUT_OFF) - MIDDLE;
      if (power >= Float.MIN_NORMAL && Math.abs(off) > ERROR || power == 0) {
        return (float) power;
      }
    }
    return (float) StrictMath.pow(a, b);
  }

  /** 2^(b·log₂ x), off by less than 2⁻⁴⁰ of itself; 0 or infinite far beyond a float's range. */
  private static double positive(double x, double b) {
    double power = b * log2(x);
    if (power < LEAST || power > MOST) {
      return power < 0 ? 0 : Double.POSITIVE_INFINITY;
    }
    double whole = Math.rint(power);
    double t = (power - whole) * LN_2;
    // The exponential's series up to t¹³/13!, |t| < 0.35.
    double sum = 1;
    for (int k = 13; k > 0; k--) {
      sum = 1 + t * RECIPROCALS[k] * sum;
    }
    return sum * Double.longBitsToDouble((long) whole + Double.MAX_EXPONENT << 52);
  }

  /**
   * x = m·2^e with m about 1; ln m = 2·(s + s³/3 + …) up to s²¹/21, s = (m − 1)/(m + 1) < 0.172.
   */
  private static double log2(double x) {
    int e = Math.getExponent(x);
    double m = x * Double.longBitsToDouble((long) (Double.MAX_EXPONENT - e) << 52);
    if (m > ROOT_2) {
      m /= 2;
      e++;
    }
    double s = (m - 1) / (m + 1);
    double square = s * s;
    double sum = 0;
    for (int k = 21; k > 0; k -= 2) {
      sum = sum * square + RECIPROCALS[k];
    }
    return e + 2 / LN_2 * s * sum;
  }
}

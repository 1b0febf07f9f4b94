package io.hypertape.io;

/** Numbers of four and of eight bits: so few that tables have them, exactly. */
final class SmallFloats {

  /** What stands for what is not finite. */
  private enum Specials {
    /** The largest exponent, as in IEEE 754. */
    IEEE,
    /** All bits set but the sign: NaN; there are no infinities. */
    FINITE,
    /** A zero with a sign: NaN; there are no infinities and no such zero. */
    FINITE_UNSIGNED_ZERO,
    /** None. */
    NONE
  }

  // Bits of exponent and mantissa, bias: OCP Microscaling Formats 1.0; Micikevicius et al. 2022
  // (E5M2, E4M3); Noune et al. 2022 (FNUZ, whose bias is larger by one).
  static final float[] F4 = table(2, 1, 1, Specials.NONE);
  static final float[] E5M2 = table(5, 2, 15, Specials.IEEE);
  static final float[] E4M3 = table(4, 3, 7, Specials.FINITE);
  static final float[] E5M2_FNUZ = table(5, 2, 16, Specials.FINITE_UNSIGNED_ZERO);
  static final float[] E4M3_FNUZ = table(4, 3, 8, Specials.FINITE_UNSIGNED_ZERO);
  static final float[] E8M0 = powers();

  private SmallFloats() {}

  private static float[] table(int exponentBits, int mantissaBits, int bias, Specials specials) {
    int half = 1 << (exponentBits + mantissaBits);
    float[] values = new float[2 * half];
    for (int code = 0; code < half; code++) {
      int exponent = code >> mantissaBits;
      int mantissa = code & ((1 << mantissaBits) - 1);
      double value =
          exponent == 0
              ? Math.scalb((double) mantissa, 1 - bias - mantissaBits)
              : Math.scalb(
                  (double) ((1 << mantissaBits) + mantissa), exponent - bias - mantissaBits);
      if (specials == Specials.IEEE && exponent == (1 << exponentBits) - 1) {
        value = mantissa == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
      } else if (specials == Specials.FINITE && code == half - 1) {
        value = Double.NaN;
      }
      values[code] = (float) value;
      values[half + code] = (float) -value;
    }
    if (specials == Specials.FINITE_UNSIGNED_ZERO) {
      values[half] = Float.NaN;
    }
    return values;
  }

  private static float[] powers() {
    float[] values = new float[256];
    for (int code = 0; code < 255; code++) {
      values[code] = Math.scalb(1f, code - 127);
    }
    values[255] = Float.NaN;
    return values;
  }
}

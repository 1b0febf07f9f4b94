package io.hypertape.kernels.lanes;

/**
 * a·b + c in single precision, rounded once, as fused multiply-adds of vectors are. {@link
 * Math#fma} gives the same bits, but by BigDecimal where the processor has no such instruction.
 */
public final class Fma {

  /** Whether it is an instruction. */
  public static final boolean INSTRUCTION = FusedMultiplyAdd.isInstruction();

  private Fma() {}

  /**
   * A fused multiply-add.
   *
   * @param a a factor
   * @param b the other
   * @param c what is added to the product
   * @return a·b + c, rounded once
   */
  public static float fma(float a, float b, float c) {
    return INSTRUCTION ? Math.fma(a, b, c) : emulated(a, b, c);
  }

  /**
   * The product is exact in double precision. Rounding its sum again to single precision is as good
   * as rounding once, unless the sum lies just between two floats: there, and among denormal
   * numbers, it has to be known what double precision cut off.
   */
  public static float emulated(float a, float b, float c) {
    double product = (double) a * b;
    double sum = product + c;
    boolean between = (Double.doubleToRawLongBits(sum) & 0x1FFFFFFF) == 0x10000000;
    boolean small = Math.abs(sum) < Float.MIN_NORMAL && sum != 0;
    return between || small ? rounded(product, c, sum) : (float) sum;
  }

  /**
   * What double precision cuts off of a sum makes the last bit odd (Boldo, Melquiond 2008,
   * Emulation of FMA and correctly rounded sums).
   */
  private static float rounded(double product, float c, double sum) {
    // What the sum lacks of product + c (Knuth's TwoSum).
    double back = sum - product;
    double rest = (product - (sum - back)) + (c - back);
    long bits = Double.doubleToRawLongBits(sum);
    if ((bits & 1) == 0 && rest != 0) {
      sum = Double.longBitsToDouble(rest > 0 == sum > 0 ? bits + 1 : bits - 1);
    }
    return (float) sum;
  }
}

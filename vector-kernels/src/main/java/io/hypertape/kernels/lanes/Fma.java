package io.hypertape.kernels.lanes;

/**
 * a·b + c in single precision, rounded once, as fused multiply-adds of vectors are. {@link
 * Math#fma} gives the same bits, but by BigDecimal where the processor has no such instruction.
 */
public final class Fma {

  private static final boolean INSTRUCTION = FusedMultiplyAdd.isInstruction();

  private Fma() {}

  public static float fma(float a, float b, float c) {
    return INSTRUCTION ? Math.fma(a, b, c) : emulated(a, b, c);
  }

  /**
   * The product is exact in double precision. Of the sum, what double precision cuts off makes the
   * last bit odd (Boldo, Melquiond 2008, Emulation of FMA and correctly rounded sums), so that
   * rounding it again to single precision is as good as rounding once.
   */
  public static float emulated(float a, float b, float c) {
    double product = (double) a * b;
    double sum = product + c;
    // What the sum lacks of product + c (Knuth's TwoSum).
    double back = sum - product;
    double rest = (product - (sum - back)) + (c - back);
    long bits = Double.doubleToRawLongBits(sum);
    if ((bits & 1) == 0 && rest != 0 && Math.abs(sum) <= Double.MAX_VALUE) {
      sum = Double.longBitsToDouble(rest > 0 == sum > 0 ? bits + 1 : bits - 1);
    }
    return (float) sum;
  }
}

package io.hypertape.kernels.lanes;

/**
 * A vector of 16 lanes, by which all sums along vectors are defined, however long those of the
 * processor are: an element belongs to the lane of its index modulo 16, and at the end the lanes
 * are added in one order. Kernels of shorter vectors and of none have the same bits.
 */
public final class VirtualVector {

  /** Lanes that a sum along vectors has for each of its accumulators. */
  public static final int LANES = 16;

  private VirtualVector() {}

  /**
   * The lanes' sum: each with that 8 lanes behind it, then 4, 2 and 1.
   *
   * @param lanes where they lie
   * @param at the place of the first of 16
   * @return their sum in single precision
   */
  public static float sum(float[] lanes, int at) {
    return (fourth(lanes, at) + fourth(lanes, at + 2))
        + (fourth(lanes, at + 1) + fourth(lanes, at + 3));
  }

  private static float fourth(float[] lanes, int at) {
    return (lanes[at] + lanes[at + 8]) + (lanes[at + 4] + lanes[at + 12]);
  }
}

package io.hypertape.optim;

/**
 * How long the very first update may be, as a share of the weights' norm. As text {@code
 * cap=1e-5..0.001}, or {@code cap=0.001} without a least length.
 *
 * @param least how long it is made at least; 0 for no limit
 * @param most how long it is made at most; infinite for no limit
 */
public record Cap(double least, double most) {

  /** Checks the numbers. */
  public Cap {
    if (!(least >= 0 && most > 0 && least <= most) || Double.isInfinite(least)) {
      throw new IllegalArgumentException(
          "the first update cannot be capped at "
              + (least == 0 ? "" : Arguments.number(least) + " to ")
              + Arguments.number(most)
              + " of the weights' norm; a number above 0, or two that rise, are needed");
    }
  }

  /**
   * No limits.
   *
   * @return what any update keeps to
   */
  public static Cap none() {
    return new Cap(0, Double.POSITIVE_INFINITY);
  }

  boolean isNone() {
    return equals(none());
  }

  String text() {
    return (least == 0 ? "" : Arguments.number(least) + "..") + Arguments.number(most);
  }
}

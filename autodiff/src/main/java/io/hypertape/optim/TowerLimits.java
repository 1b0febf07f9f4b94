package io.hypertape.optim;

/** Which numbers a tower's options may be. */
final class TowerLimits {

  private TowerLimits() {}

  static void check(double maxNorm, int heldOut) {
    if (!(maxNorm > 0)) {
      throw new IllegalArgumentException(
          "gradients cannot be clipped to a norm of " + maxNorm + "; a number above 0 is needed");
    }
    if (heldOut != 0 && heldOut < 2) {
      throw new IllegalArgumentException(
          "every "
              + heldOut
              + "th batch cannot be held out; a whole number of 2, which is every second one, or"
              + " more is needed");
    }
  }
}

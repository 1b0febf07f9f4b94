package io.hypertape.kernels.layers;

import java.util.Arrays;
import java.util.Locale;

/** Refuses operands that do not fit a shape. */
final class Fits {

  private Fits() {}

  static void shape(String name, int length, int... shape) {
    // In double: no product of three ints overflows it, nor does it round one that could fit.
    double size = 1;
    for (int axis : shape) {
      size *= axis;
    }
    if (size != length) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s %s has %.0f elements, the operand %d",
              name,
              Arrays.toString(shape),
              size,
              length));
    }
  }
}

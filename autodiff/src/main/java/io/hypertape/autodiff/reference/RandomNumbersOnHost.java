package io.hypertape.autodiff.reference;

import io.hypertape.autodiff.backend.Distribution;
import io.hypertape.kernels.lanes.Philox;

/** The random numbers of every backend, by the host. */
public final class RandomNumbersOnHost {

  private RandomNumbersOnHost() {}

  /**
   * Draws numbers.
   *
   * @param distribution what to draw from
   * @param seed the key
   * @param stream tells sequences under one seed apart
   * @param count how many
   * @return the first ones of the sequence
   */
  public static double[] draw(Distribution distribution, long seed, long stream, int count) {
    double[] numbers = new double[count];
    for (int i = 0; i < count; i++) {
      numbers[i] =
          switch (distribution) {
            case UNIFORM -> Philox.uniformFloat(seed, stream, i);
            case NORMAL -> Philox.normal(seed, stream, i);
          };
    }
    return numbers;
  }

  /**
   * Draws a mask for dropout.
   *
   * @param keep probability to keep an element
   * @param seed the key
   * @param stream tells masks under one seed apart
   * @param count how many elements
   * @return 1/keep with probability keep, else 0
   */
  public static double[] mask(double keep, long seed, long stream, int count) {
    double[] mask = new double[count];
    for (int i = 0; i < count; i++) {
      mask[i] = Philox.uniformFloat(seed, stream, i) < keep ? 1 / keep : 0;
    }
    return mask;
  }
}

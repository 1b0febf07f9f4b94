package io.hypertape.kernels.updates;

import io.hypertape.kernels.lanes.Fma;

/**
 * The decay β of a running mean, which is high + low: a float alone cannot tell 0.99999999 from 1,
 * and is off by up to 3e-8 below it, which adds up over the steps.
 *
 * @param high the float next to β
 * @param low what that leaves of β
 * @param rest 1 − β
 */
public record SplitDecay(float high, float low, float rest) {

  public static SplitDecay of(double beta) {
    float high = (float) beta;
    return new SplitDecay(high, (float) (beta - high), (float) (1 - beta));
  }

  /** β·mean + (1 − β)·x, in the bits of vector kernels. */
  public float mean(float mean, float x) {
    return Fma.fma(mean, high, Fma.fma(mean, low, x * rest));
  }
}

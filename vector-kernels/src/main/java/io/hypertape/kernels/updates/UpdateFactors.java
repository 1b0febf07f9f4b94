package io.hypertape.kernels.updates;

/**
 * What the loops of an update multiply vectors by, computed once for a call: its scalars in their
 * order, a decay β in three parts, and then what some have beside. The loops' generator has a table
 * of them.
 */
final class UpdateFactors {

  // 13 are the most that an update has.
  private final float[] f = new float[16];
  private int next;

  // Adam's corrections and what they are of: all of a model's parameters have the same.
  private double beta1;
  private double beta2;
  private double t = Double.NaN;
  private float mean;
  private float square;
  private float meanSlope;
  private float squareSlope;

  /** The factors of a call, until those of the next one. */
  float[] of(UpdateOp update, double[] scalars) {
    next = 0;
    for (int i = 0; i < update.scalars().size(); i++) {
      if (update.isDecay(i)) {
        decay(scalars[i]);
      } else {
        put((float) scalars[i]);
      }
    }
    switch (update) {
      case ADAM -> {
        corrections(scalars[1], scalars[2], scalars[4]);
        put((float) scalars[0] * mean);
        put(square);
      }
      case ADAM_HYPER -> {
        corrections(scalars[1], scalars[2], scalars[4]);
        put(mean);
        put(square);
        put(meanSlope);
        put(squareSlope);
      }
      case PRODIGY_TERMS -> decay(scalars[4] == 0 ? Math.sqrt(scalars[3]) : scalars[4]);
      case DADAPT_ADAM_TERMS -> {
        double root = Math.sqrt(scalars[2]);
        decay(root);
        // 1 − √β, without the difference.
        f[next - 1] = (float) ((1 - scalars[2]) / (1 + root));
      }
      case SCHEDULE_FREE_SGD -> put((float) scalars[3] * (float) (1 - scalars[4]));
      case SCHEDULE_FREE_ADAM -> {
        put((float) scalars[3] * (float) (1 - scalars[4]));
        put((float) (1 / rest(scalars[5], scalars[7])));
      }
      default -> {
        // Nothing beside.
      }
    }
    return f;
  }

  /**
   * What a sum over the weights is multiplied by: loops leave out what all terms have in common.
   */
  static double ofSum(UpdateOp update, int sum, double[] scalars) {
    return switch (update) {
      case SGD_HYPER, SGD_MOMENTUM_HYPER, ADAGRAD_HYPER -> sum == 0 ? -1 : -(float) scalars[0];
      case RMSPROP_HYPER -> sum == 0 ? -1 : 0.5 * (float) scalars[0];
      case ADAM_HYPER -> sum == 0 ? -1 : (sum == 1 ? -1 : 0.5) * (float) scalars[0];
      default -> 1;
    };
  }

  private void put(float factor) {
    f[next++] = factor;
  }

  /**
   * The float next to a decay, what that leaves of it, and 1 − β: a float alone cannot tell
   * 0.99999999 from 1, and is off by up to 3e-8 below it, which adds up over the steps.
   */
  private void decay(double beta) {
    float high = (float) beta;
    put(high);
    put((float) (beta - high));
    put((float) (1 - beta));
  }

  /**
   * 1/(1 − β^t) of both decays, and t·β^(t−1)/(1 − β^t)², so that ∂m̂/∂beta1 = (m − g)·mean +
   * m'·meanSlope, likewise for v̂.
   */
  private void corrections(double first, double second, double steps) {
    if (first == beta1 && second == beta2 && steps == t) {
      return;
    }
    beta1 = first;
    beta2 = second;
    t = steps;
    double rest1 = rest(first, steps);
    double rest2 = rest(second, steps);
    mean = (float) (1 / rest1);
    square = (float) (1 / rest2);
    meanSlope = (float) (steps * StrictMath.pow(first, steps - 1) / (rest1 * rest1));
    squareSlope = (float) (steps * StrictMath.pow(second, steps - 1) / (rest2 * rest2));
  }

  /** 1 − β^t, which has no digits left of β^t where β is near 1. */
  private static double rest(double beta, double t) {
    return -StrictMath.expm1(t * StrictMath.log1p(beta - 1));
  }
}

package io.hypertape.kernels.updates;

/**
 * What an {@link AdaptiveUpdate} multiplies vectors by, computed from its scalars in double
 * precision, once for a call: scalars first, then the parts of each decay as {@link SplitDecay} has
 * them, high, low and rest.
 */
final class AdaptiveFactors {

  /** More than any update has. */
  static final int MOST = 12;

  private AdaptiveFactors() {}

  static void fill(AdaptiveUpdate update, double[] scalars, float[] f) {
    switch (update) {
      case PRODIGY_TERMS -> {
        f[0] = (float) scalars[0];
        f[1] = (float) scalars[1];
        decay(scalars[2], f, 2);
        decay(scalars[3], f, 5);
        decay(scalars[4] == 0 ? Math.sqrt(scalars[3]) : scalars[4], f, 8);
      }
      case DADAPT_ADAM_TERMS -> {
        f[0] = (float) scalars[0];
        f[1] = (float) scalars[3];
        decay(scalars[1], f, 2);
        decay(scalars[2], f, 5);
        decay(Math.sqrt(scalars[2]), f, 8);
        // 1 − √β, without the difference.
        f[10] = (float) ((1 - scalars[2]) / (1 + Math.sqrt(scalars[2])));
      }
      case DADAPT_SGD_TERMS -> f[0] = (float) scalars[0];
      case MEANS_STEP -> {
        f[0] = (float) scalars[0];
        f[1] = (float) scalars[1];
      }
      case SCHEDULE_FREE_SGD -> scheduleFree(scalars, f);
      case SCHEDULE_FREE_ADAM -> {
        scheduleFree(scalars, f);
        f[4] = (float) scalars[6];
        f[5] = (float) (1 / -Math.expm1(scalars[7] * Math.log1p(scalars[5] - 1)));
        decay(scalars[5], f, 6);
      }
      case SCALED_STEP, SCALED_MOMENTUM -> {
        for (int i = 0; i < update.scalars().size(); i++) {
          f[i] = (float) scalars[i];
        }
      }
      case DISTANCE_TERMS, MECHANIC_TERMS, GRADIENT_TERMS -> {
        // No scalars.
      }
    }
  }

  /** Step, shrink, β and by what x' is away from z'. */
  private static void scheduleFree(double[] scalars, float[] f) {
    f[0] = (float) scalars[0];
    f[1] = (float) scalars[1];
    f[2] = (float) scalars[2];
    f[3] = (float) scalars[3] * (float) (1 - scalars[4]);
  }

  private static void decay(double beta, float[] f, int at) {
    float high = (float) beta;
    f[at] = high;
    f[at + 1] = (float) (beta - high);
    f[at + 2] = (float) (1 - beta);
  }
}

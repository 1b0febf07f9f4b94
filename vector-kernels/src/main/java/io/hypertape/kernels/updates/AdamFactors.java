package io.hypertape.kernels.updates;

/**
 * The scalars of Adam's update and of its hypergradients, computed in double precision.
 *
 * @param first beta1
 * @param second beta2
 * @param mean 1/(1 − beta1^t)
 * @param square 1/(1 − beta2^t)
 * @param meanSlope t·beta1^(t−1)/(1 − beta1^t)², so that ∂m̂/∂beta1 = (m − g)·mean + m'·meanSlope
 * @param squareSlope t·beta2^(t−1)/(1 − beta2^t)², likewise for v̂
 */
public record AdamFactors(
    SplitDecay first,
    SplitDecay second,
    float mean,
    float square,
    float meanSlope,
    float squareSlope) {

  public static AdamFactors of(double beta1, double beta2, float t) {
    double rest1 = rest(beta1, t);
    double rest2 = rest(beta2, t);
    return new AdamFactors(
        SplitDecay.of(beta1),
        SplitDecay.of(beta2),
        (float) (1 / rest1),
        (float) (1 / rest2),
        (float) (t * Math.pow(beta1, t - 1) / (rest1 * rest1)),
        (float) (t * Math.pow(beta2, t - 1) / (rest2 * rest2)));
  }

  /** 1 − beta^t, which has no digits left of β^t where beta is near 1. */
  private static double rest(double beta, float t) {
    return -Math.expm1(t * Math.log1p(beta - 1));
  }
}

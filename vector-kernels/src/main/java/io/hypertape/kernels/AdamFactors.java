package io.hypertape.kernels;

/**
 * The scalars of Adam's update and of its hypergradients, in double precision.
 *
 * @param mean 1/(1 − beta1^t)
 * @param square 1/(1 − beta2^t)
 * @param meanSlope t·beta1^(t−1)/(1 − beta1^t)², so that ∂m̂/∂beta1 = (m − g)·mean + m'·meanSlope
 * @param squareSlope t·beta2^(t−1)/(1 − beta2^t)², likewise for v̂
 */
record AdamFactors(float mean, float square, float meanSlope, float squareSlope) {

  static AdamFactors of(float beta1, float beta2, float t) {
    double rest1 = 1 - Math.pow(beta1, t);
    double rest2 = 1 - Math.pow(beta2, t);
    return new AdamFactors(
        (float) (1 / rest1),
        (float) (1 / rest2),
        (float) (t * Math.pow(beta1, t - 1) / (rest1 * rest1)),
        (float) (t * Math.pow(beta2, t - 1) / (rest2 * rest2)));
  }
}

package io.hypertape.optim;

import java.util.List;

/**
 * {@link RmsProp} whose γ is a constant that cannot be tuned.
 *
 * @param alpha step size α, stored as its square root
 * @param gamma decay γ of the mean square
 * @param decay weight decay λ: g + λ·p stands for g (PyTorch's weight_decay); 0 for none
 */
public record RmsPropAlpha(double alpha, double gamma, double decay) implements Optimizer {

  /** Checks the values. */
  public RmsPropAlpha {
    Arguments.stepSize("rmsprop-alpha", "alpha", alpha);
    Arguments.fraction("rmsprop-alpha", "gamma", gamma);
    WeightDecay.check("rmsprop-alpha", decay);
  }

  /**
   * Without weight decay.
   *
   * @param alpha step size
   * @param gamma decay of the mean square
   */
  public RmsPropAlpha(double alpha, double gamma) {
    this(alpha, gamma, 0);
  }

  /**
   * With γ = 0.99.
   *
   * @param alpha step size
   */
  public RmsPropAlpha(double alpha) {
    this(alpha, RmsProp.GAMMA);
  }

  /**
   * The same with weight decay.
   *
   * @param newDecay λ, 0 or more
   * @return the changed optimizer
   */
  public RmsPropAlpha withDecay(double newDecay) {
    return new RmsPropAlpha(alpha, gamma, newDecay);
  }

  @Override
  public String name() {
    return "rmsprop-alpha";
  }

  @Override
  public String text() {
    return Arguments.call(
        name(), alpha, "gamma", gamma, RmsProp.GAMMA, WeightDecay.NAME, decay, 0.0);
  }

  @Override
  public List<Hyperparameter> hyperparameters() {
    return WeightDecay.with(decay, List.of(new Hyperparameter("alpha", alpha, Transform.SQUARE)));
  }

  @Override
  public List<StateVariable> state(int[] shape) {
    return RmsProp.meanSquare(shape);
  }

  @Override
  public Updated update(Update u) {
    return RmsProp.UPDATE.apply(
        WeightDecay.before(u, decay),
        u.value("alpha"),
        u.constant(1 - gamma),
        u.constant(RmsProp.EPSILON));
  }
}

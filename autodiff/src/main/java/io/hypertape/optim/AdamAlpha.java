package io.hypertape.optim;

import java.util.List;

/**
 * {@link Adam} whose β₁ and β₂ are constants that cannot be tuned, as in Baydin et al., 'Online
 * Learning Rate Adaptation with Hypergradient Descent' (ICLR 2018).
 *
 * @param alpha step size α
 * @param beta1 decay β₁ of the mean
 * @param beta2 decay β₂ of the mean square
 * @param eps ε
 * @param decay weight decay λ: g + λ·p stands for g (PyTorch's weight_decay); 0 for none
 */
public record AdamAlpha(double alpha, double beta1, double beta2, double eps, double decay)
    implements Optimizer {

  /** Checks the values. */
  public AdamAlpha {
    Adam.check("adam-alpha", alpha, beta1, beta2, eps);
    WeightDecay.check("adam-alpha", decay);
  }

  /**
   * Without weight decay.
   *
   * @param alpha step size
   * @param beta1 decay of the mean
   * @param beta2 decay of the mean square
   * @param eps ε
   */
  public AdamAlpha(double alpha, double beta1, double beta2, double eps) {
    this(alpha, beta1, beta2, eps, 0);
  }

  /**
   * With β₁ = 0.9, β₂ = 0.999, ε = 1e-8.
   *
   * @param alpha step size
   */
  public AdamAlpha(double alpha) {
    this(alpha, Adam.BETA1, Adam.BETA2, Adam.EPSILON);
  }

  /**
   * The same with weight decay.
   *
   * @param newDecay λ, 0 or more
   * @return the changed optimizer
   */
  public AdamAlpha withDecay(double newDecay) {
    return new AdamAlpha(alpha, beta1, beta2, eps, newDecay);
  }

  @Override
  public String name() {
    return "adam-alpha";
  }

  @Override
  public String text() {
    return Arguments.call(
        name(),
        alpha,
        "beta1",
        beta1,
        Adam.BETA1,
        "beta2",
        beta2,
        Adam.BETA2,
        "eps",
        eps,
        Adam.EPSILON,
        WeightDecay.NAME,
        decay,
        0.0);
  }

  @Override
  public List<Hyperparameter> hyperparameters() {
    return WeightDecay.with(decay, List.of(new Hyperparameter("alpha", alpha)));
  }

  @Override
  public List<StateVariable> state(int[] shape) {
    return Adam.state(eps, shape);
  }

  @Override
  public Updated update(Update u) {
    return Adam.UPDATE.apply(
        WeightDecay.before(u, decay),
        u.value("alpha"),
        u.constant(1 - beta1),
        u.constant(1 - beta2),
        u.constant(eps),
        u.t());
  }
}

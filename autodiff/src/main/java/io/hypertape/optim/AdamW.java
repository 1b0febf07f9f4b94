package io.hypertape.optim;

import io.hypertape.autodiff.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Adam with decoupled weight decay (Loshchilov, Hutter 2019): {@link Adam}'s update less α·λ·p,
 * which does not pass through the means. λ is a hyperparameter like the others.
 *
 * @param alpha step size α
 * @param beta1 decay β₁ of the mean
 * @param beta2 decay β₂ of the mean square
 * @param eps ε
 * @param decay weight decay λ
 */
public record AdamW(double alpha, double beta1, double beta2, double eps, double decay)
    implements Optimizer {

  static final double DECAY = 0.01;

  /** Checks the values. */
  public AdamW {
    Adam.check("adamw", alpha, beta1, beta2, eps);
    WeightDecay.check("adamw", decay);
  }

  /**
   * With β₁ = 0.9, β₂ = 0.999, ε = 1e-8.
   *
   * @param alpha step size
   * @param decay weight decay
   */
  public AdamW(double alpha, double decay) {
    this(alpha, Adam.BETA1, Adam.BETA2, Adam.EPSILON, decay);
  }

  @Override
  public String name() {
    return "adamw";
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
        DECAY);
  }

  @Override
  public List<Hyperparameter> hyperparameters() {
    List<Hyperparameter> all = new ArrayList<>(Adam.hyperparameters(alpha, beta1, beta2));
    all.add(new Hyperparameter(WeightDecay.NAME, decay));
    return all;
  }

  @Override
  public List<StateVariable> state(int[] shape) {
    return Adam.state(eps, shape);
  }

  @Override
  public Updated update(Update u) {
    Updated adam = Adam.update(u, eps);
    Tensor rate = u.value("alpha").mul(u.value(WeightDecay.NAME));
    return adam.withValue(Sgd.stepped(adam.p(), u.p(), rate));
  }
}

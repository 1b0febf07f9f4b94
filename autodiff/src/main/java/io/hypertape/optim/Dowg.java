package io.hypertape.optim;

import io.hypertape.autodiff.Tensor;
import java.util.List;

/**
 * DoWG, 'DoWG Unleashed: An Efficient Universal Parameter-Free Gradient Descent Method' (Khaled,
 * Mishchenko, Jin 2023), as its authors' code has it: p' = p − α·r̄²/(√v + {@code eps})·g. Over all
 * parameters of its level together, r̄² is the largest squared distance of the weights from where
 * they began, at first {@code eps}, and v the sum of r̄²·‖g‖² until now.
 *
 * @param alpha factor of the step size, 1 in its authors' code
 * @param eps ε
 * @param decay weight decay λ: g + λ·p stands for g; 0 for none
 */
public record Dowg(double alpha, double eps, double decay) implements Optimizer {

  static final double EPSILON = 1e-4;

  /** Checks the values. */
  public Dowg {
    Arguments.stepSize("dowg", "alpha", alpha);
    Arguments.positive("dowg", "eps", eps);
    WeightDecay.check("dowg", decay);
  }

  /** With its authors' defaults: α = 1, ε = 1e-4, no weight decay. */
  public Dowg() {
    this(1, EPSILON, 0);
  }

  @Override
  public String name() {
    return "dowg";
  }

  @Override
  public String text() {
    return Arguments.call(name(), alpha, "eps", eps, EPSILON, WeightDecay.NAME, decay, 0.0);
  }

  @Override
  public List<Hyperparameter> hyperparameters() {
    return WeightDecay.with(decay, List.of(new Hyperparameter("alpha", alpha)));
  }

  @Override
  public List<StateVariable> state(int[] shape) {
    return List.of(StateVariable.ofParameter("x0", shape));
  }

  @Override
  public List<StateVariable> shared() {
    return List.of(new StateVariable("distance2", eps), new StateVariable("v", 0));
  }

  @Override
  public Terms terms(Update u) {
    List<Tensor> out =
        AdaptiveOps.DISTANCE.apply(List.of(u.p(), WeightDecay.before(u, decay).g(), u.state("x0")));
    return u.terms().sum("squares", out.get(0)).sum("moved", out.get(1));
  }

  @Override
  public SharedUpdated share(SharedUpdate s) {
    Tensor distance2 = s.shared("distance2").maximum(s.sum("moved"));
    return s.with("distance2", distance2)
        .with("v", s.shared("v").add(distance2.mul(s.sum("squares"))));
  }

  @Override
  public Updated update(Update u) {
    Tensor root = Adam.root(u.shared("v")).add(u.constant(eps));
    Tensor step = u.value("alpha").mul(u.shared("distance2")).div(root);
    return u.to(Sgd.stepped(u.p(), WeightDecay.before(u, decay).g(), step))
        .with("x0", u.state("x0"));
  }
}

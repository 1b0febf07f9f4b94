package io.hypertape.optim;

import io.hypertape.autodiff.Tensor;
import java.util.List;

/**
 * DoG, 'DoG is SGD's Best Friend' (Ivgi, Hinder, Carmon 2023), as its authors' code has it: a step
 * size of distance over gradients, p' = p − α·r̄/√G·g. Over all parameters of its level together,
 * r̄ is the largest distance of the weights from where they began, at first {@code reps}·(1 +
 * ‖p₀‖), and G the sum of all squared gradients until now, and {@code eps}.
 *
 * <p>Its authors say that the weights must be averaged for its best performance: {@link
 * WeightAverage}.
 *
 * @param alpha factor of the step size, 1 by its authors' advice
 * @param reps the first distance, relative to 1 + ‖p₀‖; 1e-4 is advised for batch norm
 * @param eps what G begins with
 * @param decay weight decay λ: g + λ·p stands for g; 0 for none
 */
public record Dog(double alpha, double reps, double eps, double decay) implements Optimizer {

  static final double REPS = 1e-6;
  static final double EPSILON = 1e-8;

  /** Checks the values. */
  public Dog {
    Arguments.stepSize("dog", "alpha", alpha);
    Arguments.positive("dog", "reps", reps);
    Arguments.positive("dog", "eps", eps);
    WeightDecay.check("dog", decay);
  }

  /** With its authors' defaults: α = 1, reps = 1e-6, ε = 1e-8, no weight decay. */
  public Dog() {
    this(1, REPS, EPSILON, 0);
  }

  @Override
  public String name() {
    return "dog";
  }

  @Override
  public String text() {
    return Arguments.call(
        name(), alpha, "reps", reps, REPS, "eps", eps, EPSILON, WeightDecay.NAME, decay, 0.0);
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
    // The distance is 0 until the first update finds the first one.
    return List.of(new StateVariable("distance", 0), new StateVariable("squares", eps));
  }

  @Override
  public Terms terms(Update u) {
    List<Tensor> out =
        AdaptiveOps.DISTANCE.apply(List.of(u.p(), WeightDecay.before(u, decay).g(), u.state("x0")));
    return u.terms().sum("squares", out.get(0)).sum("moved", out.get(1)).sum("began", out.get(2));
  }

  @Override
  public SharedUpdated share(SharedUpdate s) {
    Tensor first = s.sum("began").sqrt().add(1).mul(s.constant(reps));
    Tensor before = s.shared("distance");
    Tensor farthest = before.maximum(s.sum("moved").sqrt());
    return s.with("distance", Tensor.where(before.equalTo(0), first, farthest))
        .with("squares", s.shared("squares").add(s.sum("squares")));
  }

  @Override
  public Updated update(Update u) {
    Tensor step = u.value("alpha").mul(u.shared("distance")).div(u.shared("squares").sqrt());
    return u.to(Sgd.stepped(u.p(), WeightDecay.before(u, decay).g(), step))
        .with("x0", u.state("x0"));
  }
}

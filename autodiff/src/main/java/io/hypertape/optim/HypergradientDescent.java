package io.hypertape.optim;

import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import java.util.ArrayList;
import java.util.List;

/**
 * Another optimizer whose step size is changed by the multiplicative rule of hypergradient descent
 * (Baydin et al. 2018, 'Online Learning Rate Adaptation with Hypergradient Descent'): α' = α·(1 +
 * β·⟨g, u⟩/(‖g‖·‖u‖)), g being the gradient and u the direction −(p' − p) of the update before,
 * over all parameters of the level together; α' then serves for this update. The additive rule of
 * the same paper is a tower, {@code sgd(α)/sgd(β)} or {@code adam-alpha(α)/sgd(β)}.
 *
 * <p>What changes is a factor of α that begins as 1; a schedule, and a level above, have α itself.
 * As text, {@code hd-sgd(0.01, beta=0.02)}, {@code hd-adam(0.001, beta=0.02)}, with the other one's
 * arguments.
 *
 * @param base what moves, by one step size called {@code alpha}; one without state that all
 *     parameters share
 * @param beta β, at most by which share α changes in one step
 */
public record HypergradientDescent(Optimizer base, double beta) implements Optimizer {

  static final double BETA = 0.02;
  static final String PREFIX = "hd-";
  private static final String ALPHA = "alpha";

  /** Checks the values. */
  public HypergradientDescent {
    Nulls.check(base, "hypergradient descent: base");
    Arguments.momentum(PREFIX + Declared.name(base), "beta", beta);
    if (!Declared.shared(base).isEmpty() || !Declared.stepSizes(base).equals(List.of(ALPHA))) {
      throw new IllegalArgumentException(
          "hypergradient descent: "
              + Declared.name(base)
              + " has state that all parameters share, or several step sizes; sgd or adam would fit");
    }
  }

  @Override
  public String name() {
    return PREFIX + Declared.name(base);
  }

  @Override
  public String text() {
    return Arguments.with(PREFIX + Declared.text(base), "beta", beta, BETA);
  }

  @Override
  public List<Hyperparameter> hyperparameters() {
    List<Hyperparameter> all = new ArrayList<>(Declared.hyperparameters(base));
    all.add(new Hyperparameter("beta", beta));
    return all;
  }

  @Override
  public List<StateVariable> state(int[] shape) {
    List<StateVariable> all = new ArrayList<>(Declared.state(base, shape));
    all.add(new StateVariable("moved", 0, shape));
    return all;
  }

  @Override
  public List<StateVariable> shared() {
    return List.of(new StateVariable("factor", 1));
  }

  @Override
  public Terms terms(Update u) {
    List<Tensor> out = AdaptiveOps.GRADIENT.apply(List.of(u.g(), u.g(), u.state("moved")));
    return u.terms().sum("gradients", out.get(0)).sum("inner", out.get(2)).sum("moves", out.get(3));
  }

  @Override
  public SharedUpdated share(SharedUpdate s) {
    Tensor norms = s.sum("gradients").sqrt().mul(s.sum("moves").sqrt());
    Tensor cosine = SharedUpdate.quotient(s.sum("inner").neg(), norms, norms);
    return s.with("factor", s.shared("factor").mul(cosine.mul(s.value("beta")).add(1)));
  }

  @Override
  public Updated update(Update u) {
    Updated result = Declared.update(base, u.withFactor(ALPHA, u.shared("factor")));
    return result.with("moved", result.p().sub(u.p()));
  }

  @Override
  public Tensor evaluation(Remembered r) {
    return base.evaluation(r);
  }

  @Override
  public boolean updates(String parameter) {
    return base.updates(parameter);
  }

  @Override
  public List<String> parameters() {
    return Declared.parameters(base);
  }
}

package io.hypertape.optim;

import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import java.util.ArrayList;
import java.util.List;

/**
 * Another optimizer, whose weights are averaged for evaluation: polynomial-decay averaging (Shamir,
 * Zhang 2013), x̄' = (1 − w)·x̄ + w·p', w = (1 + γ)/(t + γ), t counting from 1. γ = 0 is the plain
 * mean; the larger γ, the more the late weights count. The run itself is that of the other
 * optimizer; {@link TowerOptimizer#evaluation} shows x̄, and so does what is left when the tower is
 * closed. As text it is the other one's with a further argument, {@code dog(1, average=8)}.
 *
 * @param base what updates
 * @param gamma γ, 0 or more; DoG's authors take 8
 */
public record WeightAverage(Optimizer base, double gamma) implements Optimizer {

  /** Its name among an optimizer's arguments in a tower's text. */
  static final String NAME = "average";

  /** Checks the number. */
  public WeightAverage {
    Nulls.check(base, "weight average: base");
    Arguments.stepSize(base.name(), NAME, gamma);
    if (base instanceof WeightAverage) {
      throw new IllegalArgumentException(base.name() + ": its weights are averaged already");
    }
  }

  @Override
  public String name() {
    return base.name();
  }

  @Override
  public String text() {
    // There is no γ that could be left out: without one there is no average.
    return Arguments.with(base.text(), NAME, gamma, Double.NaN);
  }

  @Override
  public List<Hyperparameter> hyperparameters() {
    return base.hyperparameters();
  }

  @Override
  public List<StateVariable> state(int[] shape) {
    List<StateVariable> all = new ArrayList<>(base.state(shape));
    all.add(StateVariable.ofParameter(NAME, shape));
    return all;
  }

  @Override
  public List<StateVariable> shared() {
    return base.shared();
  }

  @Override
  public Terms terms(Update u) {
    return base.terms(u);
  }

  @Override
  public SharedUpdated share(SharedUpdate s) {
    return base.share(s);
  }

  @Override
  public Updated update(Update u) {
    Updated result = base.update(u);
    Tensor weight = u.constant(gamma + 1).div(u.t().add(gamma));
    Tensor fresh = result.p().detach().mul(weight);
    return result.with(NAME, u.state(NAME).mul(Decay.complement(weight)).add(fresh));
  }

  @Override
  public Tensor evaluation(Remembered r) {
    return r.state(NAME);
  }

  @Override
  public boolean updates(String parameter) {
    return base.updates(parameter);
  }

  @Override
  public List<String> parameters() {
    return base.parameters();
  }

  @Override
  public List<String> stepSizes() {
    return base.stepSizes();
  }
}

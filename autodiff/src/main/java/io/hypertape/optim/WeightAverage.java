package io.hypertape.optim;

import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Another optimizer, whose weights are averaged for evaluation, x̄' = (1 − w)·x̄ + w·p', t counting
 * from 1. The run itself is that of the other optimizer; {@link TowerOptimizer#evaluation} shows
 * x̄, and so does what is left when the tower is closed. As text it is the other one's with a
 * further argument, {@code dog(1, average=8)} or {@code adam(ema=0.999)}.
 *
 * @param base what updates
 * @param kind how late weights count
 * @param value γ, 0 or more, of polynomial decay, or β, from 0 to below 1, of exponential decay
 */
public record WeightAverage(Optimizer base, Kind kind, double value) implements Optimizer {

  /** How late weights count. */
  public enum Kind {
    /**
     * Polynomial-decay averaging (Shamir, Zhang 2013), w = (1 + γ)/(t + γ). γ = 0 is the plain
     * mean; the larger γ, the more the late weights count; DoG's authors take 8.
     */
    POLYNOMIAL("average"),
    /**
     * The exponential moving average (EMA), w = (1 − β)/(1 − β^t): weights of k steps ago count
     * β^k, and the divisor is Adam's correction for the beginning (Kingma, Ba 2015), so that the
     * weights before the first step count nothing.
     */
    EXPONENTIAL("ema");

    private final String argument;

    Kind(String argument) {
      this.argument = argument;
    }

    /** Its name among an optimizer's arguments in a tower's text. */
    String argument() {
      return argument;
    }

    /** The kind that an argument's name stands for. */
    static Optional<Kind> of(String argument) {
      return Arrays.stream(values()).filter(kind -> kind.argument.equals(argument)).findFirst();
    }
  }

  private static final String STATE = "average";

  /** Checks the number. */
  public WeightAverage {
    Nulls.check(base, "weight average: base");
    Nulls.check(kind, "weight average: kind");
    if (kind == Kind.POLYNOMIAL) {
      Arguments.stepSize(Declared.name(base), kind.argument, value);
    } else if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(
          Declared.name(base)
              + ": "
              + kind.argument
              + " is "
              + value
              + "; a number from 0 to below 1 fits");
    }
    if (base instanceof WeightAverage) {
      throw new IllegalArgumentException(
          Declared.name(base) + ": its weights are averaged already");
    }
  }

  /**
   * A polynomial-decay average.
   *
   * @param base what updates
   * @param gamma γ, 0 or more; DoG's authors take 8
   */
  public WeightAverage(Optimizer base, double gamma) {
    this(base, Kind.POLYNOMIAL, gamma);
  }

  @Override
  public String name() {
    return Declared.name(base);
  }

  @Override
  public String text() {
    // There is no number that could be left out: without one there is no average.
    return Arguments.with(Declared.text(base), kind.argument, value, Double.NaN);
  }

  @Override
  public List<Hyperparameter> hyperparameters() {
    return Declared.hyperparameters(base);
  }

  @Override
  public List<StateVariable> state(int[] shape) {
    List<StateVariable> all = new ArrayList<>(Declared.state(base, shape));
    all.add(StateVariable.ofParameter(STATE, shape));
    return all;
  }

  @Override
  public List<StateVariable> shared() {
    return Declared.shared(base);
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
    Updated result = Declared.update(base, u);
    Tensor weight = weight(u);
    Tensor fresh = result.p().detach().mul(weight);
    return result.with(STATE, u.state(STATE).mul(Decay.complement(weight)).add(fresh));
  }

  private Tensor weight(Update u) {
    if (kind == Kind.POLYNOMIAL) {
      return u.constant(value + 1).div(u.t().add(value));
    }
    Tensor rest = Decay.rest(u.constant(1 - value));
    return rest.div(Decay.correction(rest, u.t()));
  }

  @Override
  public Tensor evaluation(Remembered r) {
    return r.state(STATE);
  }

  @Override
  public boolean updates(String parameter) {
    return base.updates(parameter);
  }

  @Override
  public List<String> parameters() {
    return Declared.parameters(base);
  }

  @Override
  public List<String> stepSizes() {
    return Declared.stepSizes(base);
  }
}

package io.hypertape.optim;

import io.hypertape.autodiff.UpdateOp;
import java.util.List;

/**
 * {@link RmsProp} of which only the step size can be tuned; γ is a constant.
 *
 * @param alpha step size α, stored as its square root
 * @param gamma decay γ of the mean square
 */
public record RmsPropAlpha(double alpha, double gamma) implements Optimizer {

  /** Checks the values. */
  public RmsPropAlpha {
    Arguments.stepSize("rmsprop-alpha", "alpha", alpha);
    Arguments.fraction("rmsprop-alpha", "gamma", gamma);
  }

  /**
   * With γ = 0.99.
   *
   * @param alpha step size
   */
  public RmsPropAlpha(double alpha) {
    this(alpha, RmsProp.GAMMA);
  }

  @Override
  public String name() {
    return "rmsprop-alpha";
  }

  @Override
  public String text() {
    return Arguments.call(name(), alpha, "gamma", gamma, RmsProp.GAMMA);
  }

  @Override
  public List<Hyperparameter> hyperparameters() {
    return List.of(new Hyperparameter("alpha", alpha, Transform.SQUARE));
  }

  @Override
  public List<StateVariable> state() {
    return new RmsProp(alpha, gamma).state();
  }

  @Override
  public UpdateOp update() {
    return RmsProp.UPDATE;
  }

  @Override
  public List<Operand> operands(String parameter) {
    return List.of(
        new Operand.Tunable(0), new Operand.Constant(gamma), new Operand.Constant(RmsProp.EPSILON));
  }
}

package io.hypertape.optim;

import io.hypertape.autodiff.UpdateOp;
import java.util.List;

/**
 * {@link Adam} of which only the step size can be tuned, as in Baydin et al., 'Online Learning Rate
 * Adaptation with Hypergradient Descent' (ICLR 2018); β₁ and β₂ are constants.
 *
 * @param alpha step size α
 * @param beta1 decay β₁ of the mean
 * @param beta2 decay β₂ of the mean square
 * @param eps ε
 */
public record AdamAlpha(double alpha, double beta1, double beta2, double eps) implements Optimizer {

  /** Checks the values. */
  public AdamAlpha {
    Adam.check("adam-alpha", alpha, beta1, beta2, eps);
  }

  /**
   * With β₁ = 0.9, β₂ = 0.999, ε = 1e-8.
   *
   * @param alpha step size
   */
  public AdamAlpha(double alpha) {
    this(alpha, Adam.BETA1, Adam.BETA2, Adam.EPSILON);
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
        Adam.EPSILON);
  }

  @Override
  public List<Hyperparameter> hyperparameters() {
    return List.of(Hyperparameter.plain("alpha", alpha));
  }

  @Override
  public List<StateVariable> state() {
    return Adam.stateVariables(eps);
  }

  @Override
  public UpdateOp update() {
    return Adam.UPDATE;
  }

  @Override
  public List<Operand> operands(String parameter) {
    return List.of(
        new Operand.Tunable(0),
        new Operand.Constant(beta1),
        new Operand.Constant(beta2),
        new Operand.Constant(eps),
        new Operand.StepCount());
  }
}

package io.hypertape.optim;

import io.hypertape.autodiff.Tensor;
import java.util.List;

/**
 * What Schedule-Free optimizers have in common ('The Road Less Scheduled', Defazio et al. 2024).
 * Gradients are taken at y, which is the parameter's value; a base optimizer moves z; the weights
 * to be judged are their mean x:
 *
 * <pre>
 * γ = α·min(1, t/warmup)       γ̂' = max(γ̂, γ)       w = t^r·γ̂'^power       c = w/Σw
 * x' = (1−c)·x + c·z'       y' = β·x' + (1−β)·z'
 * </pre>
 *
 * <p>z is kept, x is not: it is z + (y − z)/β, with the β by which y was made.
 *
 * @param warmup number of steps until the whole step size is reached; 0 for none
 * @param r power of the step's number in the mean's weights
 * @param power power of the step size in the mean's weights
 */
record ScheduleFree(double warmup, double r, double power) {

  static final double POWER = 2;
  private static final String Z = "z";
  private static final String LARGEST = "largest";
  private static final String SUM = "sum";
  private static final String WEIGHT = "weight";
  private static final String BETA = "beta";

  static void check(String optimizer, double warmup, double r, double power) {
    Arguments.stepSize(optimizer, "warmup", warmup);
    Arguments.stepSize(optimizer, "r", r);
    Arguments.stepSize(optimizer, "power", power);
  }

  static StateVariable state(int[] shape) {
    return StateVariable.ofParameter(Z, shape);
  }

  /** What all parameters share; the weight of a step lies between 0 and 1. */
  static List<StateVariable> shared(double beta) {
    return List.of(
        new StateVariable(LARGEST, 0),
        new StateVariable(SUM, 0),
        new StateVariable(WEIGHT, 0),
        new StateVariable(BETA, beta));
  }

  /** The step size with its warm-up. */
  Tensor stepSize(Tensor alpha, Tensor t) {
    return warmup == 0 ? alpha : alpha.mul(t.div(warmup).minimum(1));
  }

  SharedUpdated share(SharedUpdate s, String beta) {
    Tensor largest = s.shared(LARGEST).maximum(stepSize(s.value("alpha"), s.t()));
    Tensor weight = power == 2 ? largest.square() : largest.pow(power);
    if (r != 0) {
      weight = weight.mul(s.t().pow(r));
    }
    Tensor sum = s.shared(SUM).add(weight);
    // As long as all step sizes have been 0 nothing moves.
    Tensor share = SharedUpdate.quotient(weight, sum, sum);
    return s.with(LARGEST, largest)
        .with(SUM, sum)
        .with(WEIGHT, share)
        .with(BETA, s.value(beta).add(0));
  }

  /**
   * The operands of both kernels that follow the vectors: γ, κ = γ·λ, β, β', c.
   *
   * @param decay weight decay λ as the optimizer has it, 0 for none
   */
  List<Tensor> operands(Update u, double decay) {
    Tensor step = stepSize(u.value("alpha"), u.t());
    Tensor shrink = decay == 0 ? u.constant(0) : step.mul(u.value(WeightDecay.NAME));
    return List.of(step, shrink, u.sharedBefore(BETA), u.shared(BETA), u.shared(WEIGHT));
  }

  static Tensor evaluation(Remembered r) {
    Tensor z = r.state(Z);
    return z.add(r.p().sub(z).div(r.shared(BETA)));
  }
}

package io.hypertape.optim;

import io.hypertape.autodiff.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Schedule-Free AdamW, 'The Road Less Scheduled' (Defazio et al. 2024), as its authors' code has
 * it: with gradients g at y, which is the parameter's value,
 *
 * <pre>
 * γ = α·min(1, t/warmup)       v' = β₂·v + (1−β₂)·g²
 * z' = z − γ·λ·y − γ·g/(√(v'/(1−β₂^t)) + ε)
 * x' = (1−c)·x + c·z'       y' = β₁·x' + (1−β₁)·z'
 * </pre>
 *
 * <p>c being the share of w = t^r·γ̂^power in the sum of all w until now, γ̂ the largest γ until
 * now. The model is to be judged and used by x, which {@link TowerOptimizer#evaluation} shows and
 * which is left when the tower is closed; running means of batch norm belong to y and should be
 * taken anew for it. No schedule is needed; a warm-up helps.
 *
 * @param alpha step size α
 * @param beta1 share β₁ of x in y
 * @param beta2 decay β₂ of the mean square
 * @param eps ε
 * @param decay weight decay λ, taken at y
 * @param warmup number of steps until the whole step size is reached; 0 for none
 * @param r power of the step's number in the weights of the mean x
 * @param power power of the step size in the weights of the mean x
 */
public record ScheduleFreeAdamW(
    double alpha,
    double beta1,
    double beta2,
    double eps,
    double decay,
    double warmup,
    double r,
    double power)
    implements Optimizer {

  private static final String CALLED = "schedule-free-adamw";
  static final double ALPHA = 0.0025;

  /** Checks the values. */
  public ScheduleFreeAdamW {
    Adam.check(CALLED, alpha, beta1, beta2, eps);
    WeightDecay.check(CALLED, decay);
    ScheduleFree.check(CALLED, warmup, r, power);
  }

  /** With its authors' defaults, of which the step size is 0.0025. */
  public ScheduleFreeAdamW() {
    this(ALPHA);
  }

  /**
   * With its authors' defaults but the step size.
   *
   * @param alpha step size
   */
  public ScheduleFreeAdamW(double alpha) {
    this(alpha, Adam.BETA1, Adam.BETA2, Adam.EPSILON, 0, 0, 0, ScheduleFree.POWER);
  }

  private ScheduleFree form() {
    return new ScheduleFree(warmup, r, power);
  }

  @Override
  public String name() {
    return CALLED;
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
        0.0,
        "warmup",
        warmup,
        0.0,
        "r",
        r,
        0.0,
        "power",
        power,
        ScheduleFree.POWER);
  }

  @Override
  public List<Hyperparameter> hyperparameters() {
    return WeightDecay.with(decay, Adam.hyperparameters(alpha, beta1, beta2));
  }

  @Override
  public List<StateVariable> state(int[] shape) {
    return List.of(ScheduleFree.state(shape), new StateVariable("v", 0, shape));
  }

  @Override
  public List<StateVariable> shared() {
    return ScheduleFree.shared(beta1);
  }

  @Override
  public SharedUpdated share(SharedUpdate s) {
    return form().share(s, "beta1");
  }

  @Override
  public Updated update(Update u) {
    List<Tensor> in = new ArrayList<>(List.of(u.p(), u.g(), u.state("z"), u.state("v")));
    in.addAll(form().operands(u, decay));
    in.addAll(List.of(u.complement("beta2"), u.constant(eps), u.t()));
    AdaptiveOps.Op op =
        decay == 0 ? AdaptiveOps.SCHEDULE_FREE_ADAM : AdaptiveOps.SCHEDULE_FREE_ADAM_DECAYED;
    List<Tensor> out = op.apply(in);
    return u.to(out.get(0)).with("z", out.get(1)).with("v", out.get(2));
  }

  @Override
  public Tensor evaluation(Remembered r) {
    return ScheduleFree.evaluation(r);
  }
}

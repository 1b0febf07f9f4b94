package io.hypertape.optim;

import io.hypertape.autodiff.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Schedule-Free gradient descent, 'The Road Less Scheduled' (Defazio et al. 2024), as its authors'
 * code has it: with gradients g at y, which is the parameter's value,
 *
 * <pre>
 * γ = α·min(1, t/warmup)       z' = z − γ·(g + λ·y)
 * x' = (1−c)·x + c·z'       y' = μ·x' + (1−μ)·z'
 * </pre>
 *
 * <p>c being the share of w = t^r·γ̂^power in the sum of all w until now, γ̂ the largest γ until
 * now. The model is to be judged and used by x, which {@link TowerOptimizer#evaluation} shows and
 * which is left when the tower is closed; running means of batch norm belong to y and should be
 * taken anew for it. No schedule is needed; a warm-up helps.
 *
 * @param alpha step size α
 * @param mu share μ of x in y, between 0 and 1
 * @param decay weight decay λ, taken at y
 * @param warmup number of steps until the whole step size is reached; 0 for none
 * @param r power of the step's number in the weights of the mean x
 * @param power power of the step size in the weights of the mean x
 */
public record ScheduleFreeSgd(
    double alpha, double mu, double decay, double warmup, double r, double power)
    implements Optimizer {

  private static final String CALLED = "schedule-free-sgd";
  static final double MU = 0.9;

  /** Checks the values. */
  public ScheduleFreeSgd {
    Arguments.stepSize(CALLED, "alpha", alpha);
    Arguments.fraction(CALLED, "mu", mu);
    WeightDecay.check(CALLED, decay);
    ScheduleFree.check(CALLED, warmup, r, power);
  }

  /** With its authors' defaults, of which the step size is 1. */
  public ScheduleFreeSgd() {
    this(1);
  }

  /**
   * With its authors' defaults but the step size.
   *
   * @param alpha step size
   */
  public ScheduleFreeSgd(double alpha) {
    this(alpha, MU, 0, 0, 0, ScheduleFree.POWER);
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
        "mu",
        mu,
        MU,
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
    return WeightDecay.with(
        decay,
        List.of(new Hyperparameter("alpha", alpha), new Hyperparameter("mu", mu, Transform.CLAMP)));
  }

  @Override
  public List<StateVariable> state(int[] shape) {
    return List.of(ScheduleFree.state(shape));
  }

  @Override
  public List<StateVariable> shared() {
    return ScheduleFree.shared(mu);
  }

  @Override
  public SharedUpdated share(SharedUpdate s) {
    return form().share(s, "mu");
  }

  @Override
  public Updated update(Update u) {
    List<Tensor> in = new ArrayList<>(List.of(u.p(), u.g(), u.state("z")));
    in.addAll(form().operands(u, decay));
    AdaptiveOps.Op op =
        decay == 0 ? AdaptiveOps.SCHEDULE_FREE_SGD : AdaptiveOps.SCHEDULE_FREE_SGD_DECAYED;
    List<Tensor> out = op.apply(in);
    return u.to(out.get(0)).with("z", out.get(1));
  }

  @Override
  public Tensor evaluation(Remembered r) {
    return ScheduleFree.evaluation(r);
  }
}

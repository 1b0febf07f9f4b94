package io.hypertape.optim;

import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import java.util.List;

/**
 * Adam with D-Adaptation, 'Learning-Rate-Free Learning by D-Adaptation' (Defazio, Mishchenko 2023),
 * as its authors' code has it. Over all parameters of its level together, with γ = α·d (times the
 * bias correction, if that is on) and β₃ = √β₂:
 *
 * <pre>
 * r' = β₃·r + (1−β₃)·γ·Σ⟨g, s/(√v + ε)⟩
 * m' = β₁·m + (1−β₁)·γ·g       v' = β₂·v + (1−β₂)·g²       s' = β₃·s + (1−β₃)·γ·g
 * d' = max(d, min(r'/((1−β₃)·Σ‖s'‖₁), growth·d))       p' = p − m'/(√v' + ε)
 * </pre>
 *
 * <p>A group of a tower has an estimate d of its own, where the authors' code has one for all
 * groups.
 *
 * @param alpha factor α of the step size, 1 by its authors' advice
 * @param beta1 decay β₁ of the mean
 * @param beta2 decay β₂ of the mean square
 * @param eps ε
 * @param decay weight decay λ: g + λ·p stands for g; 0 for none
 * @param d0 the first estimate
 * @param growth by what the estimate grows in one step at most; infinite for no limit
 * @param bias whether Adam's bias correction is on
 */
public record DAdaptAdam(
    double alpha,
    double beta1,
    double beta2,
    double eps,
    double decay,
    double d0,
    double growth,
    BiasCorrection bias)
    implements Optimizer {

  private static final String CALLED = "dadapt-adam";
  static final double D0 = 1e-6;

  /** Checks the values. */
  public DAdaptAdam {
    Nulls.check(bias, "dadapt-adam: bias");
    Adam.check(CALLED, alpha, beta1, beta2, eps);
    WeightDecay.check(CALLED, decay);
    Arguments.positive(CALLED, "d0", d0);
    Arguments.growth(CALLED, "growth", growth);
  }

  /** With its authors' defaults. */
  public DAdaptAdam() {
    this(
        1,
        Adam.BETA1,
        Adam.BETA2,
        Adam.EPSILON,
        0,
        D0,
        Double.POSITIVE_INFINITY,
        BiasCorrection.OFF);
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
        "d0",
        d0,
        D0,
        "growth",
        growth,
        Double.POSITIVE_INFINITY,
        BiasCorrection.NAME,
        bias.argument(),
        0.0);
  }

  @Override
  public List<Hyperparameter> hyperparameters() {
    return WeightDecay.with(decay, Adam.hyperparameters(alpha, beta1, beta2));
  }

  @Override
  public List<StateVariable> state(int[] shape) {
    return List.of(
        new StateVariable("m", 0, shape),
        new StateVariable("v", 0, shape),
        new StateVariable("s", 0, shape));
  }

  @Override
  public List<StateVariable> shared() {
    return List.of(new StateVariable("d", d0), new StateVariable("r", 0));
  }

  @Override
  public Terms terms(Update u) {
    List<Tensor> out =
        AdaptiveOps.DADAPT_ADAM.apply(
            List.of(
                WeightDecay.before(u, decay).g(),
                u.state("m"),
                u.state("v"),
                u.state("s"),
                bias.of(u.value("alpha").mul(u.shared("d")), u),
                u.complement("beta1"),
                u.complement("beta2"),
                u.constant(eps)));
    return u.terms()
        .with("m", out.get(0))
        .with("v", out.get(1))
        .with("s", out.get(2))
        .sum("inner", out.get(3))
        .sum("size", out.get(4));
  }

  @Override
  public SharedUpdated share(SharedUpdate s) {
    Tensor rest3 = AdaptiveOps.restOfRoot(Decay.rest(s.complement("beta2")));
    Tensor r = Decay.mean(rest3, s.shared("r"), s.sum("inner"));
    return s.with("d", estimate(s, r, rest3.mul(s.sum("size")), growth)).with("r", r);
  }

  /** The larger one of d and a quotient, which is none where all gradients have been 0. */
  static Tensor estimate(SharedUpdate s, Tensor numerator, Tensor size, double growth) {
    Tensor d = s.shared("d");
    Tensor hat = SharedUpdate.quotient(numerator, size, d);
    return d.maximum(Double.isFinite(growth) ? hat.minimum(d.mul(s.constant(growth))) : hat);
  }

  @Override
  public Updated update(Update u) {
    List<Tensor> in = List.of(u.p(), u.state("m"), u.state("v"), u.constant(1), u.constant(eps));
    return u.to(AdaptiveOps.MEANS_STEP_BY_ONE.apply(in).getFirst());
  }
}

package io.hypertape.optim;

import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import java.util.List;

/**
 * Prodigy, 'Prodigy: An Expeditiously Adaptive Parameter-Free Learner' (Mishchenko, Defazio 2023),
 * as its authors' reference code has it: Adam whose step size is α·d, d being an estimate, from
 * below, of how far from their beginning p₀ the weights have to go. Over all parameters of its
 * level together, with γ = α·d (times the bias correction, if that is on):
 *
 * <pre>
 * m' = β₁·m + (1−β₁)·d·g       v' = β₂·v + (1−β₂)·d²·g²       s' = β₃·s + (d/d₀)·γ·g
 * r' = β₃·r + (d/d₀)·γ·Σ⟨g, p₀ − p⟩       d' = max(d, coef·r'/Σ‖s'‖₁)
 * p' = (1 − γ·λ)·p − γ·m'/(√v' + d'·ε)
 * </pre>
 *
 * <p>A growth that is finite limits d' to growth·d. A schedule multiplies α; its authors advise
 * cosine without restarts, and {@link Warmup#SAFEGUARDED} where the step size rises at first. A
 * group of a tower has an estimate of its own, where the authors' code has one for all groups.
 *
 * @param alpha factor α of the step size, 1 by its authors' advice
 * @param beta1 decay β₁ of the mean
 * @param beta2 decay β₂ of the mean square
 * @param beta3 decay β₃ of the estimate's sums; 0 for √β₂
 * @param eps ε
 * @param decay weight decay λ, decoupled
 * @param d0 the first estimate d₀
 * @param coef factor of the estimate
 * @param growth by what the estimate grows in one step at most; infinite for no limit
 * @param bias whether Adam's bias correction is on
 * @param warmup whether s leaves α out
 */
public record Prodigy(
    double alpha,
    double beta1,
    double beta2,
    double beta3,
    double eps,
    double decay,
    double d0,
    double coef,
    double growth,
    BiasCorrection bias,
    Warmup warmup)
    implements Optimizer {

  /** What the sums of gradients are weighted by. */
  public enum Warmup {
    /** By the step size, with α. */
    PLAIN,
    /** Without α, so that a step size that rises at first does no harm. */
    SAFEGUARDED
  }

  static final double D0 = 1e-6;

  /** Checks the values. */
  public Prodigy {
    Nulls.check(bias, "prodigy: bias");
    Nulls.check(warmup, "prodigy: warmup");
    Adam.check("prodigy", alpha, beta1, beta2, eps);
    Arguments.momentum("prodigy", "beta3", beta3);
    WeightDecay.check("prodigy", decay);
    Arguments.positive("prodigy", "d0", d0);
    Arguments.positive("prodigy", "coef", coef);
    Arguments.growth("prodigy", "growth", growth);
  }

  /** With its authors' defaults. */
  public Prodigy() {
    this(1);
  }

  /**
   * With its authors' defaults but the factor of the step size.
   *
   * @param alpha factor
   */
  public Prodigy(double alpha) {
    this(
        alpha,
        Adam.BETA1,
        Adam.BETA2,
        0,
        Adam.EPSILON,
        0,
        D0,
        1,
        Double.POSITIVE_INFINITY,
        BiasCorrection.OFF,
        Warmup.PLAIN);
  }

  @Override
  public String name() {
    return "prodigy";
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
        "beta3",
        beta3,
        0.0,
        "eps",
        eps,
        Adam.EPSILON,
        WeightDecay.NAME,
        decay,
        0.0,
        "d0",
        d0,
        D0,
        "coef",
        coef,
        1.0,
        "growth",
        growth,
        Double.POSITIVE_INFINITY,
        BiasCorrection.NAME,
        bias.argument(),
        0.0,
        "safeguard",
        (double) warmup.ordinal(),
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
        new StateVariable("s", 0, shape),
        StateVariable.ofParameter("x0", shape));
  }

  @Override
  public List<StateVariable> shared() {
    return List.of(
        new StateVariable("d", d0), new StateVariable("most", d0), new StateVariable("r", 0));
  }

  /** β₃, which follows β₂ unless it is given. */
  private Tensor beta3(Tensor rest2, Tensor given) {
    return beta3 == 0 ? Decay.complement(rest2).sqrt() : given;
  }

  @Override
  public Terms terms(Update u) {
    Tensor d = u.shared("d");
    Tensor step = warmup == Warmup.PLAIN ? bias.of(u.value("alpha").mul(d), u) : d;
    List<Tensor> out =
        AdaptiveOps.PRODIGY.apply(
            List.of(
                u.p(),
                u.g(),
                u.state("m"),
                u.state("v"),
                u.state("s"),
                u.state("x0"),
                d,
                d.div(u.constant(d0)).mul(step),
                u.complement("beta1"),
                u.complement("beta2"),
                u.constant(beta3)));
    return u.terms()
        .with("m", out.get(0))
        .with("v", out.get(1))
        .with("s", out.get(2))
        .sum("inner", out.get(3))
        .sum("size", out.get(4));
  }

  @Override
  public SharedUpdated share(SharedUpdate s) {
    Tensor rest1 = Decay.rest(s.complement("beta1"));
    Tensor rest2 = Decay.rest(s.complement("beta2"));
    Tensor d = s.shared("d");
    Tensor step = bias.of(s.value("alpha").mul(d), rest1, rest2, s.t());
    Tensor fresh = d.div(s.constant(d0)).mul(step).mul(s.sum("inner"));
    Tensor r = s.shared("r").mul(beta3(rest2, s.constant(beta3))).add(fresh);
    // As long as all gradients have been 0 nothing is known.
    Tensor hat = SharedUpdate.quotient(r.mul(s.constant(coef)), s.sum("size"), d);
    Tensor most = s.shared("most").maximum(hat);
    Tensor next = most;
    if (Double.isFinite(growth)) {
      Tensor from = Tensor.where(d.equalTo(s.constant(d0)), d.maximum(hat), d);
      next = most.minimum(from.mul(s.constant(growth)));
    }
    return s.with("d", next).with("most", most).with("r", r);
  }

  @Override
  public Updated update(Update u) {
    Tensor step = bias.of(u.value("alpha").mul(u.sharedBefore("d")), u);
    Tensor eps = u.shared("d").mul(u.constant(this.eps));
    Tensor p = WeightDecay.decoupled(u, decay, step);
    List<Tensor> in = List.of(p, u.state("m"), u.state("v"), step, eps);
    return u.to(AdaptiveOps.MEANS_STEP.apply(in).getFirst()).with("x0", u.state("x0"));
  }
}

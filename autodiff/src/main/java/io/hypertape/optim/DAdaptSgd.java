package io.hypertape.optim;

import io.hypertape.autodiff.Tensor;
import java.util.List;

/**
 * Gradient descent with D-Adaptation, 'Learning-Rate-Free Learning by D-Adaptation' (Defazio,
 * Mishchenko 2023), as its authors' code has it. Over all parameters of its level together, with g₀
 * the first gradient (without weight decay) and γ = α·d/‖g₀‖:
 *
 * <pre>
 * r' = r + γ·Σ⟨g, s⟩       s' = s + γ·g       d' = max(d, min(2·r'/‖s'‖, growth·d))
 * p' = μ·p + (1−μ)·(p₀ − s')
 * </pre>
 *
 * <p>What is kept of s is ‖g₀‖·s: so all sums are known at once also in the first step. A group of
 * a tower has an estimate d of its own, where the authors' code has one for all groups.
 *
 * @param alpha factor α of the step size, 1 by its authors' advice
 * @param mu momentum μ
 * @param decay weight decay λ: g + λ·p stands for g; 0 for none
 * @param d0 the first estimate
 * @param growth by what the estimate grows in one step at most; infinite for no limit
 */
public record DAdaptSgd(double alpha, double mu, double decay, double d0, double growth)
    implements Optimizer {

  private static final String CALLED = "dadapt-sgd";

  /** Checks the values. */
  public DAdaptSgd {
    Arguments.stepSize(CALLED, "alpha", alpha);
    Arguments.momentum(CALLED, "mu", mu);
    WeightDecay.check(CALLED, decay);
    Arguments.positive(CALLED, "d0", d0);
    Arguments.growth(CALLED, "growth", growth);
  }

  /** With its authors' defaults. */
  public DAdaptSgd() {
    this(1, 0, 0, DAdaptAdam.D0, Double.POSITIVE_INFINITY);
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
        0.0,
        WeightDecay.NAME,
        decay,
        0.0,
        "d0",
        d0,
        DAdaptAdam.D0,
        "growth",
        growth,
        Double.POSITIVE_INFINITY);
  }

  @Override
  public List<Hyperparameter> hyperparameters() {
    return WeightDecay.with(
        decay, List.of(new Hyperparameter("alpha", alpha), new Hyperparameter("mu", mu)));
  }

  @Override
  public List<StateVariable> state(int[] shape) {
    return List.of(new StateVariable("s", 0, shape), StateVariable.ofParameter("x0", shape));
  }

  @Override
  public List<StateVariable> shared() {
    return List.of(
        new StateVariable("d", d0),
        new StateVariable("r", 0),
        // 0 until there is a gradient.
        new StateVariable("g0", 0));
  }

  @Override
  public Terms terms(Update u) {
    List<Tensor> out =
        AdaptiveOps.DADAPT_SGD.apply(
            List.of(
                WeightDecay.before(u, decay).g(),
                u.g(),
                u.state("s"),
                u.shared("d").mul(u.value("alpha"))));
    return u.terms()
        .with("s", out.get(0))
        .sum("inner", out.get(1))
        .sum("size", out.get(2))
        .sum("squares", out.get(3));
  }

  @Override
  public SharedUpdated share(SharedUpdate s) {
    Tensor before = s.shared("g0");
    Tensor g0 = Tensor.where(before.equalTo(0), s.sum("squares").sqrt(), before);
    Tensor isZero = g0.equalTo(0);
    // Of r·‖g₀‖² and ‖s‖·‖g₀‖.
    Tensor r = s.shared("r").add(s.sum("inner"));
    Tensor size = Adam.root(s.sum("size")).mul(g0);
    return s.with("d", DAdaptAdam.estimate(s, r.mul(2), size, growth))
        .with("r", Tensor.where(isZero, s.shared("r"), r))
        .with("g0", g0);
  }

  @Override
  public Updated update(Update u) {
    // As long as all gradients have been 0 nothing moves.
    Tensor g0 = u.shared("g0");
    Tensor scale = SharedUpdate.quotient(u.constant(1), g0, g0);
    Tensor z = Sgd.stepped(u.state("x0"), u.state("s"), scale);
    Tensor p = mu == 0 ? z : u.p().mul(u.value("mu")).add(z.mul(u.complement("mu")));
    return u.to(p).with("x0", u.state("x0"));
  }
}

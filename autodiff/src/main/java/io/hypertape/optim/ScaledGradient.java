package io.hypertape.optim;

import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Online scaled gradient methods with hypergradient feedback (Gao, Chu, Ye, Udell 2024, 'Gradient
 * Methods with Online Scaling'), and the hypergradient descent method with heavy-ball momentum
 * (Chu, Gao, Ye, Udell 2025, 'Provable and Practical Online Learning Rate Adaptation with
 * Hypergradient Descent'): p' = p − P·g + μ·(p − p⁻), p⁻ being the value before. P is a number for
 * all parameters of the level or one for each element, and learned, as μ is if there is one, by
 * AdaGrad from the last gradient g⁻ and the present one:
 *
 * <pre>
 * h = −g·g⁻/(‖g⁻‖² + 1e-12)                G' = G + h²      P' = P − α·h/(√G' + 1e-12)
 * k = ⟨g, p⁻ − p⁻⁻⟩/(‖g⁻‖² + 1e-12)        H' = H + k²      μ' = μ − η·k/(√H' + 1e-12), in [0, 0.9995]
 * </pre>
 *
 * <p>g·g⁻ is the inner product over all parameters where P is one number, else elementwise. That is
 * what the authors' code (udellgroup/hypergrad) does from step to step. What it does beyond that is
 * not here: it takes back a step after which the loss is larger, which for losses of different
 * batches says nothing, and it estimates the smoothness of the loss after a number of steps to
 * change α.
 *
 * @param alpha step size α by which P is learned
 * @param init what P begins as
 * @param momentum how μ is learned; empty for none
 * @param scale whether P is one number or has an element for each of the parameters'
 */
public record ScaledGradient(
    double alpha, double init, Optional<LearnedMomentum> momentum, Scale scale)
    implements Optimizer {

  /** What P is. */
  public enum Scale {
    /** One number for each element. */
    DIAGONAL,
    /** One number for all parameters. */
    SCALAR
  }

  /**
   * How momentum is learned.
   *
   * @param mu what μ begins as, 0 to below 1
   * @param eta step size η by which it is learned
   */
  public record LearnedMomentum(double mu, double eta) {
    /** Checks the numbers. */
    public LearnedMomentum {
      Arguments.momentum("hdm", "mu", mu);
      Arguments.stepSize("hdm", "eta", eta);
    }

    /** As the authors begin it: μ = 0.95, η = 1. */
    public LearnedMomentum() {
      this(MU, ETA);
    }
  }

  static final double ALPHA = 0.1;
  static final double MU = 0.95;
  static final double ETA = 1;
  private static final double EPSILON = 1e-12;
  private static final double MOST_MU = 0.9995;

  /** Checks the values. */
  public ScaledGradient {
    Nulls.check(momentum, "scaled gradient: momentum");
    Nulls.check(scale, "scaled gradient: scale");
    String name = momentum.isPresent() ? "hdm" : "osgm";
    Arguments.stepSize(name, "alpha", alpha);
    Arguments.stepSize(name, "init", init);
  }

  @Override
  public String name() {
    return momentum.isPresent() ? "hdm" : "osgm";
  }

  @Override
  public String text() {
    LearnedMomentum learned = momentum.orElse(new LearnedMomentum());
    return Arguments.call(
        name(),
        alpha,
        "init",
        init,
        0.0,
        "mu",
        learned.mu(),
        MU,
        "eta",
        learned.eta(),
        ETA,
        "scalar",
        (double) scale.ordinal(),
        0.0);
  }

  @Override
  public List<Hyperparameter> hyperparameters() {
    List<Hyperparameter> all = new ArrayList<>(List.of(new Hyperparameter("alpha", alpha)));
    momentum.ifPresent(learned -> all.add(new Hyperparameter("eta", learned.eta())));
    return all;
  }

  private boolean isScalar() {
    return scale == Scale.SCALAR;
  }

  @Override
  public List<StateVariable> state(int[] shape) {
    List<StateVariable> all = new ArrayList<>(List.of(new StateVariable("g", 0, shape)));
    if (!isScalar()) {
      all.add(new StateVariable("P", init, shape));
      all.add(new StateVariable("G", 0, shape));
    }
    if (momentum.isPresent()) {
      all.add(StateVariable.ofParameter("p", shape));
      all.add(new StateVariable("moved", 0, shape));
    }
    return all;
  }

  @Override
  public List<StateVariable> shared() {
    // Of g⁻, which is 0 before the first update.
    List<StateVariable> all = new ArrayList<>(List.of(new StateVariable("squares", 0)));
    if (isScalar()) {
      all.add(new StateVariable("P", init));
      all.add(new StateVariable("G", 0));
    }
    momentum.ifPresent(
        learned -> {
          all.add(new StateVariable("mu", learned.mu()));
          all.add(new StateVariable("H", 0));
        });
    return all;
  }

  @Override
  public Terms terms(Update u) {
    Tensor g = u.g();
    Tensor before = isScalar() ? u.state("g") : g;
    Tensor moved = momentum.isPresent() ? u.state("moved") : g;
    List<Tensor> out = AdaptiveOps.GRADIENT.apply(List.of(g, before, moved));
    Terms terms = u.terms().sum("squares", out.get(0));
    if (isScalar()) {
      terms = terms.sum("along", out.get(1));
    }
    return momentum.isPresent() ? terms.sum("momentum", out.get(2)) : terms;
  }

  @Override
  public SharedUpdated share(SharedUpdate s) {
    Tensor eps = s.constant(EPSILON);
    Tensor squares = s.shared("squares").add(eps);
    SharedUpdated result = s.with("squares", s.sum("squares"));
    if (isScalar()) {
      Tensor h = s.sum("along").neg().div(squares);
      Tensor sum = s.shared("G").add(h.square());
      result =
          result
              .with("G", sum)
              .with("P", AdaptiveOps.learned(s.shared("P"), s.value("alpha"), h, sum, eps));
    }
    if (momentum.isPresent()) {
      Tensor k = s.sum("momentum").div(squares);
      Tensor sum = s.shared("H").add(k.square());
      Tensor mu = AdaptiveOps.learned(s.shared("mu"), s.value("eta"), k, sum, eps);
      result = result.with("H", sum).with("mu", mu.maximum(0).minimum(MOST_MU));
    }
    return result;
  }

  @Override
  public Updated update(Update u) {
    return (isScalar() ? byOne(u) : byElement(u)).with("g", u.g());
  }

  private Updated byOne(Update u) {
    Tensor p = Sgd.stepped(u.p(), u.g(), u.shared("P"));
    if (momentum.isEmpty()) {
      return u.to(p);
    }
    Tensor moved = u.p().sub(u.state("p"));
    return u.to(p.add(moved.mul(u.shared("mu")))).with("p", u.p()).with("moved", moved);
  }

  private Updated byElement(Update u) {
    Tensor eps = u.constant(EPSILON);
    List<Tensor> in =
        new ArrayList<>(List.of(u.p(), u.g(), u.state("g"), u.state("P"), u.state("G")));
    if (momentum.isPresent()) {
      in.add(u.state("p"));
    }
    in.addAll(List.of(u.value("alpha"), u.sharedBefore("squares").add(eps), eps));
    if (momentum.isPresent()) {
      in.add(u.shared("mu"));
    }
    AdaptiveOps.Op op =
        momentum.isPresent() ? AdaptiveOps.SCALED_MOMENTUM : AdaptiveOps.SCALED_STEP;
    List<Tensor> out = op.apply(in);
    Updated updated = u.to(out.get(0)).with("P", out.get(1)).with("G", out.get(2));
    return momentum.isPresent() ? updated.with("p", u.p()).with("moved", out.get(3)) : updated;
  }
}

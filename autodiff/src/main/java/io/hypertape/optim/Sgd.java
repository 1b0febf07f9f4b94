package io.hypertape.optim;

import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.backend.FusedKernel;
import java.util.List;

/**
 * Stochastic gradient descent, p' = p − α·g; with momentum (Polyak 1964) b' = μ·b + g, p' = p −
 * α·b'. The buffer b starts at 0, so that the first b' is the first gradient. Momentum exists only
 * if μ is given as non-zero.
 *
 * @param alpha step size α
 * @param mu momentum μ
 * @param decay weight decay λ: g + λ·p stands for g (PyTorch's weight_decay); 0 for none
 */
public record Sgd(double alpha, double mu, double decay) implements Optimizer {

  private static final FusedUpdate PLAIN =
      new FusedUpdate(FusedKernel.SGD, List.of(), List.of("alpha"), Sgd::plain);
  private static final FusedUpdate MOMENTUM =
      new FusedUpdate(
          FusedKernel.SGD_MOMENTUM, List.of("momentum"), List.of("alpha", "mu"), Sgd::momentum);

  /** Checks the values. */
  public Sgd {
    Arguments.stepSize("sgd", "alpha", alpha);
    Arguments.momentum("sgd", "mu", mu);
    WeightDecay.check("sgd", decay);
  }

  /**
   * Without weight decay.
   *
   * @param alpha step size
   * @param mu momentum
   */
  public Sgd(double alpha, double mu) {
    this(alpha, mu, 0);
  }

  /**
   * Without momentum.
   *
   * @param alpha step size
   */
  public Sgd(double alpha) {
    this(alpha, 0);
  }

  /**
   * The same with weight decay.
   *
   * @param newDecay λ, 0 or more
   * @return the changed optimizer
   */
  public Sgd withDecay(double newDecay) {
    return new Sgd(alpha, mu, newDecay);
  }

  private static Updated plain(Update in) {
    return in.to(descend(in.p(), in.g(), in.value("alpha")));
  }

  private static Updated momentum(Update in) {
    Tensor buffer = in.state("momentum").mul(in.value("mu")).add(in.g());
    return in.to(descend(in.p(), buffer, in.value("alpha"))).with("momentum", buffer);
  }

  /** p − α·direction. */
  static Tensor descend(Tensor p, Tensor direction, Tensor alpha) {
    return p.sub(direction.mul(alpha));
  }

  /** The same by one kernel, unless derivatives by more than the step size may be asked for. */
  static Tensor stepped(Tensor p, Tensor direction, Tensor alpha) {
    return p.isTracked() || direction.isTracked()
        ? descend(p, direction, alpha)
        : PLAIN.op().apply(List.of(p, direction, alpha)).get(0);
  }

  @Override
  public String name() {
    return "sgd";
  }

  @Override
  public String text() {
    return Arguments.call(name(), alpha, "mu", mu, 0.0, WeightDecay.NAME, decay, 0.0);
  }

  @Override
  public List<Hyperparameter> hyperparameters() {
    return WeightDecay.with(
        decay, List.of(new Hyperparameter("alpha", alpha), new Hyperparameter("mu", mu)));
  }

  @Override
  public List<StateVariable> state(int[] shape) {
    return mu == 0 ? List.of() : List.of(new StateVariable("momentum", 0, shape));
  }

  @Override
  public Updated update(Update u) {
    Update decayed = WeightDecay.before(u, decay);
    return mu == 0
        ? plain(decayed, u.value("alpha"))
        : MOMENTUM.apply(decayed, u.value("alpha"), u.value("mu"));
  }

  /** p − α·g by a step size from anywhere. */
  static Updated plain(Update u, Tensor alpha) {
    return PLAIN.apply(u, alpha);
  }
}

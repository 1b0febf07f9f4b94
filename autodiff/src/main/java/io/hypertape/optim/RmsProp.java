package io.hypertape.optim;

import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.backend.FusedKernel;
import java.util.List;

/**
 * RMSProp (Tieleman, Hinton 2012): s' = γ·s + (1−γ)·g², p' = p − α·g/√(s' + ε), with s starting at
 * 0 and ε = 1e-8 inside the root. α is stored as its square root, γ clamped.
 *
 * @param alpha step size α
 * @param gamma decay γ of the mean square
 * @param decay weight decay λ: g + λ·p stands for g (PyTorch's weight_decay); 0 for none
 */
public record RmsProp(double alpha, double gamma, double decay) implements Optimizer {

  static final double GAMMA = 0.99;
  static final double EPSILON = 1e-8;
  static final FusedUpdate UPDATE =
      new FusedUpdate(
          FusedKernel.RMSPROP,
          List.of("mean_square"),
          List.of("alpha", "rest", "eps"),
          RmsProp::define);

  /** Checks the values. */
  public RmsProp {
    Arguments.stepSize("rmsprop", "alpha", alpha);
    Arguments.fraction("rmsprop", "gamma", gamma);
    WeightDecay.check("rmsprop", decay);
  }

  /**
   * Without weight decay.
   *
   * @param alpha step size
   * @param gamma decay of the mean square
   */
  public RmsProp(double alpha, double gamma) {
    this(alpha, gamma, 0);
  }

  /**
   * With γ = 0.99.
   *
   * @param alpha step size
   */
  public RmsProp(double alpha) {
    this(alpha, GAMMA);
  }

  /**
   * The same with weight decay.
   *
   * @param newDecay λ, 0 or more
   * @return the changed optimizer
   */
  public RmsProp withDecay(double newDecay) {
    return new RmsProp(alpha, gamma, newDecay);
  }

  /** By 1 − γ, the rest. */
  private static Updated define(Update in) {
    Tensor rest = Decay.rest(in.value("rest"));
    Tensor meanSquare = Decay.mean(rest, in.state("mean_square"), in.g().square());
    Tensor direction = in.g().div(meanSquare.add(in.value("eps")).sqrt());
    return in.to(Sgd.descend(in.p(), direction, in.value("alpha"))).with("mean_square", meanSquare);
  }

  static List<StateVariable> meanSquare(int[] shape) {
    return List.of(new StateVariable("mean_square", 0, shape));
  }

  @Override
  public String name() {
    return "rmsprop";
  }

  @Override
  public String text() {
    return Arguments.call(name(), alpha, "gamma", gamma, GAMMA, WeightDecay.NAME, decay, 0.0);
  }

  @Override
  public List<Hyperparameter> hyperparameters() {
    return WeightDecay.with(
        decay,
        List.of(
            new Hyperparameter("alpha", alpha, Transform.SQUARE),
            new Hyperparameter("gamma", gamma, Transform.CLAMP)));
  }

  @Override
  public List<StateVariable> state(int[] shape) {
    return meanSquare(shape);
  }

  @Override
  public Updated update(Update u) {
    return UPDATE.apply(
        WeightDecay.before(u, decay), u.value("alpha"), u.complement("gamma"), u.constant(EPSILON));
  }
}

package io.hypertape.optim;

import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.backend.FusedKernel;
import java.util.List;

/**
 * Adam (Kingma, Ba 2015): m' = β₁·m + (1−β₁)·g, v' = β₂·v + (1−β₂)·g², p' = p − α·m̂/(√v̂ + ε), m̂
 * = m'/(1−β₁^t), v̂ = v'/(1−β₂^t), t counting from 1. As in the paper's code m starts at 0 and v at
 * ε, since √ has no derivative at 0; β₁ and β₂ are clamped.
 *
 * @param alpha step size α
 * @param beta1 decay β₁ of the mean
 * @param beta2 decay β₂ of the mean square
 * @param eps ε
 * @param decay weight decay λ: g + λ·p stands for g (PyTorch's weight_decay); 0 for none
 */
public record Adam(double alpha, double beta1, double beta2, double eps, double decay)
    implements Optimizer {

  static final double BETA1 = 0.9;
  static final double BETA2 = 0.999;
  static final double EPSILON = 1e-8;
  static final FusedUpdate UPDATE =
      new FusedUpdate(
          FusedKernel.ADAM,
          List.of("m", "v"),
          List.of("alpha", "rest1", "rest2", "eps", "t"),
          Adam::define);

  /** Checks the values. */
  public Adam {
    check("adam", alpha, beta1, beta2, eps);
    WeightDecay.check("adam", decay);
  }

  /**
   * Without weight decay.
   *
   * @param alpha step size
   * @param beta1 decay of the mean
   * @param beta2 decay of the mean square
   * @param eps ε
   */
  public Adam(double alpha, double beta1, double beta2, double eps) {
    this(alpha, beta1, beta2, eps, 0);
  }

  /**
   * With β₁ = 0.9, β₂ = 0.999, ε = 1e-8.
   *
   * @param alpha step size
   */
  public Adam(double alpha) {
    this(alpha, BETA1, BETA2, EPSILON);
  }

  /**
   * With ε = 1e-8.
   *
   * @param alpha step size
   * @param beta1 decay of the mean
   * @param beta2 decay of the mean square
   */
  public Adam(double alpha, double beta1, double beta2) {
    this(alpha, beta1, beta2, EPSILON);
  }

  /**
   * The same with weight decay.
   *
   * @param newDecay λ, 0 or more
   * @return the changed optimizer
   */
  public Adam withDecay(double newDecay) {
    return new Adam(alpha, beta1, beta2, eps, newDecay);
  }

  static void check(String optimizer, double alpha, double beta1, double beta2, double eps) {
    Arguments.stepSize(optimizer, "alpha", alpha);
    Arguments.fraction(optimizer, "beta1", beta1);
    Arguments.fraction(optimizer, "beta2", beta2);
    Arguments.positive(optimizer, "eps", eps);
  }

  /** By 1 − β₁ and 1 − β₂, the rests. */
  private static Updated define(Update in) {
    Tensor rest1 = Decay.rest(in.value("rest1"));
    Tensor rest2 = Decay.rest(in.value("rest2"));
    Tensor t = in.value("t");
    Tensor m = Decay.mean(rest1, in.state("m"), in.g());
    Tensor v = Decay.mean(rest2, in.state("v"), in.g().square());
    Tensor meanHat = m.div(Decay.correction(rest1, t));
    Tensor squareHat = v.div(Decay.correction(rest2, t));
    Tensor direction = meanHat.div(root(squareHat).add(in.value("eps")));
    return in.to(Sgd.descend(in.p(), direction, in.value("alpha"))).with("m", m).with("v", v);
  }

  /** √x, which is constant where x is 0: there gradient and mean square are 0 for every β₂. */
  static Tensor root(Tensor x) {
    if (!x.isTracked()) {
      return x.sqrt();
    }
    Tensor zero = x.detach().equalTo(0);
    return x.add(zero).sqrt().sub(zero);
  }

  static List<StateVariable> state(double eps, int[] shape) {
    return List.of(new StateVariable("m", 0, shape), new StateVariable("v", eps, shape));
  }

  @Override
  public String name() {
    return "adam";
  }

  @Override
  public String text() {
    return Arguments.call(
        name(),
        alpha,
        "beta1",
        beta1,
        BETA1,
        "beta2",
        beta2,
        BETA2,
        "eps",
        eps,
        EPSILON,
        WeightDecay.NAME,
        decay,
        0.0);
  }

  @Override
  public List<Hyperparameter> hyperparameters() {
    return WeightDecay.with(decay, hyperparameters(alpha, beta1, beta2));
  }

  static List<Hyperparameter> hyperparameters(double alpha, double beta1, double beta2) {
    return List.of(
        new Hyperparameter("alpha", alpha),
        new Hyperparameter("beta1", beta1, Transform.CLAMP),
        new Hyperparameter("beta2", beta2, Transform.CLAMP));
  }

  @Override
  public List<StateVariable> state(int[] shape) {
    return state(eps, shape);
  }

  @Override
  public Updated update(Update u) {
    return update(WeightDecay.before(u, decay), eps);
  }

  static Updated update(Update u, double eps) {
    return UPDATE.apply(
        u, u.value("alpha"), u.complement("beta1"), u.complement("beta2"), u.constant(eps), u.t());
  }
}

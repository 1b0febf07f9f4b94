package io.hypertape.optim;

import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.UpdateOp;
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

  private static final UpdateOp PLAIN =
      new UpdateOp(FusedKernel.SGD, FusedKernel.SGD_HYPER, 0, 1, Sgd::plain);
  private static final UpdateOp MOMENTUM =
      new UpdateOp(FusedKernel.SGD_MOMENTUM, FusedKernel.SGD_MOMENTUM_HYPER, 1, 2, Sgd::momentum);
  private static final UpdateOp PLAIN_DECAYED = WeightDecay.before(PLAIN);
  private static final UpdateOp MOMENTUM_DECAYED = WeightDecay.before(MOMENTUM);

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

  private static List<Tensor> plain(List<Tensor> in) {
    return List.of(descend(in.get(0), in.get(1), in.get(2)));
  }

  private static List<Tensor> momentum(List<Tensor> in) {
    Tensor g = in.get(1);
    Tensor buffer = in.get(2).mul(in.get(4)).add(g);
    return List.of(descend(in.get(0), buffer, in.get(3)), buffer);
  }

  /** p − α·direction. */
  static Tensor descend(Tensor p, Tensor direction, Tensor alpha) {
    return p.sub(direction.mul(alpha));
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
        decay, List.of(Hyperparameter.plain("alpha", alpha), Hyperparameter.plain("mu", mu)));
  }

  @Override
  public List<StateVariable> state() {
    return mu == 0 ? List.of() : List.of(new StateVariable("momentum", 0));
  }

  @Override
  public UpdateOp update() {
    if (decay == 0) {
      return mu == 0 ? PLAIN : MOMENTUM;
    }
    return mu == 0 ? PLAIN_DECAYED : MOMENTUM_DECAYED;
  }

  @Override
  public List<Operand> operands(String parameter) {
    return WeightDecay.with(
        decay,
        2,
        mu == 0
            ? List.of(new Operand.Tunable(0))
            : List.of(new Operand.Tunable(0), new Operand.Tunable(1)));
  }
}

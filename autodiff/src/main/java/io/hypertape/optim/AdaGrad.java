package io.hypertape.optim;

import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.backend.FusedKernel;
import java.util.List;

/**
 * AdaGrad (Duchi, Hazan, Singer 2011): G' = G + g², p' = p − α·g/√(G' + ε), with G starting at 0.1,
 * ε = 1e-10, and the denominator held constant in derivatives.
 *
 * @param alpha step size α
 * @param decay weight decay λ: g + λ·p stands for g (PyTorch's weight_decay); 0 for none
 */
public record AdaGrad(double alpha, double decay) implements Optimizer {

  private static final double EPSILON = 1e-10;
  private static final double INITIAL = 0.1;
  private static final FusedUpdate UPDATE =
      new FusedUpdate(
          FusedKernel.ADAGRAD, List.of("sum"), List.of("alpha", "eps"), AdaGrad::define);

  /** Checks the values. */
  public AdaGrad {
    Arguments.stepSize("adagrad", "alpha", alpha);
    WeightDecay.check("adagrad", decay);
  }

  /**
   * Without weight decay.
   *
   * @param alpha step size
   */
  public AdaGrad(double alpha) {
    this(alpha, 0);
  }

  /**
   * The same with weight decay.
   *
   * @param newDecay λ, 0 or more
   * @return the changed optimizer
   */
  public AdaGrad withDecay(double newDecay) {
    return new AdaGrad(alpha, newDecay);
  }

  private static Updated define(Update in) {
    Tensor sum = in.state("sum").add(in.g().square());
    Tensor root = sum.add(in.value("eps")).sqrt().detach();
    return in.to(Sgd.descend(in.p(), in.g().div(root), in.value("alpha"))).with("sum", sum);
  }

  @Override
  public String name() {
    return "adagrad";
  }

  @Override
  public String text() {
    return Arguments.call(name(), alpha, WeightDecay.NAME, decay, 0.0);
  }

  @Override
  public List<Hyperparameter> hyperparameters() {
    return WeightDecay.with(decay, List.of(new Hyperparameter("alpha", alpha)));
  }

  @Override
  public List<StateVariable> state(int[] shape) {
    return List.of(new StateVariable("sum", INITIAL, shape));
  }

  @Override
  public Updated update(Update u) {
    return UPDATE.apply(WeightDecay.before(u, decay), u.value("alpha"), u.constant(EPSILON));
  }
}

package io.hypertape.optim;

import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.UpdateOp;
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
  private static final UpdateOp UPDATE =
      new UpdateOp(FusedKernel.ADAGRAD, FusedKernel.ADAGRAD_HYPER, 1, 1, AdaGrad::define);
  private static final UpdateOp DECAYED = WeightDecay.before(UPDATE);

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

  private static List<Tensor> define(List<Tensor> in) {
    Tensor g = in.get(1);
    Tensor sum = in.get(2).add(g.square());
    Tensor root = sum.add(in.get(4)).sqrt().detach();
    return List.of(Sgd.descend(in.get(0), g.div(root), in.get(3)), sum);
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
    return WeightDecay.with(decay, List.of(Hyperparameter.plain("alpha", alpha)));
  }

  @Override
  public List<StateVariable> state() {
    return List.of(new StateVariable("sum", INITIAL));
  }

  @Override
  public UpdateOp update() {
    return decay == 0 ? UPDATE : DECAYED;
  }

  @Override
  public List<Operand> operands(String parameter) {
    return WeightDecay.with(
        decay, 1, List.of(new Operand.Tunable(0), new Operand.Constant(EPSILON)));
  }
}

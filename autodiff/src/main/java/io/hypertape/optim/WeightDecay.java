package io.hypertape.optim;

import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.UpdateOp;
import java.util.ArrayList;
import java.util.List;

/**
 * Weight decay as an L2 penalty, g ← g + λ·p before the update proper, as PyTorch's {@code
 * weight_decay}. λ is a hyperparameter like others, the last one; it exists only if it is given as
 * non-zero.
 */
final class WeightDecay {

  static final String NAME = "decay";

  private WeightDecay() {}

  static void check(String optimizer, double decay) {
    Arguments.stepSize(optimizer, NAME, decay);
  }

  /** The update whose last operand is λ and whose others are those of the given one. */
  static UpdateOp before(UpdateOp update) {
    return UpdateOp.defined(
        in -> {
          List<Tensor> rest = new ArrayList<>(in.subList(0, in.size() - 1));
          rest.set(1, in.get(1).add(in.get(0).mul(in.getLast())));
          return update.apply(rest);
        });
  }

  static List<Hyperparameter> with(double decay, List<Hyperparameter> others) {
    if (decay == 0) {
      return others;
    }
    List<Hyperparameter> all = new ArrayList<>(others);
    all.add(Hyperparameter.plain(NAME, decay));
    return all;
  }

  /** Operands of an optimizer that has so many other hyperparameters. */
  static List<Operand> with(double decay, int hyperparameters, List<Operand> others) {
    if (decay == 0) {
      return others;
    }
    List<Operand> all = new ArrayList<>(others);
    all.add(new Operand.Tunable(hyperparameters));
    return all;
  }
}

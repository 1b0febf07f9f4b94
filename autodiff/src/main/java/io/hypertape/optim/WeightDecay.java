package io.hypertape.optim;

import io.hypertape.autodiff.Tensor;
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

  /** The update by g + λ·p in place of g; the same if there is no decay. */
  static Update before(Update u, double decay) {
    return decay == 0 ? u : u.withGradient(u.g().add(u.p().mul(u.value(NAME))));
  }

  /** The value less decoupled decay, p − γ·λ·p; the value if there is no decay. */
  static Tensor decoupled(Update u, double decay, Tensor stepSize) {
    return decay == 0 ? u.p() : Sgd.stepped(u.p(), u.p(), stepSize.mul(u.value(NAME)));
  }

  static List<Hyperparameter> with(double decay, List<Hyperparameter> others) {
    if (decay == 0) {
      return others;
    }
    List<Hyperparameter> all = new ArrayList<>(others);
    all.add(new Hyperparameter(NAME, decay));
    return all;
  }
}

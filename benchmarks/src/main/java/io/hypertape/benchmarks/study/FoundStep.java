package io.hypertape.benchmarks.study;

import io.hypertape.autodiff.Tensor;
import io.hypertape.optim.DAdaptAdam;
import io.hypertape.optim.DAdaptSgd;
import io.hypertape.optim.Dog;
import io.hypertape.optim.Dowg;
import io.hypertape.optim.HypergradientDescent;
import io.hypertape.optim.Mechanic;
import io.hypertape.optim.Optimizer;
import io.hypertape.optim.Prodigy;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerSnapshot;
import io.hypertape.optim.WeightAverage;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * The factor of a step size α that an optimizer finds itself, from what all parameters share when a
 * step begins: α·factor is what the step goes by, corrections of bias left out. DoG and DoWG, whose
 * step looks at its own gradient first, are one step ahead of it.
 */
final class FoundStep {

  private final ToDoubleFunction<TowerSnapshot> factor;

  private FoundStep(ToDoubleFunction<TowerSnapshot> factor) {
    this.factor = factor;
  }

  /** Of the bottom level's optimizer; empty if its step size is α as it is. */
  static Optional<FoundStep> of(Tower tower) {
    return of(tower.levels().getFirst().optimizer());
  }

  private static Optional<FoundStep> of(Optimizer optimizer) {
    return switch (optimizer) {
      case WeightAverage average -> of(average.base());
      case Prodigy unused -> found(s -> shared(s, "d"));
      case DAdaptAdam unused -> found(s -> shared(s, "d"));
      case DAdaptSgd unused -> found(s -> shared(s, "d") / shared(s, "g0"));
      case Dog unused -> found(s -> shared(s, "distance") / Math.sqrt(shared(s, "squares")));
      // Its ε, without which there is no root before the first gradient, counts for nothing after.
      case Dowg unused -> found(s -> shared(s, "distance2") / Math.sqrt(shared(s, "v")));
      case Mechanic unused -> found(s -> shared(s, "s"));
      case HypergradientDescent unused -> found(s -> shared(s, "factor"));
      default -> Optional.empty();
    };
  }

  private static Optional<FoundStep> found(ToDoubleFunction<TowerSnapshot> factor) {
    return Optional.of(new FoundStep(factor));
  }

  /** Of several numbers their sum, which is what Mechanic's scales are used by. */
  private static double shared(TowerSnapshot state, String name) {
    Tensor tensor = state.tensors().get("L1/state." + name);
    return Arrays.stream(tensor.toDoubles()).sum();
  }

  /**
   * The factor.
   *
   * @param afterwards the state after the step, which is what the step was computed from
   * @return 0, infinite or no number where there is none yet
   */
  double factor(TowerSnapshot afterwards) {
    return factor.applyAsDouble(afterwards);
  }
}

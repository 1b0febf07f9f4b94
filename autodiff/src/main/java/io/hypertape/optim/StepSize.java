package io.hypertape.optim;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A step size of a running tower.
 *
 * @param place of its level
 * @param label its hyperparameter's
 * @param value its effective value, not scheduled
 * @param tuned whether the level above tunes it
 * @param least its lower bound
 * @param most its upper bound
 */
record StepSize(
    LevelPlace place, String label, double value, boolean tuned, double least, double most) {

  boolean isOfWeights() {
    return place.number() == 1;
  }

  /** All of a tower. Waits for the backend. */
  static List<StepSize> of(RunningTower tower) {
    Map<String, HyperparameterValue> values = new LinkedHashMap<>();
    tower.hyperparameters().forEach(value -> values.put(value.label(), value));
    List<StepSize> sizes = new ArrayList<>();
    for (RunningLevel level : tower.levels()) {
      Optimizer optimizer = level.level().optimizer();
      for (String name : optimizer.stepSizes()) {
        HyperparameterValue value = values.get(level.place().label(optimizer.name(), name));
        if (value != null) {
          double least = level.hyperparameters().least(name);
          double most = level.hyperparameters().most(name);
          sizes.add(
              new StepSize(
                  level.place(), value.label(), value.value(), value.tuned(), least, most));
        }
      }
    }
    return sizes;
  }

  /** A weight that the last update may have moved. */
  private record Move(LevelPlace place, Parameter weight, Tensor old, Tensor now) {
    Tensor change() {
      return now.sub(old);
    }
  }

  private static List<Move> moves(RunningTower tower, TowerState state) {
    List<Move> moves = new ArrayList<>();
    for (int k = 0; k < tower.levels().size(); k++) {
      LevelPlace place = tower.levels().get(k).place();
      List<Parameter> targets = tower.levels().get(k).targets();
      for (int i = 0; i < targets.size() && place.number() == 1; i++) {
        if (!state.frozen().contains(targets.get(i))) {
          Tensor old = state.origin().get(k).values().get(i).detach();
          Tensor now = state.levels().get(k).values().get(i).detach();
          moves.add(new Move(place, targets.get(i), old, now));
        }
      }
    }
    return moves;
  }

  /**
   * By which share of their norm the last update has changed the weights of its group, as if the
   * schedule's factor had been 1; 0 if all were 0.
   */
  double change(RunningTower tower, TowerState state) {
    try (Scope unused = tower.session().scratch()) {
      Tensor length = tower.session().scalar(0);
      Tensor norm = tower.session().scalar(0);
      for (Move move : moves(tower, state)) {
        if (move.place().equals(place)) {
          length = length.add(move.change().square().sum());
          norm = norm.add(move.old().square().sum());
        }
      }
      double squared = norm.item();
      double factor = tower.factor(state.updateInputs().orElseThrow().step());
      return squared == 0 ? 0 : Math.sqrt(length.item()) / factor / Math.sqrt(squared);
    }
  }

  /**
   * ⟨g, Δw⟩ over all weights: what the last update has done to a loss, as far as its gradient
   * tells.
   *
   * @param gradients of the loss after it, in the order of {@link RunningTower#values}
   */
  static double along(RunningTower tower, TowerState state, List<Tensor> gradients) {
    Map<Parameter, Integer> places = tower.weights(state.frozen());
    try (Scope unused = tower.session().scratch()) {
      Tensor sum = tower.session().scalar(0);
      for (Move move : moves(tower, state)) {
        Tensor g = gradients.get(places.get(move.weight())).detach();
        sum = sum.add(move.change().mul(g).sum());
      }
      return sum.item();
    }
  }

  /**
   * Of gradients and how far weights are from the running means that traces keep of them, the
   * cosine; 0 if there is none.
   */
  static double cosine(RunningTower tower, TowerState state, Gradients gradients) {
    try (Scope unused = tower.session().scratch()) {
      TraceOps.Sums sums = TraceOps.Sums.none(tower.session());
      for (int k = 0; k < tower.levels().size(); k++) {
        RunningLevel level = tower.levels().get(k);
        List<LevelTarget> targets = level.layout().targets();
        for (int i = 0; i < targets.size() && level.traces().ofStep(); i++) {
          LevelTarget target = targets.get(i);
          if (target.updated() && !state.frozen().contains(target.parameter())) {
            Tensor mean = state.levels().get(k).states().get(i).get(target.state().size());
            Tensor e = state.levels().get(k).values().get(i).detach().sub(mean.detach());
            Tensor g = gradients.weights().get(target.parameter()).detach();
            sums = sums.with(g, e);
          }
        }
      }
      double[] read = tower.session().items(sums.all());
      return TraceOps.Sums.cosine(read[0], read[1], read[2]);
    }
  }
}

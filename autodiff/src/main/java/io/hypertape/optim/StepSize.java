package io.hypertape.optim;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
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
 */
record StepSize(LevelPlace place, String label, double value, boolean tuned, double least) {

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
          sizes.add(
              new StepSize(level.place(), value.label(), value.value(), value.tuned(), least));
        }
      }
    }
    return sizes;
  }

  /**
   * By which share of their norm the last update has changed the weights of its group, as if the
   * schedule's factor had been 1; 0 if all were 0.
   */
  double change(RunningTower tower, TowerState state, Session session) {
    try (Scope unused = session.scratch()) {
      Tensor length = session.scalar(0);
      Tensor norm = session.scalar(0);
      for (int k = 0; k < tower.levels().size(); k++) {
        if (tower.levels().get(k).place().equals(place)) {
          List<Parameter> targets = tower.levels().get(k).targets();
          for (int i = 0; i < targets.size(); i++) {
            if (!state.frozen().contains(targets.get(i))) {
              Tensor old = state.origin().get(k).values().get(i).detach();
              Tensor now = state.levels().get(k).values().get(i).detach();
              length = length.add(now.sub(old).square().sum());
              norm = norm.add(old.square().sum());
            }
          }
        }
      }
      double squared = norm.item();
      double factored = Math.sqrt(length.item()) / tower.factor();
      return squared == 0 ? 0 : factored / Math.sqrt(squared);
    }
  }
}

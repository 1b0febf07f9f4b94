package io.hypertape.optim;

import io.hypertape.autodiff.Tape;
import io.hypertape.autodiff.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * What a tower carries from one step to the next: where each value lies, and the tape that begins
 * with the last update.
 *
 * @param tape begins with the last update
 * @param previous the tape before it, whose gradients the last update reads; null at first
 * @param levels values and state of each level
 * @param updateInputs what the last update was computed from; empty if none counts
 */
record TowerState(
    Tape tape, Tape previous, List<LevelState> levels, Optional<UpdateInputs> updateInputs) {

  /**
   * What an update was computed from.
   *
   * @param levels values and state of each level before it
   * @param gradients as it took them, level by level
   */
  record UpdateInputs(List<LevelState> levels, List<Tensor> gradients) {}

  /**
   * What a level carries.
   *
   * @param values of its targets
   * @param states of its targets, each in the order of the optimizer's declaration
   * @param count number of its updates
   */
  record LevelState(List<Tensor> values, List<List<Tensor>> states, Tensor count) {

    boolean isSameStorage(LevelState other) {
      if (!count.isSameStorage(other.count) || !same(values, other.values)) {
        return false;
      }
      for (int i = 0; i < states.size(); i++) {
        if (!same(states.get(i), other.states.get(i))) {
          return false;
        }
      }
      return true;
    }

    private static boolean same(List<Tensor> some, List<Tensor> others) {
      for (int i = 0; i < some.size(); i++) {
        if (!some.get(i).isSameStorage(others.get(i))) {
          return false;
        }
      }
      return true;
    }
  }

  boolean isSameStorage(TowerState other) {
    for (int k = 0; k < levels.size(); k++) {
      if (!levels.get(k).isSameStorage(other.levels.get(k))) {
        return false;
      }
    }
    return true;
  }
}

package io.hypertape.optim;

import static io.hypertape.autodiff.access.Internals.INTERNALS;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Tape;
import io.hypertape.autodiff.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a tower carries from one step to the next. It is one value: taking a step, refusing or
 * undoing one, resuming a run and recording are assignments of it.
 *
 * @param steps number of steps taken
 * @param bufferIndex which of two storages the last update wrote to, and the next pass will
 * @param buffers where the gradients lie that the last update read; null if none counts
 * @param tape begins with the last update
 * @param previous the tape before it, whose gradients the last update reads; null at first
 * @param levels values and state of each level
 * @param updateInputs what the last update was computed from; empty if none counts
 * @param undone what the update was made of that has just been undone
 * @param frozen parameters that no update changes for the time being
 * @param losses what a {@link Guard} knows of them; none without one
 */
record TowerState(
    long steps,
    int bufferIndex,
    @Nullable StepBuffers buffers,
    Tape tape,
    @Nullable Tape previous,
    List<LevelState> levels,
    Optional<UpdateInputs> updateInputs,
    Optional<Undone> undone,
    Set<Parameter> frozen,
    Guard.Losses losses) {

  /**
   * What an update was computed from.
   *
   * @param levels values and state of each level before it
   * @param gradients as it took them, level by level
   * @param changed hyperparameters that it gave other values than the levels above did, by label
   * @param step its place in the schedule
   */
  record UpdateInputs(
      List<LevelState> levels, List<Tensor> gradients, Map<String, Double> changed, long step) {

    /** Those of an update; empty if all that there is is frozen, so that there is none. */
    static Optional<UpdateInputs> of(
        List<LevelState> levels, List<Tensor> gradients, Map<String, Double> changed, long step) {
      return gradients.isEmpty()
          ? Optional.empty()
          : Optional.of(new UpdateInputs(levels, gradients, changed, step));
    }
  }

  /**
   * An update that can be done again.
   *
   * @param buffers where its gradients lie
   * @param gradients as it took them, level by level
   * @param step its place in the schedule
   */
  record Undone(StepBuffers buffers, List<Tensor> gradients, long step) {}

  /**
   * What a level carries.
   *
   * @param values of its targets
   * @param states of its targets, each in the order of the optimizer's declaration
   * @param more what it carries of no single target, in the order of the level's declaration
   * @param count number of its updates
   */
  record LevelState(
      List<Tensor> values, List<List<Tensor>> states, List<Tensor> more, Tensor count) {

    /** Tensors of the same values in the current scope. */
    static List<Tensor> copies(List<Tensor> tensors) {
      List<Tensor> copies = new ArrayList<>(tensors.size() + 1);
      tensors.forEach(tensor -> copies.add(tensor.detach().copy()));
      return copies;
    }

    LevelState withValues(List<Tensor> newValues) {
      return new LevelState(newValues, states, more, count);
    }

    boolean isSameStorage(LevelState other) {
      if (!INTERNALS.isSameStorage(count, other.count)
          || !same(values, other.values)
          || !same(more, other.more)) {
        return false;
      }
      for (int i = 0; i < states.size(); i++) {
        if (!same(states.get(i), other.states.get(i))) {
          return false;
        }
      }
      return true;
    }
  }

  private static boolean same(List<Tensor> some, List<Tensor> others) {
    for (int i = 0; i < some.size(); i++) {
      if (!INTERNALS.isSameStorage(some.get(i), others.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** Before the first step. */
  static TowerState first(Tape tape, List<LevelState> levels, Set<Parameter> frozen) {
    return ofLeaves(0, 0, tape, levels, Optional.empty(), frozen, Guard.Losses.NONE);
  }

  /** Whose values are leaves of a tape: no update counts, and hypergradients begin at 0. */
  static TowerState ofLeaves(
      long steps,
      int bufferIndex,
      Tape tape,
      List<LevelState> levels,
      Optional<Undone> undone,
      Set<Parameter> frozen,
      Guard.Losses losses) {
    return new TowerState(
        steps, bufferIndex, null, tape, null, levels, Optional.empty(), undone, frozen, losses);
  }

  /** As a recorded step leaves it, when it is replayed from another state than it was recorded. */
  TowerState replayedFrom(TowerState before) {
    return with(before.steps + 1, placed(before.steps), undone, before.losses);
  }

  /** The same after another number of steps. */
  TowerState at(long newSteps) {
    return with(newSteps, updateInputs, undone, losses);
  }

  /** The same with other losses behind it. */
  TowerState with(Guard.Losses newLosses) {
    return with(steps, updateInputs, undone, newLosses);
  }

  /** The same, its update being at another place of the schedule. */
  TowerState updatedAt(long step) {
    return with(steps, placed(step), undone, losses);
  }

  private Optional<UpdateInputs> placed(long step) {
    return updateInputs.map(
        in -> new UpdateInputs(in.levels(), in.gradients(), in.changed(), step));
  }

  /** The same after something that no update is done again after. */
  TowerState withoutUndone() {
    return with(steps, updateInputs, Optional.empty(), losses);
  }

  private TowerState with(
      long newSteps,
      Optional<UpdateInputs> newInputs,
      Optional<Undone> newUndone,
      Guard.Losses newLosses) {
    return new TowerState(
        newSteps,
        bufferIndex,
        buffers,
        tape,
        previous,
        levels,
        newInputs,
        newUndone,
        frozen,
        newLosses);
  }

  /** What is to be named of it: what the last update was computed from, if one counts. */
  List<LevelState> origin() {
    return updateInputs.map(UpdateInputs::levels).orElse(levels);
  }

  /** Gradients that the last update took; none if none counts. */
  List<Tensor> gradients() {
    return updateInputs.map(UpdateInputs::gradients).orElse(List.of());
  }

  /** Hyperparameters that the last update gave other values than the levels above did. */
  Map<String, Double> changed() {
    return updateInputs.map(UpdateInputs::changed).orElse(Map.of());
  }

  /**
   * Whether another state lies where this one does, with what the next pass differentiates through:
   * the last update's gradients lie elsewhere if the pass before it had less to differentiate.
   */
  boolean isSameStorage(TowerState other) {
    return isSameStorage(levels, other.levels)
        && isSameStorage(origin(), other.origin())
        && same(gradients(), other.gradients());
  }

  private static boolean isSameStorage(List<LevelState> some, List<LevelState> others) {
    for (int k = 0; k < some.size(); k++) {
      if (!some.get(k).isSameStorage(others.get(k))) {
        return false;
      }
    }
    return true;
  }
}

package io.hypertape.optim;

import static io.hypertape.autodiff.access.Internals.INTERNALS;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import io.hypertape.optim.TowerState.LevelState;
import io.hypertape.optim.TowerState.UpdateInputs;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Other states than a step leads to: those in which other parameters are frozen. A frozen one's
 * value is committed, and its state lies where no update writes.
 */
final class Freezing {

  private final TowerRunner runner;
  private final RunningTower levels;
  // Where states lie that no update writes, by what they are of; used again when it is frozen
  // again.
  private final Map<Parameter, List<Parameter>> places = new HashMap<>();

  Freezing(TowerRunner runner) {
    this.runner = runner;
    this.levels = runner.levels();
  }

  /** See {@link TowerOptimizer#freeze}. */
  void freeze(Collection<Parameter> parameters) {
    Set<Parameter> added = mine("freeze", parameters);
    TowerState before = runner.state();
    added.removeAll(before.frozen());
    if (added.isEmpty()) {
      return;
    }
    runner.closeShown();
    List<LevelState> now = kept(before.levels(), added);
    Optional<UpdateInputs> inputs =
        before
            .updateInputs()
            .flatMap(
                old ->
                    UpdateInputs.of(
                        mixed(old.levels(), now, added),
                        levels.without(old.gradients(), before, added),
                        old.changed(),
                        old.step()));
    Set<Parameter> frozen = new LinkedHashSet<>(levels.parameters());
    frozen.removeIf(each -> !before.frozen().contains(each) && !added.contains(each));
    commit(added);
    runner.storage().dropRecordings(before);
    runner.become(
        new TowerState(
            before.steps(),
            before.bufferIndex(),
            before.buffers(),
            before.tape(),
            before.previous(),
            now,
            inputs,
            Optional.empty(),
            frozen,
            before.losses().ofOthers()));
  }

  /** If it fails, all are still what the last update made of them. */
  private void commit(Set<Parameter> added) {
    try {
      added.forEach(INTERNALS::commit);
    } catch (RuntimeException | Error e) {
      levels.become(runner.state());
      throw e;
    }
  }

  /** Refuses frozen parameters that another optimizer has. */
  void checkOwn(String what, Set<Parameter> frozen) {
    for (Parameter parameter : frozen) {
      if (INTERNALS.tracked(parameter).isTracked()) {
        throw new IllegalStateException(
            what + ": parameter " + parameter + " is at work in another optimizer");
      }
    }
  }

  /** The same with values that are committed, and states where no update writes, of some. */
  List<LevelState> kept(List<LevelState> states, Set<Parameter> some) {
    return changed(
        states,
        some,
        (k, i, target) -> {
          List<Tensor> old = states.get(k).states().get(i);
          return new Place(INTERNALS.storage(target), kept(target, old));
        });
  }

  private List<Tensor> kept(Parameter target, List<Tensor> states) {
    List<Parameter> into = places.computeIfAbsent(target, unused -> new ArrayList<>());
    List<Tensor> kept = new ArrayList<>(states.size());
    for (int s = 0; s < states.size(); s++) {
      if (s == into.size()) {
        into.add(runner.storage().own(new Parameter("state", states.get(s))));
      }
      INTERNALS.place(into.get(s), states.get(s));
      INTERNALS.commit(into.get(s));
      kept.add(INTERNALS.storage(into.get(s)));
    }
    return kept;
  }

  /** These, but what the others have of some. */
  private List<LevelState> mixed(
      List<LevelState> these, List<LevelState> others, Set<Parameter> some) {
    return changed(
        these,
        some,
        (k, i, target) -> new Place(others.get(k).values().get(i), others.get(k).states().get(i)));
  }

  /**
   * See {@link TowerOptimizer#unfreeze}. All values become leaves of a new tape: what the last
   * update did not change cannot be told apart in a {@linkplain TowerSnapshot snapshot}.
   */
  void unfreeze(Collection<Parameter> parameters) {
    Set<Parameter> removed = mine("unfreeze", parameters);
    TowerState before = runner.state();
    removed.retainAll(before.frozen());
    if (removed.isEmpty()) {
      return;
    }
    checkOwn("unfreeze", removed);
    Set<Parameter> frozen = new LinkedHashSet<>(before.frozen());
    frozen.removeAll(removed);
    TowerRevision.onNewTape(
        runner,
        tape -> {
          List<LevelState> now =
              changed(
                  levels.leaves(tape, before.levels(), before.frozen()),
                  removed,
                  (k, i, target) ->
                      new Place(
                          tape.watch(INTERNALS.storage(target)),
                          before.levels().get(k).states().get(i)));
          runner.storage().dropRecordings(before);
          return TowerState.ofLeaves(
              before.steps(),
              before.bufferIndex(),
              tape,
              now,
              Optional.empty(),
              frozen,
              before.losses().ofOthers());
        });
  }

  /** Where a target's value and states lie. */
  private record Place(Tensor value, List<Tensor> states) {}

  /** What becomes of a target of a level. */
  private interface Change {
    Place of(int level, int target, Parameter parameter);
  }

  private List<LevelState> changed(List<LevelState> states, Set<Parameter> some, Change change) {
    List<LevelState> result = new ArrayList<>(states.size());
    for (int k = 0; k < states.size(); k++) {
      List<Parameter> targets = levels.targets(k);
      List<Tensor> values = new ArrayList<>(states.get(k).values());
      List<List<Tensor>> all = new ArrayList<>(states.get(k).states());
      for (int i = 0; i < targets.size(); i++) {
        if (some.contains(targets.get(i))) {
          Place place = change.of(k, i, targets.get(i));
          values.set(i, place.value());
          all.set(i, place.states());
        }
      }
      result.add(new LevelState(values, all, states.get(k).more(), states.get(k).count()));
    }
    return result;
  }

  private Set<Parameter> mine(String what, Collection<Parameter> parameters) {
    List<Parameter> known = levels.parameters();
    Set<Parameter> result = new LinkedHashSet<>();
    for (Parameter parameter : parameters) {
      Nulls.check(parameter, what + ": an element of parameters");
      if (!known.contains(parameter)) {
        throw new IllegalArgumentException(
            what
                + ": parameter "
                + parameter
                + " is not at work here; there are "
                + Update.list(known.stream().map(Parameter::name).toList()));
      }
      result.add(parameter);
    }
    return result;
  }
}

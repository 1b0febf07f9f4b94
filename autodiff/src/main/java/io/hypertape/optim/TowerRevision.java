package io.hypertape.optim;

import static io.hypertape.autodiff.access.Internals.INTERNALS;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tape;
import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import io.hypertape.optim.TowerState.LevelState;
import io.hypertape.optim.TowerState.Undone;
import io.hypertape.optim.TowerState.UpdateInputs;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Other states than a step leads to: the first one, those that are gone back to, those of another
 * run, and those in which other parameters are frozen.
 */
final class TowerRevision {

  private final TowerRunner runner;
  private final Session session;
  private final RunningTower levels;
  private final String text;

  TowerRevision(TowerRunner runner, String text) {
    this.runner = runner;
    this.session = runner.session();
    this.levels = runner.levels();
    this.text = text;
  }

  /** What a tower begins with. */
  static TowerState first(Session session, RunningTower levels, TowerStorage storage) {
    Tape tape = INTERNALS.tape(session, storage.update(0));
    try {
      List<LevelState> states = levels.start(tape);
      tape.suspend();
      INTERNALS.keep(tape);
      return TowerState.first(tape, states, Set.of());
    } catch (RuntimeException | Error e) {
      levels.leave();
      tape.close();
      throw e;
    }
  }

  void undo() {
    TowerState after = runner.state();
    UpdateInputs inputs =
        after
            .updateInputs()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        after.undone().isPresent()
                            ? "undo: the last update has been taken back already"
                            : "undo: there is no update yet"));
    runner.closeShown();
    Tape tape = session.tape();
    List<LevelState> before;
    List<Tensor> gradients;
    try {
      before = leaves(tape, inputs.levels());
      gradients = inputs.gradients().stream().map(g -> INTERNALS.move(tape, g)).toList();
    } finally {
      tape.suspend();
    }
    INTERNALS.keep(tape);
    runner.become(
        new TowerState(
            after.steps() - 1,
            1 - after.bufferIndex(),
            null,
            tape,
            null,
            before,
            Optional.empty(),
            Optional.of(new Undone(after.buffers(), gradients)),
            after.frozen()));
    runner.storage().release(after.tape());
    runner.storage().release(after.previous());
  }

  /** The same values as leaves of a tape, in their places. */
  private static List<LevelState> leaves(Tape tape, List<LevelState> states) {
    List<LevelState> result = new ArrayList<>(states.size());
    for (LevelState state : states) {
      result.add(
          new LevelState(
              state.values().stream()
                  .map(v -> v.isTracked() ? tape.watch(INTERNALS.move(tape, v)) : v)
                  .toList(),
              state.states().stream()
                  .map(each -> each.stream().map(s -> INTERNALS.move(tape, s)).toList())
                  .toList(),
              INTERNALS.move(tape, state.count())));
    }
    return result;
  }

  void redo(Map<String, Double> hyperparameters) {
    TowerState before = runner.state();
    Undone undone =
        before
            .undone()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "redo: no update has been taken back, or a step has begun since"));
    hyperparameters.forEach(
        (label, value) -> {
          Nulls.check(label, "redo: a label of hyperparameters");
          Nulls.check(value, "redo: the value of " + label);
        });
    levels.check(hyperparameters);
    levels.prepare(before.steps());
    runner.become(runner.advanced(before, undone.buffers(), undone.gradients(), hyperparameters));
    runner.released(before);
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
    Set<Parameter> frozen = union(before.frozen(), added);
    List<LevelState> origin = new ArrayList<>();
    List<LevelState> now = new ArrayList<>();
    for (int k = 0; k < before.levels().size(); k++) {
      List<Parameter> targets = levels.targets(k);
      origin.add(before.origin().get(k));
      now.add(before.levels().get(k));
      for (int i = 0; i < targets.size(); i++) {
        if (added.contains(targets.get(i))) {
          Tensor value = committed(targets.get(i));
          List<Tensor> states = now.get(k).states().get(i).stream().map(this::own).toList();
          origin.set(k, with(origin.get(k), i, value, states));
          now.set(k, with(now.get(k), i, value, states));
        }
      }
    }
    Optional<UpdateInputs> inputs =
        before
            .updateInputs()
            .map(old -> new UpdateInputs(origin, levels.without(old.gradients(), before, added)));
    become(before, now, inputs, frozen);
  }

  void unfreeze(Collection<Parameter> parameters) {
    Set<Parameter> removed = mine("unfreeze", parameters);
    TowerState before = runner.state();
    removed.retainAll(before.frozen());
    if (removed.isEmpty()) {
      return;
    }
    runner.closeShown();
    Set<Parameter> frozen = new LinkedHashSet<>(before.frozen());
    frozen.removeAll(removed);
    // A leaf of its own: the update that the tape begins with did not change it.
    List<LevelState> now = new ArrayList<>();
    Tape tape = before.tape();
    for (int k = 0; k < before.levels().size(); k++) {
      List<Parameter> targets = levels.targets(k);
      now.add(before.levels().get(k));
      for (int i = 0; i < targets.size(); i++) {
        if (removed.contains(targets.get(i))) {
          Tensor leaf = tape.watch(INTERNALS.storage(targets.get(i)));
          now.set(k, with(now.get(k), i, leaf, now.get(k).states().get(i)));
        }
      }
    }
    INTERNALS.keep(tape);
    become(before, now, Optional.empty(), frozen);
  }

  private void become(
      TowerState before,
      List<LevelState> now,
      Optional<UpdateInputs> inputs,
      Set<Parameter> frozen) {
    runner.storage().dropRecordings();
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
            frozen));
  }

  private static LevelState with(LevelState state, int i, Tensor value, List<Tensor> states) {
    List<Tensor> values = new ArrayList<>(state.values());
    values.set(i, value);
    List<List<Tensor>> all = new ArrayList<>(state.states());
    all.set(i, states);
    return new LevelState(values, all, state.count());
  }

  private static Tensor committed(Parameter parameter) {
    INTERNALS.commit(parameter);
    return INTERNALS.storage(parameter);
  }

  /** A copy that lives as long as the optimizer. */
  private Tensor own(Tensor tensor) {
    return INTERNALS.storage(runner.storage().own(new Parameter("state", tensor)));
  }

  private Set<Parameter> mine(String what, Collection<Parameter> parameters) {
    List<Parameter> known = levels.parameters();
    Set<Parameter> result = Collections.newSetFromMap(new IdentityHashMap<>());
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

  private static Set<Parameter> union(Set<Parameter> some, Set<Parameter> others) {
    Set<Parameter> all = new LinkedHashSet<>(some);
    all.addAll(others);
    return all;
  }

  TowerSnapshot snapshot() {
    NamedTensors named = new NamedTensors();
    levels.name(runner.state(), named);
    return new TowerSnapshot(text, runner.state().steps(), named.all());
  }

  void restore(TowerSnapshot snapshot) {
    TowerState before = runner.state();
    if (before.steps() > 0 || before.previous() != null) {
      throw new IllegalStateException(
          "restore: this optimizer has taken " + before.steps() + " steps; bind the tower anew");
    }
    if (!snapshot.tower().equals(text)) {
      throw new IllegalArgumentException(
          "state of a tower: it is of the tower " + snapshot.tower() + ", not of " + text);
    }
    NamedTensors named = new NamedTensors(snapshot.tensors());
    boolean updated = snapshot.tensors().keySet().stream().anyMatch(n -> n.endsWith("/gradient"));
    if (snapshot.steps() == 0 && updated) {
      throw new IllegalArgumentException("state of a tower: it has gradients, but no step");
    }
    levels.check(named, updated, before.frozen());
    try {
      load(before, named, updated, snapshot.steps());
    } catch (RuntimeException | Error e) {
      runner.standstill().inRestore(e);
      levels.leave();
      throw e;
    }
  }

  private void load(TowerState before, NamedTensors named, boolean updated, long steps) {
    before.tape().close();
    Tape tape = INTERNALS.tape(session, runner.storage().update(0));
    List<LevelState> states;
    List<Tensor> gradients;
    try {
      states = levels.load(named, tape, before.frozen());
      gradients = updated ? levels.loadGradients(named, before.frozen()) : List.of();
    } finally {
      tape.suspend();
    }
    INTERNALS.keep(tape);
    TowerState loaded =
        TowerState.first(tape, states, before.frozen()).at(updated ? steps - 1 : steps);
    if (updated) {
      // Computes the last update anew, which is what the next step's tape begins with.
      levels.prepare(steps - 1);
      loaded = runner.advanced(loaded, null, gradients, Map.of());
    }
    runner.become(loaded);
  }
}

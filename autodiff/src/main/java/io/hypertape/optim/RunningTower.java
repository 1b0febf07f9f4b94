package io.hypertape.optim;

import static io.hypertape.autodiff.access.Internals.INTERNALS;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tape;
import io.hypertape.autodiff.Tensor;
import io.hypertape.optim.TowerState.LevelState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The levels of a tower at work: its own, bottom first, then each group's. What they have at a time
 * is told by a {@link TowerState}.
 */
final class RunningTower {

  private final Session session;
  private final List<RunningLevel> levels = new ArrayList<>();
  private final ScheduledFactor factor;
  private final HeldOut heldOut;
  // What the update of the step in place moves.
  private UpdateWork work;
  // Their values may be another optimizer's.
  private Set<Parameter> frozen = Set.of();

  RunningTower(Tower tower, Session session, List<Parameter> parameters) {
    this.session = session;
    factor = new ScheduledFactor(session, tower.schedule());
    heldOut = new HeldOut(tower.heldOut());
    work = heldOut.of(0);
    List<List<Parameter>> assigned = tower.assign(parameters);
    addLevels(0, tower.levels(), assigned.getFirst());
    for (int g = 0; g < tower.groups().size(); g++) {
      addLevels(g + 1, tower.groups().get(g).tower().levels(), assigned.get(g + 1));
    }
    HypergradientCheck.checkEdge(tower, levels);
  }

  private void addLevels(int group, List<Level> added, List<Parameter> parameters) {
    List<Parameter> targets = parameters;
    for (int k = 0; k < added.size(); k++) {
      LevelPlace place = new LevelPlace(group, k + 1, k == added.size() - 1);
      HypergradientCheck.check(place, added.get(k), levels);
      boolean traced =
          !place.isTop()
              && added.get(k + 1).hypergradient().source() instanceof Hypergradient.Eligibility;
      levels.add(new RunningLevel(session, added.get(k), place, targets, factor.tensor(), traced));
      targets = levels.getLast().hyperparameters().tunedParameters();
    }
  }

  private static boolean isWeights(RunningLevel level) {
    return level.place().number() == 1;
  }

  /** First values, on the first tape, which is current. */
  List<LevelState> start(Tape tape) {
    return levels.stream().map(level -> level.start(tape)).toList();
  }

  /** Gets what depends on the number of the step that comes next in place. */
  void prepare(long step) {
    factor.prepare(step);
    work = heldOut.of(step);
  }

  /** What the update of the step moves that is in place. */
  UpdateWork work() {
    return work;
  }

  /** What the update of a step moves. */
  UpdateWork work(long step) {
    return heldOut.of(step);
  }

  /** What the last update moved. */
  UpdateWork last(TowerState state) {
    return heldOut.every() > 0 && state.updateInputs().isPresent()
        ? heldOut.of(state.updateInputs().get().step())
        : UpdateWork.ALL;
  }

  /** The cool-down that has been asked for. */
  Optional<Cooling> cooling() {
    return factor.cooling();
  }

  /** Lets the schedule's factor fall from what it is at the step that comes next. */
  void coolDown(long step, long steps) {
    factor.coolDown(step, steps);
  }

  /** The cool-down that {@link #name} has told. */
  Optional<Cooling> cooling(NamedTensors named) {
    return factor.cooling(named);
  }

  /** Cools down as another run did. */
  void cool(Optional<Cooling> other) {
    factor.become(other);
  }

  /** What gradients are taken by: every level's targets that are not frozen. */
  List<Tensor> values(TowerState state) {
    List<Tensor> values = new ArrayList<>();
    for (int k = 0; k < levels.size(); k++) {
      List<Parameter> targets = levels.get(k).targets();
      for (Parameter target : levels.get(k).differentiated(state.frozen())) {
        values.add(state.levels().get(k).values().get(targets.indexOf(target)));
      }
    }
    return values;
  }

  /** The weights and where each one's gradient is in the order of {@link #values}. */
  Map<Parameter, Integer> weights(Set<Parameter> frozen) {
    Map<Parameter, Integer> places = new LinkedHashMap<>();
    int at = 0;
    for (RunningLevel level : levels) {
      for (Parameter target : level.differentiated(frozen)) {
        if (isWeights(level)) {
          places.put(target, at);
        }
        at++;
      }
    }
    return places;
  }

  /** Tuned hyperparameters by label, and where each one's gradient is. */
  Map<String, Integer> hyperparameters(Set<Parameter> frozen) {
    Map<String, Integer> places = new LinkedHashMap<>();
    int at = 0;
    for (int k = 0; k < levels.size(); k++) {
      int size = levels.get(k).differentiated(frozen).size();
      if (isWeights(levels.get(k)) || size == 0) {
        at += size;
        continue;
      }
      for (String label : levels.get(k - 1).hyperparameters().tunedLabels()) {
        places.put(label, at++);
      }
    }
    return places;
  }

  /**
   * Updates from the top levels down, by gradients in the order of {@link #values}.
   *
   * @param before what is updated
   * @param changed hyperparameters that get other values than those that the levels above give
   *     them, by label
   * @return the next values and states, on this tape
   */
  List<LevelState> update(
      Tape tape, TowerState before, List<Tensor> gradients, Map<String, Double> changed) {
    List<LevelGradients> taken = LevelGradients.of(levels, before, gradients, work);
    LevelState[] next = new LevelState[levels.size()];
    for (int k = levels.size() - 1; k >= 0; k--) {
      RunningLevel level = levels.get(k);
      List<Tensor> hyperparameters = List.of();
      if (!level.place().isTop()) {
        hyperparameters = level.hyperparameters().bounded(next[k + 1].values());
        next[k + 1] = next[k + 1].withValues(hyperparameters);
        if (!levels.get(k + 1).level().hypergradient().isFromTape()) {
          // Nobody asks the tape for their gradients.
          hyperparameters = hyperparameters.stream().map(Tensor::detach).toList();
        }
      }
      if (!changed.isEmpty()) {
        level.hyperparameters().overwrite(hyperparameters, changed);
      }
      LevelState from = before.levels().get(k);
      next[k] =
          work.moves(level.place())
              ? level.update(tape, from, taken.get(k), hyperparameters, before.frozen())
              : level.standing(tape, from, taken.get(k), before.frozen());
      if (!changed.isEmpty() && level.hypergradient().isPresent()) {
        forget(next[k], level, levels.get(k - 1), changed);
      }
    }
    return Arrays.asList(next);
  }

  /** What led to a hyperparameter that was given another value says nothing of it. */
  private void forget(
      LevelState state, RunningLevel level, RunningLevel tuned, Map<String, Double> changed) {
    List<String> labels = tuned.hyperparameters().tunedLabels();
    for (int i = 0; i < labels.size(); i++) {
      if (changed.containsKey(labels.get(i))) {
        int at = level.more("last." + level.targets().get(i).name());
        if (at >= 0) {
          session.overwrite(state.more().get(at), new double[] {0});
        }
      }
    }
  }

  List<RunningLevel> levels() {
    return levels;
  }

  Session session() {
    return session;
  }

  /** The schedule's factor of a step. */
  double factor(long step) {
    return factor.factor(step);
  }

  /** Refuses labels that no hyperparameter has, and values that it cannot have. */
  void check(Map<String, Double> values) {
    List<String> known = new ArrayList<>();
    for (RunningLevel level : levels) {
      known.addAll(level.hyperparameters().labels());
      level.hyperparameters().check(values);
    }
    for (String label : values.keySet()) {
      if (!known.contains(label)) {
        throw new IllegalArgumentException(
            "there is no hyperparameter '" + label + "'; there are " + Update.list(known));
      }
    }
  }

  /** What a level updates. */
  List<Parameter> targets(int level) {
    return levels.get(level).targets();
  }

  /** Gradients in the order of {@link #values} of a state, less those of some parameters. */
  List<Tensor> without(List<Tensor> gradients, TowerState state, Set<Parameter> less) {
    List<Tensor> rest = new ArrayList<>();
    int at = 0;
    for (RunningLevel level : levels) {
      for (Parameter target : level.differentiated(state.frozen())) {
        if (!less.contains(target)) {
          rest.add(gradients.get(at));
        }
        at++;
      }
    }
    return rest;
  }

  /** Lets parameters and hyperparameters have the values of a state. */
  void become(TowerState state) {
    for (int k = 0; k < levels.size(); k++) {
      levels.get(k).become(state.levels().get(k), state.frozen());
    }
    frozen = state.frozen();
  }

  /** Lets weights that are not frozen have the values by which they are to be judged. */
  void evaluate(TowerState state) {
    for (int k = 0; k < levels.size(); k++) {
      if (isWeights(levels.get(k))) {
        levels.get(k).evaluate(state.levels().get(k), state.frozen());
      }
    }
  }

  /** The same values as leaves of a tape, in their places, but those of frozen targets. */
  List<LevelState> leaves(Tape tape, List<LevelState> states, Set<Parameter> but) {
    List<LevelState> result = new ArrayList<>(states.size());
    for (int k = 0; k < states.size(); k++) {
      result.add(levels.get(k).leaves(tape, states.get(k), but));
    }
    return result;
  }

  /** Gives hyperparameters that no level above tunes other values from here on, by label. */
  void fix(Map<String, Double> values) {
    levels.forEach(level -> level.hyperparameters().fix(values));
  }

  /** Values of hyperparameters, by label, that {@link #name} has told. */
  Map<String, Double> changed(NamedTensors named) {
    Map<String, Double> changed = new LinkedHashMap<>();
    levels.forEach(level -> changed.putAll(level.hyperparameters().changed(named)));
    return changed;
  }

  /** Names what a state and the gradients that an update takes consist of. */
  void name(TowerState state, NamedTensors named) {
    factor.name(named);
    int at = 0;
    for (int k = 0; k < levels.size(); k++) {
      levels.get(k).layout().name(state.origin().get(k), named);
      levels.get(k).hyperparameters().name(state.changed(), named);
      for (Parameter target : levels.get(k).differentiated(state.frozen())) {
        if (!state.gradients().isEmpty()) {
          named.put(levels.get(k).layout().gradientName(target), state.gradients().get(at++));
        }
      }
    }
  }

  /** Checks that everything is there which {@link #load} and {@link #loadGradients} need. */
  void check(NamedTensors named, boolean gradients, Set<Parameter> frozen) {
    for (RunningLevel level : levels) {
      level.layout().check(named);
      for (Parameter target : level.differentiated(Set.of())) {
        if (gradients) {
          checkGradient(named, level, target, frozen);
        }
      }
    }
    named.checkNothingLeft();
  }

  private void checkGradient(
      NamedTensors named, RunningLevel level, Parameter target, Set<Parameter> frozen) {
    String name = level.layout().gradientName(target);
    boolean isThere = named.all().containsKey(name);
    if (frozen.contains(target)) {
      if (isThere) {
        throw new IllegalArgumentException(
            "state of a tower: "
                + name
                + " is there, so "
                + target.name()
                + " was not frozen; freeze it once the state is restored");
      }
      return;
    }
    if (!isThere && parameters().contains(target)) {
      throw new IllegalArgumentException(
          "state of a tower: "
              + name
              + " is missing; if "
              + target.name()
              + " was frozen there, freeze it before the state is restored");
    }
    named.check(name, target.shape());
  }

  /** Values and states from copies of named tensors, the values as leaves of a tape. */
  List<LevelState> load(NamedTensors named, Tape tape, Set<Parameter> frozen) {
    return levels.stream().map(level -> level.layout().load(named, tape, frozen)).toList();
  }

  /** Copies of the gradients that an update takes, in the order of {@link #values}. */
  List<Tensor> loadGradients(NamedTensors named, Set<Parameter> frozen) {
    List<Tensor> gradients = new ArrayList<>();
    for (RunningLevel level : levels) {
      for (Parameter target : level.differentiated(frozen)) {
        gradients.add(named.copy(level.layout().gradientName(target), target.shape()));
      }
    }
    return gradients;
  }

  List<HyperparameterValue> hyperparameters() {
    List<Tensor> stored = new ArrayList<>();
    levels.forEach(level -> stored.addAll(level.hyperparameters().stored()));
    double[] read = session.items(stored);
    List<HyperparameterValue> values = new ArrayList<>(read.length);
    for (RunningLevel level : levels) {
      values.addAll(level.hyperparameters().values(read, values.size()));
    }
    return values;
  }

  /** The parameters of all groups. */
  List<Parameter> parameters() {
    List<Parameter> all = new ArrayList<>();
    levels.stream().filter(RunningTower::isWeights).forEach(level -> all.addAll(level.targets()));
    return all;
  }

  /** Gives the targets the values back that they had before an optimizer that comes to nothing. */
  void leave() {
    for (RunningLevel level : levels) {
      level.targets().forEach(target -> INTERNALS.place(target, INTERNALS.storage(target)));
    }
  }

  /** Lets the targets keep their values. */
  void commit() {
    for (RunningLevel level : levels) {
      level.targets().stream()
          .filter(target -> !frozen.contains(target))
          .forEach(INTERNALS::commit);
    }
  }
}

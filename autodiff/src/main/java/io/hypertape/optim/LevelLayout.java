package io.hypertape.optim;

import static io.hypertape.autodiff.access.Internals.INTERNALS;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tape;
import io.hypertape.autodiff.Tensor;
import io.hypertape.optim.TowerState.LevelState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a level's state consists of, at first and by name, as a {@link TowerSnapshot} has it.
 *
 * @param place where the level stands
 * @param targets what it updates
 * @param more what it carries of no single target
 */
record LevelLayout(LevelPlace place, List<LevelTarget> targets, List<StateVariable> more) {

  /**
   * First states beside some values, on a tape, which is current.
   *
   * @param given a value of each target
   * @param now what frozen targets keep; empty if none is frozen
   */
  LevelState first(
      Session session,
      Tape tape,
      List<Tensor> given,
      Optional<LevelState> now,
      Set<Parameter> frozen) {
    List<Tensor> values = new ArrayList<>(targets.size());
    List<List<Tensor>> states = new ArrayList<>(targets.size());
    Tensor count = session.scalar(0);
    for (int i = 0; i < targets.size(); i++) {
      if (frozen.contains(targets.get(i).parameter())) {
        values.add(now.orElseThrow().values().get(i));
        states.add(now.orElseThrow().states().get(i));
        continue;
      }
      values.add(tape.watch(given.get(i)));
      List<Tensor> state = new ArrayList<>();
      for (StateVariable variable : targets.get(i).all()) {
        state.add(variable.first(session, given.get(i)));
      }
      states.add(state);
    }
    List<Tensor> others = new ArrayList<>();
    more.forEach(variable -> others.add(session.full(variable.shape(), variable.initial())));
    return new LevelState(values, states, others, count);
  }

  private String valueName(Parameter parameter) {
    return place.prefix() + parameter.name() + "/value";
  }

  private String stateName(Parameter parameter, StateVariable state) {
    return place.prefix() + parameter.name() + "/state." + state.name();
  }

  private String stateName(StateVariable variable) {
    return place.prefix() + "state." + variable.name();
  }

  String gradientName(Parameter parameter) {
    return place.prefix() + parameter.name() + "/gradient";
  }

  private String countName() {
    return place.prefix() + "updates";
  }

  /** Names what a state consists of. */
  void name(LevelState state, NamedTensors named) {
    named.put(countName(), state.count());
    for (int m = 0; m < more.size(); m++) {
      named.put(stateName(more.get(m)), state.more().get(m));
    }
    for (int i = 0; i < targets.size(); i++) {
      LevelTarget target = targets.get(i);
      named.put(valueName(target.parameter()), state.values().get(i));
      List<StateVariable> all = target.all();
      for (int s = 0; s < all.size(); s++) {
        named.put(stateName(target.parameter(), all.get(s)), state.states().get(i).get(s));
      }
    }
  }

  /** Checks that everything is there which {@link #load} needs. */
  void check(NamedTensors named) {
    named.check(countName());
    more.forEach(variable -> named.check(stateName(variable), variable.shape()));
    for (LevelTarget target : targets) {
      named.check(valueName(target.parameter()), target.parameter().shape());
      for (StateVariable variable : target.all()) {
        named.check(stateName(target.parameter(), variable), variable.shape());
      }
    }
  }

  /** Copies of named tensors, the values as leaves of a tape, those of frozen ones committed. */
  LevelState load(NamedTensors named, Tape tape, Set<Parameter> frozen) {
    List<Tensor> values = new ArrayList<>(targets.size());
    List<List<Tensor>> states = new ArrayList<>(targets.size());
    Tensor count = named.copy(countName());
    for (LevelTarget target : targets) {
      Parameter parameter = target.parameter();
      Tensor value = named.copy(valueName(parameter), parameter.shape());
      boolean isFrozen = frozen.contains(parameter);
      if (!target.updated() || isFrozen) {
        // What no update changes is looked for in its storage.
        INTERNALS.place(parameter, value);
        INTERNALS.commit(parameter);
        value = INTERNALS.storage(parameter);
      }
      values.add(isFrozen ? value : tape.watch(value));
      List<Tensor> state = new ArrayList<>();
      for (StateVariable variable : target.all()) {
        state.add(named.copy(stateName(parameter, variable), variable.shape()));
      }
      states.add(state);
    }
    List<Tensor> loaded =
        more.stream().map(variable -> named.copy(stateName(variable), variable.shape())).toList();
    return new LevelState(values, states, loaded, count);
  }
}

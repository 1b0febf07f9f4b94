package io.hypertape.optim;

import io.hypertape.autodiff.Parameter;
import java.util.ArrayList;
import java.util.List;

/**
 * A parameter that a level updates.
 *
 * @param updated whether its optimizer does; else it stays what it is
 * @param state what the optimizer remembers of it
 * @param traces what the level above wants to be remembered of it, after that
 */
record LevelTarget(
    Parameter parameter, boolean updated, List<StateVariable> state, List<StateVariable> traces) {

  /** One that nothing above wants to know of. */
  LevelTarget(Parameter parameter, boolean updated, List<StateVariable> state) {
    this(parameter, updated, state, List.of());
  }

  /** The same with what the level above wants, if it is updated. */
  LevelTarget traced(LevelTraces wanted) {
    return new LevelTarget(parameter, updated, state, updated ? wanted.variables(this) : List.of());
  }

  List<String> names() {
    return state.stream().map(StateVariable::name).toList();
  }

  List<StateVariable> all() {
    List<StateVariable> all = new ArrayList<>(state);
    all.addAll(traces);
    return all;
  }
}

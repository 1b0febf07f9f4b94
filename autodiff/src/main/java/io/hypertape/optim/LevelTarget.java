package io.hypertape.optim;

import io.hypertape.autodiff.Parameter;
import java.util.ArrayList;
import java.util.List;

/**
 * A parameter that a level updates.
 *
 * @param updated whether its optimizer does; else it stays what it is
 * @param state what the optimizer remembers of it
 * @param traced whether the level above wants its running mean, which is one more state
 */
record LevelTarget(
    Parameter parameter, boolean updated, List<StateVariable> state, boolean traced) {

  private static final String MEAN = "trace.mean";

  List<String> names() {
    return state.stream().map(StateVariable::name).toList();
  }

  List<StateVariable> all() {
    if (!traced) {
      return state;
    }
    List<StateVariable> all = new ArrayList<>(state);
    all.add(StateVariable.ofParameter(MEAN, parameter.shape()));
    return all;
  }
}

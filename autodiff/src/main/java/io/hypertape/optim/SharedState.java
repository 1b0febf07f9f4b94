package io.hypertape.optim;

import io.hypertape.autodiff.Tensor;
import java.util.List;

/**
 * What all parameters of a level share, at some point of an update.
 *
 * @param names of the variables
 * @param before their values before the update
 * @param now their values as they are known at that point: the same until the update has given new
 *     ones
 */
record SharedState(List<String> names, List<Tensor> before, List<Tensor> now) {

  static final SharedState NONE = new SharedState(List.of(), List.of(), List.of());

  /** Before an update. */
  static SharedState of(List<StateVariable> variables, List<Tensor> values) {
    return new SharedState(
        variables.stream().map(StateVariable::name).toList(), values, List.copyOf(values));
  }

  /** With new values. */
  SharedState with(List<Tensor> newValues) {
    return new SharedState(names, before, newValues);
  }

  private Tensor of(List<Tensor> values, String name) {
    return values.get(Update.index(names, name, "reads shared state", "shared"));
  }

  Tensor now(String name) {
    return of(now, name);
  }

  Tensor before(String name) {
    return of(before, name);
  }
}

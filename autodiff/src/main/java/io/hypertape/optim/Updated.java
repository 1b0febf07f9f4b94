package io.hypertape.optim;

import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What an {@link Update} comes to: the parameter's new value, and each state variable's. */
public final class Updated {

  private final List<String> names;
  private final Tensor value;
  // An element is null as long as the state of that place has not been given.
  private final @Nullable Tensor[] states;

  Updated(List<String> names, Tensor value, @Nullable Tensor[] states) {
    this.names = names;
    this.value = value;
    this.states = states;
  }

  /**
   * With a state variable's new value.
   *
   * @param state its name
   * @param newValue a tensor of its shape; not differentiated further
   * @return the result with it
   * @throws IllegalArgumentException if there is none of that name, or it has been given already
   */
  public Updated with(String state, Tensor newValue) {
    return new Updated(names, value, given(names, states, state, newValue));
  }

  /** States' new values with one more. */
  static @Nullable Tensor[] given(
      List<String> names, @Nullable Tensor[] states, String state, Tensor newValue) {
    Nulls.check(state, "with: state");
    return given(names, states, state, newValue, "gives state", "state");
  }

  /** Variables' new values with one more; see {@link Update#index}. */
  static @Nullable Tensor[] given(
      List<String> names,
      @Nullable Tensor[] values,
      String name,
      Tensor newValue,
      String does,
      String kind) {
    Nulls.check(newValue, "with: newValue");
    int index = Update.index(names, name, does, kind);
    if (values[index] != null) {
      throw new IllegalArgumentException("it " + does + " '" + name + "' twice");
    }
    Tensor[] more = values.clone();
    more[index] = newValue;
    return more;
  }

  /**
   * With another new value of the parameter, as for decoupled weight decay.
   *
   * @param newValue a tensor of its shape
   * @return a result that differs in {@link #p} alone
   */
  public Updated withValue(Tensor newValue) {
    return new Updated(names, Nulls.check(newValue, "withValue: newValue"), states);
  }

  /**
   * The parameter's new value.
   *
   * @return a tensor
   */
  public Tensor p() {
    return value;
  }

  /** The states' new values in the order of their declaration. */
  List<Tensor> states() {
    return Arrays.asList(states);
  }

  /** The first state whose new value is not there. */
  Optional<String> missing() {
    return missing(names, states);
  }

  static Optional<String> missing(List<String> names, @Nullable Tensor[] values) {
    return IntStream.range(0, values.length)
        .filter(i -> values[i] == null)
        .mapToObj(names::get)
        .findFirst();
  }

  /** New value and states in one list. */
  List<Tensor> all() {
    Tensor[] all = new Tensor[1 + states.length];
    all[0] = value;
    System.arraycopy(states, 0, all, 1, states.length);
    return List.of(all);
  }
}

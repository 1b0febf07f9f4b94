package io.hypertape.optim;

import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a parameter adds to sums over all parameters of its level, and those of its states whose new
 * values are known already, before the sums are.
 */
public final class Terms {

  private final List<String> names;
  private final @Nullable Tensor[] states;
  private final Map<String, Tensor> sums;

  Terms(List<String> names) {
    this(names, new Tensor[names.size()], Map.of());
  }

  private Terms(List<String> names, @Nullable Tensor[] states, Map<String, Tensor> sums) {
    this.names = names;
    this.states = states;
    this.sums = sums;
  }

  /**
   * With a term.
   *
   * @param name of the sum, which {@link SharedUpdate#sum} gives
   * @param term what this parameter adds to it: mostly a tensor of one element, of shape []
   * @return the terms with it
   * @throws IllegalArgumentException if there is one of that name already
   */
  public Terms sum(String name, Tensor term) {
    Nulls.check(name, "sum: name");
    Nulls.check(term, "sum: term");
    Map<String, Tensor> more = new LinkedHashMap<>(sums);
    if (more.put(name, term) != null) {
      throw new IllegalArgumentException("it gives a term of the sum '" + name + "' twice");
    }
    return new Terms(names, states, more);
  }

  /**
   * With a state variable's new value, which the parameter's update then finds as {@link
   * Update#state}, and does not give again.
   *
   * @param state its name
   * @param newValue a tensor of its shape
   * @return the terms with it
   * @throws IllegalArgumentException if there is none of that name, or it has been given already
   */
  public Terms with(String state, Tensor newValue) {
    return new Terms(names, Updated.given(names, states, state, newValue), sums);
  }

  /** The terms by the sums' names. */
  Map<String, Tensor> sums() {
    return sums;
  }

  /** The states' new values in the order of their declaration; null where there is none yet. */
  @Nullable Tensor[] states() {
    return states;
  }

  @Override
  public String toString() {
    return "terms " + sums.keySet() + ", states " + Arrays.toString(states);
  }
}

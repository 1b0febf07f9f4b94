package io.hypertape.optim;

import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import java.util.List;

/**
 * A parameter between two updates, as {@link Optimizer#evaluation} finds it: its value, and what is
 * remembered of it and of its level, by name.
 */
public final class Remembered {

  private final String parameter;
  private final Tensor p;
  private final List<String> names;
  private final List<Tensor> states;
  private final SharedState shared;

  Remembered(
      String parameter, Tensor p, List<String> names, List<Tensor> states, SharedState shared) {
    this.parameter = parameter;
    this.p = p;
    this.names = names;
    this.states = states;
    this.shared = shared;
  }

  /**
   * The parameter's name.
   *
   * @return such as {@code layer1.weight}
   */
  public String parameter() {
    return parameter;
  }

  /**
   * The value at which the next gradient is taken.
   *
   * @return a tensor of the parameter's shape
   */
  public Tensor p() {
    return p;
  }

  /**
   * What the last update left.
   *
   * @param name a {@link StateVariable}'s name
   * @return a tensor of its shape
   * @throws IllegalArgumentException if there is none of that name
   */
  public Tensor state(String name) {
    return Update.state(names, states, name);
  }

  /**
   * What the last update left that all parameters of the level share.
   *
   * @param name one of {@link Optimizer#shared}
   * @return a tensor of its shape
   * @throws IllegalArgumentException if there is none of that name
   */
  public Tensor shared(String name) {
    return shared.now(Nulls.check(name, "shared: name"));
  }
}

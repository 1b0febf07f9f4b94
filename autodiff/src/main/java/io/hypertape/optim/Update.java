package io.hypertape.optim;

import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One update of one parameter, as an {@link Optimizer} finds it: value, gradient and state by name,
 * which are detached, and hyperparameters by name, through which derivatives flow.
 *
 * <pre>{@code
 * Tensor m = u.state("m").mul(u.value("beta1")).add(u.g());
 * return u.to(u.p().sub(m.mul(u.value("alpha")))).with("m", m);
 * }</pre>
 */
public final class Update {

  /** Where hyperparameters and other scalars come from. All are tensors of one element. */
  interface Scalars {
    /** The effective value of a hyperparameter. */
    Tensor value(String hyperparameter);

    /** One less that value. */
    Tensor complement(String hyperparameter);

    Tensor constant(double value);

    Tensor t();
  }

  private final String parameter;
  private final Tensor p;
  private final Tensor g;
  private final List<String> names;
  private final List<Tensor> states;
  // New values that are known already; an element is null where there is none yet.
  private final @Nullable Tensor[] given;
  private final Scalars scalars;
  private final SharedState shared;

  Update(
      String parameter,
      Tensor p,
      Tensor g,
      List<String> names,
      List<Tensor> states,
      @Nullable Tensor[] given,
      Scalars scalars,
      SharedState shared) {
    this.parameter = parameter;
    this.p = p;
    this.g = g;
    this.names = names;
    this.states = states;
    this.given = given;
    this.scalars = scalars;
    this.shared = shared;
  }

  /** An update of a parameter that shares nothing with others. */
  Update(
      String parameter,
      Tensor p,
      Tensor g,
      List<String> names,
      List<Tensor> states,
      Scalars scalars) {
    this(parameter, p, g, names, states, new Tensor[names.size()], scalars, SharedState.NONE);
  }

  /** The same where terms have given some states, and new values of what is shared are there. */
  Update after(@Nullable Tensor[] newlyGiven, SharedState now) {
    List<Tensor> newest = new ArrayList<>(states);
    for (int s = 0; s < newlyGiven.length; s++) {
      Tensor newState = newlyGiven[s];
      if (newState != null) {
        newest.set(s, newState);
      }
    }
    return new Update(parameter, p, g, names, newest, newlyGiven, scalars, now);
  }

  /**
   * The name of the parameter that is updated; above another optimizer, that of its hyperparameter.
   *
   * @return such as {@code layer1.weight}
   */
  public String parameter() {
    return parameter;
  }

  /**
   * The value before the update.
   *
   * @return a tensor of the parameter's shape
   */
  public Tensor p() {
    return p;
  }

  /**
   * The loss's gradient by the value.
   *
   * @return a tensor of the parameter's shape
   */
  public Tensor g() {
    return g;
  }

  /**
   * What is remembered from the last update; or its new value, if the optimizer's {@link
   * Optimizer#terms} have given that.
   *
   * @param name a {@link StateVariable}'s name
   * @return a tensor of its shape
   * @throws IllegalArgumentException if there is none of that name
   */
  public Tensor state(String name) {
    return state(names, states, name);
  }

  static Tensor state(List<String> names, List<Tensor> states, String name) {
    Nulls.check(name, "state: name");
    return states.get(index(names, name, "reads state", "state"));
  }

  /**
   * Where a variable is among others.
   *
   * @param does what is done with it
   * @param kind what variables these are
   */
  static int index(List<String> names, String name, String does, String kind) {
    int index = names.indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException(
          "it " + does + " '" + name + "'; the " + kind + " variables are " + list(names));
    }
    return index;
  }

  /**
   * What all parameters of the level share: in {@link Optimizer#terms} from the last update, in
   * {@link Optimizer#update} as this update has made it.
   *
   * @param name one of {@link Optimizer#shared}
   * @return a tensor of its shape
   * @throws IllegalArgumentException if there is none of that name
   */
  public Tensor shared(String name) {
    return shared.now(Nulls.check(name, "shared: name"));
  }

  /**
   * What all parameters of the level share, as it was before this update.
   *
   * @param name one of {@link Optimizer#shared}
   * @return a tensor of its shape
   * @throws IllegalArgumentException if there is none of that name
   */
  public Tensor sharedBefore(String name) {
    return shared.before(Nulls.check(name, "sharedBefore: name"));
  }

  /**
   * A hyperparameter's effective value, scheduled if it is a step size.
   *
   * @param hyperparameter its name
   * @return a tensor of one element
   * @throws IllegalArgumentException if there is none of that name
   */
  public Tensor value(String hyperparameter) {
    return scalars.value(Nulls.check(hyperparameter, "value: hyperparameter"));
  }

  /**
   * 1 − a hyperparameter's effective value: what an update needs of a decay near 1, which has no
   * digits left of it in float32.
   *
   * @param hyperparameter its name
   * @return a tensor of one element
   * @throws IllegalArgumentException if there is none of that name
   */
  public Tensor complement(String hyperparameter) {
    return scalars.complement(Nulls.check(hyperparameter, "complement: hyperparameter"));
  }

  /**
   * What is never tuned, such as ε.
   *
   * @param value the number
   * @return a tensor of one element
   */
  public Tensor constant(double value) {
    return scalars.constant(value);
  }

  /**
   * The number of this update, for bias corrections.
   *
   * @return a tensor of one element, 1 in the first update
   */
  public Tensor t() {
    return scalars.t();
  }

  /**
   * The same with another gradient, as for weight decay: {@code
   * u.withGradient(u.g().add(u.p().mul(u.value("decay"))))}.
   *
   * @param gradient what stands for the gradient
   * @return an update that differs in {@link #g} alone
   */
  public Update withGradient(Tensor gradient) {
    Nulls.check(gradient, "withGradient: gradient");
    return new Update(parameter, p, gradient, names, states, given, scalars, shared);
  }

  /** The same with another effective value of a hyperparameter, its product with a factor. */
  Update withFactor(String hyperparameter, Tensor factor) {
    Scalars own = scalars;
    Scalars scaled =
        new Scalars() {
          @Override
          public Tensor value(String name) {
            Tensor value = own.value(name);
            return name.equals(hyperparameter) ? value.mul(factor) : value;
          }

          @Override
          public Tensor complement(String name) {
            return own.complement(name);
          }

          @Override
          public Tensor constant(double value) {
            return own.constant(value);
          }

          @Override
          public Tensor t() {
            return own.t();
          }
        };
    return new Update(parameter, p, g, names, states, given, scaled, shared);
  }

  /**
   * What comes of it.
   *
   * @param value the parameter's new value, of its shape
   * @return the result, still without the state variables' new values, which {@link Updated#with}
   *     adds
   */
  public Updated to(Tensor value) {
    return new Updated(names, Nulls.check(value, "to: value"), given);
  }

  /**
   * What this parameter adds to sums over all parameters.
   *
   * @return no terms yet; {@link Terms#sum} and {@link Terms#with} add to it
   */
  public Terms terms() {
    return new Terms(names);
  }

  /** Names for a message. */
  static String list(List<String> names) {
    return names.isEmpty() ? "none" : String.join(", ", names);
  }
}

package io.hypertape.optim;

import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import java.util.List;
import java.util.StringJoiner;

/**
 * A first-order optimizer, described: its hyperparameters, what it remembers of each parameter, and
 * its update. Immutable; {@link Tower#bind} gives it parameters to work on. Since its
 * hyperparameters are tensors on the tape, any optimizer can tune any other.
 *
 * <p>To add one, implement this interface; docs/adding-an-optimizer.md shows how.
 */
public interface Optimizer {

  /**
   * The name in a tower's text.
   *
   * @return such as {@code adam}
   */
  String name();

  /**
   * This optimizer in a tower's text.
   *
   * @return such as {@code sgd(0.01, mu=0.9)}; name and all hyperparameters unless an
   *     implementation says otherwise
   */
  default String text() {
    StringJoiner text = new StringJoiner(", ", name() + "(", ")");
    for (Hyperparameter h : hyperparameters()) {
      text.add(h.name() + "=" + Arguments.number(h.initial()));
    }
    return text.toString();
  }

  /**
   * What can be tuned.
   *
   * @return the hyperparameters, in a fixed order
   */
  List<Hyperparameter> hyperparameters();

  /**
   * What is remembered of each parameter.
   *
   * @param shape the parameter's shape
   * @return the state variables, whose names differ; none unless an implementation says otherwise
   */
  default List<StateVariable> state(int[] shape) {
    Nulls.check(shape, "state: shape");
    return List.of();
  }

  /**
   * What all parameters of a level share and remember, such as a step size that is found from all
   * of them. It begins at the variables' initial numbers.
   *
   * @return the variables, whose names differ; none unless an implementation says otherwise
   */
  default List<StateVariable> shared() {
    return List.of();
  }

  /**
   * What a parameter adds to sums over all parameters, and states that are known before the sums
   * are. It runs for each parameter before {@link #share}, and as {@link #update} does.
   *
   * @param u value, gradient, state, what is shared, and hyperparameters by name
   * @return terms of the same sums for each parameter; none unless an implementation says otherwise
   */
  default Terms terms(Update u) {
    return Nulls.check(u, "terms: u").terms();
  }

  /**
   * The update of what is {@linkplain #shared shared}. It runs between the {@linkplain #terms
   * terms} of all parameters and the updates of all, if there is any to be updated.
   *
   * @param s sums and old values by name
   * @return a new value of each shared variable
   */
  default SharedUpdated share(SharedUpdate s) {
    Nulls.check(s, "share: s");
    throw new UnsupportedOperationException(
        name() + ": it has shared state, so it must say in share(…) what becomes of that");
  }

  /**
   * The weights that a model shall be judged and used by, where they are others than those that
   * gradients are taken at: a mean of earlier ones, or a point between. {@link
   * TowerOptimizer#evaluation} shows them, and closing leaves them.
   *
   * @param r a parameter between two updates
   * @return a tensor of the parameter's shape; {@code r.p()} unless an implementation says
   *     otherwise
   */
  default Tensor evaluation(Remembered r) {
    return Nulls.check(r, "evaluation: r").p();
  }

  /**
   * The update of one parameter. It runs while a step is recorded, and once when a tower is bound,
   * on values that are thrown away: it depends on nothing but what it reads, of which the
   * parameter's name and shape alone may decide what else it reads.
   *
   * @param u value, gradient, state and hyperparameters by name
   * @return the new value, and one of each state variable
   */
  Updated update(Update u);

  /**
   * Whether it updates a parameter.
   *
   * @param parameter the parameter's name
   * @return false if the parameter stays as it is; true unless an implementation says otherwise
   */
  default boolean updates(String parameter) {
    Nulls.check(parameter, "updates: parameter");
    return true;
  }

  /**
   * Names of parameters that must be there, as it has something of its own for each of them.
   *
   * @return none unless an implementation says otherwise
   */
  default List<String> parameters() {
    return List.of();
  }

  /**
   * Which hyperparameters are step sizes: a schedule multiplies them.
   *
   * @return their names; {@code alpha} unless an implementation says otherwise
   */
  default List<String> stepSizes() {
    return List.of("alpha");
  }

  /**
   * A tower of height one: this optimizer with fixed hyperparameters.
   *
   * @return the tower
   */
  default Tower tower() {
    return Tower.of(this);
  }

  /**
   * A tower in which another optimizer tunes this one's hyperparameters.
   *
   * @param above the tuning optimizer
   * @return a tower of height two
   */
  default Tower tunedBy(Optimizer above) {
    return tower().tunedBy(above);
  }

  /**
   * A tower in which a tower tunes this one's hyperparameters.
   *
   * @param above the tuning tower
   * @return a tower one level higher than that
   */
  default Tower tunedBy(Tower above) {
    return tower().tunedBy(above);
  }

  /**
   * Chooses which hyperparameters shall be tuned by what comes above; all, unless this is called.
   *
   * @param names names of this optimizer's hyperparameters
   * @return a tower of height one, to be followed by {@link Tower#tunedBy(Optimizer)}
   */
  default Tower tuning(String... names) {
    return tower().tuning(names);
  }

  /**
   * Lets what comes above move the logarithms of hyperparameters; see {@link Tower#inLog}.
   *
   * @param names names of this optimizer's hyperparameters, whose values are above 0
   * @return a tower of height one, to be followed by {@link Tower#tunedBy(Optimizer)}
   */
  default Tower inLog(String... names) {
    return tower().inLog(names);
  }

  /**
   * Lets what comes above move the logits of hyperparameters; see {@link Tower#inLogit}.
   *
   * @param names names of this optimizer's hyperparameters, whose values are between 0 and 1
   * @return a tower of height one, to be followed by {@link Tower#tunedBy(Optimizer)}
   */
  default Tower inLogit(String... names) {
    return tower().inLogit(names);
  }

  /**
   * Keeps a hyperparameter within bounds; see {@link Tower#within}.
   *
   * @param name its name
   * @param min the least effective value; −∞ for no bound
   * @param max the greatest effective value; ∞ for no bound
   * @return a tower of height one, to be followed by {@link Tower#tunedBy(Optimizer)}
   */
  default Tower within(String name, double min, double max) {
    return tower().within(name, min, max);
  }
}

package io.hypertape.optim;

import io.hypertape.autodiff.UpdateOp;
import java.util.List;

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
   * @return such as {@code sgd(0.01, mu=0.9)}
   */
  String text();

  /**
   * What can be tuned.
   *
   * @return the hyperparameters, in a fixed order
   */
  List<Hyperparameter> hyperparameters();

  /**
   * What is remembered of each parameter.
   *
   * @return the state variables, in the order that {@link #update} has them
   */
  List<StateVariable> state();

  /**
   * The update, from {@code [p, g, state…, operands…]} to {@code [p', state'…]}.
   *
   * @return the operation
   */
  UpdateOp update();

  /**
   * The scalar operands of one parameter's update.
   *
   * @param parameter the parameter's name
   * @return the operands in order; empty if this optimizer leaves the parameter as it is
   */
  List<Operand> operands(String parameter);

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
}

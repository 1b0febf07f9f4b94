package io.hypertape.optim;

import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import java.util.List;
import java.util.Map;

/**
 * The update of what all parameters of a level share, as an {@link Optimizer} finds it: the values
 * before it and sums over the parameters, by name, and hyperparameters.
 *
 * <pre>{@code
 * Tensor squares = s.shared("squares").add(s.sum("squares"));
 * return s.with("squares", squares);
 * }</pre>
 */
public final class SharedUpdate {

  private final SharedState shared;
  private final Map<String, Tensor> sums;
  private final Update.Scalars scalars;

  SharedUpdate(SharedState shared, Map<String, Tensor> sums, Update.Scalars scalars) {
    this.shared = shared;
    this.sums = sums;
    this.scalars = scalars;
  }

  /**
   * What is remembered from the last update.
   *
   * @param name one of {@link Optimizer#shared}
   * @return a tensor of its shape, which is detached
   * @throws IllegalArgumentException if there is none of that name
   */
  public Tensor shared(String name) {
    return shared.before(Nulls.check(name, "shared: name"));
  }

  /**
   * A sum over the parameters that this update changes: not over frozen ones.
   *
   * @param name what {@link Terms#sum} called its terms
   * @return a tensor of the terms' shape
   * @throws IllegalArgumentException if there is none of that name
   */
  public Tensor sum(String name) {
    Tensor sum = sums.get(Nulls.check(name, "sum: name"));
    if (sum == null) {
      throw new IllegalArgumentException(
          "it reads sum '" + name + "'; its terms give " + Update.list(List.copyOf(sums.keySet())));
    }
    return sum;
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
   * 1 − a hyperparameter's effective value; see {@link Update#complement}.
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
   * The number of this update.
   *
   * @return a tensor of one element, 1 in the first update
   */
  public Tensor t() {
    return scalars.t();
  }

  /**
   * A quotient, or something else where the denominator is 0, through which no derivative passes
   * then.
   */
  static Tensor quotient(Tensor numerator, Tensor denominator, Tensor otherwise) {
    Tensor isZero = denominator.detach().equalTo(0);
    return Tensor.where(isZero, otherwise, numerator.div(denominator.add(isZero)));
  }

  /**
   * A first new value.
   *
   * @param name one of {@link Optimizer#shared}
   * @param newValue a tensor of its shape; the updates of the parameters differentiate through it,
   *     later ones do not
   * @return the result, to which {@link SharedUpdated#with} adds the others
   * @throws IllegalArgumentException if there is none of that name
   */
  public SharedUpdated with(String name, Tensor newValue) {
    return new SharedUpdated(shared.names()).with(name, newValue);
  }
}

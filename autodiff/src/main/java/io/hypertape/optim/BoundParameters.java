package io.hypertape.optim;

import static io.hypertape.autodiff.access.Internals.INTERNALS;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import java.util.List;

/** What an optimizer is asked to work on, as it can work on it. */
final class BoundParameters {

  private BoundParameters() {}

  /** Each parameter once, in the order in which they first come. */
  static List<Parameter> of(Session session, List<Parameter> parameters) {
    if (parameters.isEmpty()) {
      throw new IllegalArgumentException("a tower needs at least one parameter to work on");
    }
    List<Parameter> each = parameters.stream().distinct().toList();
    for (Parameter parameter : each) {
      if (parameter.session() != session) {
        throw new IllegalArgumentException(
            "parameter "
                + parameter
                + " belongs to another session than the one that the tower is bound in; bind a"
                + " model in the session that it was created in");
      }
      // A value on a tape is an optimizer's; one that was only set is committed.
      if (INTERNALS.tracked(parameter).isTracked()) {
        throw new IllegalStateException(
            "parameter "
                + parameter
                + " is at work in another optimizer; close that one first, and the parameter"
                + " keeps its value");
      }
    }
    each.forEach(INTERNALS::commit);
    return each;
  }
}

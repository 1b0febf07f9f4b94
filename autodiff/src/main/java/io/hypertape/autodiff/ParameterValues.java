package io.hypertape.autodiff;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a session's parameters are worth at the moment: what stands for their values during some
 * work, else their leaves on the current tape, else what is stored. What another tape than the
 * current one tracks is told without its history.
 */
final class ParameterValues {

  private final Session session;
  // The last one counts most.
  private final List<ParameterMap> substitutes = new ArrayList<>();

  ParameterValues(Session session) {
    this.session = session;
  }

  Tensor of(Parameter parameter, Tensor stored) {
    if (!session.isOwner()) {
      return stored.isTracked() ? stored.detach() : stored;
    }
    Tape tape = session.scopes().currentTape();
    Tensor value = substitute(parameter);
    if (value == null && tape != null) {
      value = tape.leaf(parameter);
    }
    if (value == null) {
      value = stored;
    }
    Tensor read = value.tape() == null || value.tape() == tape ? value : value.detach();
    OutputLog log = session.funnel().operationLog();
    if (log != null && value == stored && !read.isTracked()) {
      log.isRead(parameter, read);
    }
    return read;
  }

  /** Null if there is none. */
  private Tensor substitute(Parameter parameter) {
    for (int i = substitutes.size() - 1; i >= 0; i--) {
      Tensor found = substitutes.get(i).find(parameter);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  <T> T during(ParameterMap values, Supplier<T> work) {
    session.checkThread();
    substitutes.add(values);
    try {
      return work.get();
    } finally {
      substitutes.removeLast();
    }
  }
}

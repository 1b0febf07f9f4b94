package io.hypertape.optim;

import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.Workspace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Storage of the steps whose inputs have one form: the inputs, and two workspaces that forward and
 * backward passes use in turn, as a step still reads the gradients of the one before it.
 */
final class StepSpace {

  private final Workspace[] bodies;
  private final List<Tensor> inputs = new ArrayList<>();
  private Input[] made = {};
  private final Map<Before, RecordedStep> recorded = new HashMap<>();

  /** What a step finds, as far as its storage depends on it. */
  private record Before(int parity, StepSpace previous) {}

  StepSpace(Session session) {
    bodies = new Workspace[] {session.workspace(), session.workspace()};
  }

  /** Creates the inputs, in a scope that lives as long as the optimizer. */
  void create(Session session, Scope lifetime, Input[] values) {
    made = values.clone();
    lifetime.resume();
    try {
      for (Input input : values) {
        inputs.add(input.create(session));
      }
    } finally {
      lifetime.suspend();
    }
  }

  /** Whether such inputs have their place here. */
  boolean fits(Input[] values) {
    if (values.length != made.length) {
      return false;
    }
    for (int i = 0; i < values.length; i++) {
      if (!values[i].isLike(made[i])) {
        return false;
      }
    }
    return true;
  }

  void overwrite(Session session, Input[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i].overwrite(session, inputs.get(i));
    }
  }

  List<Tensor> inputs() {
    return inputs;
  }

  Workspace body(int parity) {
    return bodies[parity];
  }

  /** The step that follows one of another space at this parity. */
  RecordedStep after(StepSpace previous, int parity) {
    return recorded.computeIfAbsent(new Before(parity, previous), unused -> new RecordedStep());
  }

  void close() {
    recorded.values().forEach(RecordedStep::close);
    for (Workspace body : bodies) {
      body.close();
    }
  }
}

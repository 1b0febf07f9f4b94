package io.hypertape.optim;

import static io.hypertape.autodiff.access.Internals.INTERNALS;

import io.hypertape.autodiff.Session;
import io.hypertape.checks.Failures;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What an optimizer may be asked when: one thing at a time, and nothing once it is closed. */
final class OptimizerLife {

  private final Session session;
  private final TowerRunner runner;
  private final EvaluationWeights.Shown evaluation;
  private volatile boolean closed;
  // Another thread wants this closed.
  private volatile boolean closing;
  private boolean stepping;

  OptimizerLife(TowerRunner runner, EvaluationWeights.Shown evaluation) {
    this.session = runner.session();
    this.runner = runner;
    this.evaluation = evaluation;
  }

  /** Changes what a step begins with, which a loss, a hook or an inspection must not. */
  <T> T working(String what, Supplier<T> work) {
    return between(
        what,
        () -> {
          evaluation.check(what);
          return work.get();
        });
  }

  /** Does what a loss, a hook or an inspection must not ask for. */
  <T> T between(String what, Supplier<T> work) {
    checkOpen(what);
    checkNotStepping(what);
    return uninterrupted(work);
  }

  private void checkNotStepping(String what) {
    if (stepping) {
      throw new IllegalStateException(
          what + ": this optimizer is in the midst of a step, whose loss, hook or inspection asks");
    }
  }

  /** Does what must not be interrupted by a closing that another thread asks for. */
  <T> T uninterrupted(Supplier<T> work) {
    boolean before = stepping;
    stepping = true;
    try {
      return work.get();
    } finally {
      stepping = before;
    }
  }

  void checkOpen(String what) {
    // First: what another thread must not do has then begun nowhere.
    INTERNALS.checkOwner(session);
    if (closing && !stepping) {
      close();
    }
    if (closed) {
      throw new IllegalStateException(what + ": this optimizer is closed");
    }
    runner.standstill().check();
  }

  /** See {@link TowerOptimizer#close}. */
  void close() {
    if (closed) {
      return;
    }
    if (!session.isClosed() && !INTERNALS.isOwner(session)) {
      closing = true;
      INTERNALS.later(session, this::closeBetweenSteps);
      return;
    }
    if (!session.isClosed()) {
      checkNotStepping("close");
      // First: if it fails, closing can be tried again, and no parameter has lost its value.
      evaluation.commit();
    }
    closed = true;
    if (session.isClosed()) {
      return;
    }
    List<Runnable> parts = new ArrayList<>(List.of(runner::close));
    parts.addAll(runner.storage().parts());
    Failures.joined(parts);
  }

  private void closeBetweenSteps() {
    if (!stepping) {
      close();
    }
  }
}

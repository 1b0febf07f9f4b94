package io.hypertape.benchmarks.study;

import io.hypertape.autodiff.Session;
import io.hypertape.benchmarks.parts.Conditions;
import java.util.function.Supplier;

/**
 * Runs a part to its end.
 *
 * @param sessions opens one
 */
record WholeRun(Supplier<Session> sessions) implements Conditions {

  @Override
  public Session open() {
    return sessions.get();
  }

  @Override
  public boolean stops() {
    return false;
  }

  @Override
  public void step() {}
}

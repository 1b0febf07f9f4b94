package io.hypertape.benchmarks.study;

import io.hypertape.autodiff.Session;
import java.util.Map;

/** A task that is never begun. */
record FakeTask(String name, Half half) implements Task {

  @Override
  public String title() {
    return "the task " + name;
  }

  @Override
  public Map<String, String> key() {
    return Map.of("model", name);
  }

  @Override
  public long steps() {
    return 10;
  }

  @Override
  public double stepSeconds() {
    return 1e-3;
  }

  @Override
  public Quality quality() {
    return Quality.error(10);
  }

  @Override
  public Trial begin(Session session, long seed) {
    throw new UnsupportedOperationException(name);
  }
}

package io.hypertape.optim;

import io.hypertape.checks.Failures;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Recordings of steps that find the same buffers. They are worth making once a step has found all
 * its storage in place; and there are several if what else they read comes to lie in several
 * places, as parameters of another optimizer do, which changes them from one to the other.
 */
final class RecordedSteps implements AutoCloseable {

  private static final int MAX = 8;

  private @Nullable Storage seen;
  private final List<RecordedStep> recorded = new ArrayList<>();

  /** Versions of the five workspaces that a step uses. */
  record Storage(long update, long nextUpdate, long body, long previousBody, long inputs) {}

  /** The recording of a step from a state; null if there is none. */
  @Nullable RecordedStep find(Storage now, TowerState state) {
    if (!now.equals(seen)) {
      return null;
    }
    for (int i = 0; i < recorded.size(); i++) {
      if (recorded.get(i).isOf(state)) {
        return recorded.get(i);
      }
    }
    return null;
  }

  /** Whether that is the storage, beside the updates', that a step was seen on. */
  boolean isOn(long body, long previousBody, long inputs) {
    return seen != null
        && seen.body() == body
        && seen.previousBody() == previousBody
        && seen.inputs() == inputs;
  }

  /** Whether a step has run on this storage before, so that the next one allocates nothing. */
  boolean isWarm(Storage now) {
    return now.equals(seen);
  }

  void warm(Storage now) {
    close();
    seen = now;
  }

  void add(RecordedStep step) {
    if (recorded.size() == MAX) {
      recorded.removeFirst().close();
    }
    recorded.add(step);
  }

  @Override
  public void close() {
    List<RecordedStep> closed = List.copyOf(recorded);
    recorded.clear();
    seen = null;
    Failures.joined(closed.stream().<Runnable>map(step -> step::close).toList());
  }
}

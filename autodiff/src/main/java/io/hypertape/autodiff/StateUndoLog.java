package io.hypertape.autodiff;

import io.hypertape.autodiff.internal.UndoLog;
import io.hypertape.checks.Failures;
import io.hypertape.checks.Nulls;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What some work changes beside what it returns, so that it can be undone: values of {@link
 * Buffer}s and places of {@link DropoutCounter}s. What the work itself read before it wrote is
 * still where it was read to, so that mostly nothing need be copied. If the work was recorded, each
 * replay leaves its own values there, and that replay can be undone.
 */
final class StateUndoLog implements UndoLog {

  private final Session session;
  private final Scope scope;
  private final Map<Buffer, Tensor> read = new LinkedHashMap<>();
  private final Map<Buffer, Written> before = new LinkedHashMap<>();
  private final List<Drawn> masks = new ArrayList<>();

  /** A value as it was, and the place in a recording from which on it is another. */
  private record Written(Tensor copy, int at) {}

  /** A mask, and its place in a recording. */
  private record Drawn(DropoutCounter counter, int at) {}

  StateUndoLog(Session session, Scope scope) {
    this.session = session;
    this.scope = scope;
  }

  @Override
  public <T> T during(Supplier<T> work) {
    Nulls.check(work, "undo log: work");
    StateUndoLog outer = session.funnel().setUndoLog(this);
    try {
      return work.get();
    } finally {
      session.funnel().setUndoLog(outer);
    }
  }

  /** A copy of the value is there; of use if it lives as long as this log. */
  void isRead(Buffer tensor, Tensor copy) {
    if (copy.scope() == scope && !before.containsKey(tensor)) {
      read.putIfAbsent(tensor, copy);
    }
  }

  /** The value is about to be changed. */
  void isWritten(Buffer tensor) {
    if (!before.containsKey(tensor)) {
      Tensor copy = read.get(tensor);
      int at = session.backend().recorded();
      before.put(tensor, new Written(copy != null ? copy : tensor.copyIn(scope), at));
    }
  }

  void isDrawn(DropoutCounter counter, int at) {
    masks.add(new Drawn(counter, at));
  }

  @Override
  public void undo() {
    undo(Integer.MAX_VALUE);
  }

  private static void moveBack(DropoutCounter counter, int masks) {
    // Read once: it is another count as soon as it is set.
    long[] before = new long[1];
    Failures.insistently(() -> before[0] = (counter.count() - masks) & 0xFFFFFFFFL);
    Failures.insistently(() -> counter.set(before[0]));
  }

  @Override
  public void undo(int completed) {
    List<Runnable> parts = new ArrayList<>();
    before.forEach(
        (tensor, written) -> {
          if (written.at() < completed) {
            parts.add(() -> Failures.insistently(() -> tensor.write(written.copy())));
          }
        });
    Map<DropoutCounter, Integer> drawn = new LinkedHashMap<>();
    for (Drawn mask : masks) {
      if (mask.at() < completed) {
        drawn.merge(mask.counter(), 1, Integer::sum);
      }
    }
    drawn.forEach((counter, count) -> parts.add(() -> moveBack(counter, count)));
    Failures.joined(parts);
  }
}

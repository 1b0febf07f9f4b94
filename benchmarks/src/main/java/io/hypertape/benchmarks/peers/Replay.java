package io.hypertape.benchmarks.peers;

import static io.hypertape.autodiff.access.Internals.INTERNALS;

import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tape;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.backend.Recording;
import io.hypertape.autodiff.internal.Workspace;
import java.util.List;
import java.util.function.Function;

/**
 * Work that was recorded once, as training steps are, and is replayed on the same storage. It is
 * its session's current scope while it is open.
 */
final class Replay implements AutoCloseable {

  private final Workspace workspace;
  private final Tape tape;
  private final Recording recording;
  private List<Tensor> results = List.of();

  /** Records what a function computes on its tape of tensors that live longer. */
  Replay(Session session, Function<Tape, List<Tensor>> work) {
    workspace = INTERNALS.workspace(session);
    // Once, so that its storage is there.
    try (Tape first = INTERNALS.tape(session, workspace)) {
      work.apply(first);
    }
    tape = INTERNALS.tape(session, workspace);
    recording = INTERNALS.record(session, () -> results = work.apply(tape));
  }

  void run() {
    recording.replay();
  }

  /** As the last replay left them. */
  List<Tensor> results() {
    return results;
  }

  @Override
  public void close() {
    recording.close();
    tape.close();
    workspace.close();
  }
}

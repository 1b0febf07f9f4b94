package io.hypertape.autodiff.cpu;

import io.hypertape.autodiff.backend.Recording;
import java.util.ArrayList;
import java.util.List;

/** Calls of kernels with their operands, in order. */
final class CpuRecording implements Recording {

  private final List<Runnable> calls = new ArrayList<>();
  private int completed;
  private boolean closed;

  void add(Runnable call) {
    calls.add(call);
  }

  @Override
  public void replay() {
    if (closed) {
      throw new IllegalStateException("replay: this recording is closed");
    }
    completed = 0;
    for (Runnable call : calls) {
      call.run();
      completed++;
    }
  }

  @Override
  public int completed() {
    return completed;
  }

  @Override
  public int operations() {
    return calls.size();
  }

  @Override
  public void close() {
    closed = true;
    calls.clear();
  }
}

package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.Buffer;
import io.hypertape.autodiff.backend.DType;
import java.util.ArrayList;
import java.util.List;

/**
 * Lifetime of what is computed while it is the session's current scope: closing it gives the
 * storage of those tensors back for reuse, and using one of them afterwards is an error. A scope
 * that is no {@link Tape} records nothing: use one to evaluate a model.
 */
public class Scope implements AutoCloseable {

  private final Session session;
  private final List<Buffer> buffers = new ArrayList<>();
  private boolean closed;

  Scope(Session session) {
    this.session = session;
  }

  final Buffer allocate(DType type, int size) {
    Buffer buffer = session.pool().take(type, size);
    buffers.add(buffer);
    return buffer;
  }

  final Session session() {
    return session;
  }

  final boolean isClosed() {
    return closed;
  }

  /** Makes this scope the current one again, after {@link #suspend}. */
  public final void resume() {
    session.checkThread();
    if (closed) {
      throw new IllegalStateException("this scope is closed");
    }
    session.push(this);
  }

  /** Stops being the current scope, without freeing anything: what was computed stays usable. */
  public final void suspend() {
    session.checkThread();
    session.remove(this);
  }

  /**
   * Gives the storage of everything computed in this scope back to the session. Closing twice does
   * nothing.
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    session.checkThread();
    closed = true;
    session.remove(this);
    for (Buffer buffer : buffers) {
      session.pool().give(buffer);
    }
    buffers.clear();
  }
}

package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.Storage;
import io.hypertape.tensor.DType;
import java.util.ArrayList;
import java.util.List;

/**
 * Lifetime of what is computed while it is the session's current scope: closing it gives the
 * storage of those tensors back for reuse, and using one of them afterwards is an error. A scope
 * that is no {@link Tape} records nothing: use one to evaluate a model.
 */
public class Scope implements AutoCloseable {

  private final Session session;
  // Made when the first one comes: many scopes only tell how long something may be used.
  private List<Storage> buffers = List.of();
  private StorageSource source;
  // Set if the storage is given back when nobody can reach this any more.
  private Lifetimes.Holder watched;
  private boolean isHome;
  private boolean closed;

  Scope(Session session) {
    this.session = session;
  }

  final Storage allocate(DType type, int size) {
    if (source != null) {
      return source.take(type, size);
    }
    Storage buffer = session.pool().take(type, size);
    if (buffers.isEmpty()) {
      buffers = new ArrayList<>();
    }
    buffers.add(buffer);
    return buffer;
  }

  /** Takes storage from a workspace from here on, beginning at its first slot. */
  final void takeFrom(SlotWorkspace storage) {
    session.checkThread();
    storage.rewind();
    source = storage;
  }

  /** Takes storage from elsewhere from here on. */
  final void takeFrom(StorageSource elsewhere) {
    source = elsewhere;
  }

  /** A tensor's value for as long as this is open. */
  final Tensor show(Tensor tensor) {
    return tensor.lookFrom(this);
  }

  final Session session() {
    return session;
  }

  final boolean isClosed() {
    return closed || session.isClosed();
  }

  /** Makes this the scope of one tensor, outside of all others. */
  final void belongToWhoReachesIt() {
    isHome = true;
    watch();
  }

  /** What a tensor of this is used after. */
  final String end() {
    return isHome
        ? "what it belongs to, such as a model, was closed"
        : "the scope that it was computed in was closed";
  }

  /** From now on, who forgets to close this does not keep its storage from others. */
  final void watch() {
    if (watched == null && !buffers.isEmpty()) {
      watched = session.lifetimes().add(this, List.of(buffers));
    }
  }

  /** Makes this scope the current one again, after {@link #suspend}. */
  public final void resume() {
    session.checkThread();
    if (closed) {
      throw new IllegalStateException("this scope is closed");
    }
    session.scopes().push(this);
  }

  /** Stops being the current scope, without freeing anything: what was computed stays usable. */
  public final void suspend() {
    session.checkThread();
    session.scopes().remove(this);
    watch();
  }

  /**
   * Gives the storage of everything computed in this scope back to the session. Closing twice does
   * nothing.
   */
  @Override
  public void close() {
    if (isClosed()) {
      closed = true;
      return;
    }
    session.checkThread();
    closed = true;
    session.scopes().remove(this);
    if (watched != null) {
      session.lifetimes().giveBack(watched);
    } else {
      buffers.forEach(session.pool()::give);
    }
    buffers = List.of();
  }
}

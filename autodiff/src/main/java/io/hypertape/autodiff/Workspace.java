package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.Buffer;
import io.hypertape.autodiff.backend.DType;
import java.util.ArrayList;
import java.util.List;

/**
 * Storage that is used in the same order each time: the k-th tensor of a scope over it lies where
 * the k-th tensor of the scope before lay, if type and size are the same. So a loop whose passes do
 * the same allocates nothing, and works on the same storage in each pass, which is what makes its
 * work recordable. Two scopes that are alive together need a workspace each.
 */
public final class Workspace implements AutoCloseable {

  private final Session session;
  private final BufferPool pool;
  private final List<Buffer> slots = new ArrayList<>();
  private int next;
  private long version;

  Workspace(Session session) {
    this.session = session;
    this.pool = session.pool();
  }

  /** From the first slot on again; what was computed there will be overwritten. */
  void rewind() {
    next = 0;
  }

  Buffer take(DType type, int size) {
    // Memory first: if there is too little, all stays as it was.
    if (next == slots.size()) {
      slots.add(pool.take(type, size));
      version++;
      return slots.get(next++);
    }
    Buffer held = slots.get(next);
    if (held.type() == type && held.size() == size) {
      next++;
      return held;
    }
    Buffer fitting = pool.take(type, size);
    version++;
    slots.set(next++, fitting);
    pool.give(held);
    return fitting;
  }

  /**
   * Tells whether the storage is still what it was.
   *
   * @return a number that grows whenever a slot is added or changed
   */
  public long version() {
    return version;
  }

  /** Gives the storage back to the session. Closing twice does nothing. */
  @Override
  public void close() {
    version++;
    slots.forEach(pool::give);
    slots.clear();
    next = 0;
    session.forget(this);
  }
}

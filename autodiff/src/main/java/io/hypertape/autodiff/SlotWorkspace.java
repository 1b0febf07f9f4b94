package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.Storage;
import io.hypertape.autodiff.internal.Workspace;
import io.hypertape.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A workspace of slots by type and number, each of which is replaced by a larger one where it is
 * too small for what comes.
 */
final class SlotWorkspace implements Workspace, StorageSource {

  private final Session session;
  private final StoragePool pool;
  // By type, as work on less data may make them in another order.
  private final List<List<Storage>> slots = new ArrayList<>();
  private final int[] next = new int[DType.values().length];
  private final Lifetimes.Holder holder;
  private long version;
  private boolean closed;

  SlotWorkspace(Session session) {
    this.session = session;
    this.pool = session.pool();
    for (int i = 0; i < next.length; i++) {
      slots.add(new ArrayList<>());
    }
    holder = session.lifetimes().add(this, slots);
  }

  /** From the first slots on again; what was computed there will be overwritten. */
  void rewind() {
    if (closed) {
      throw new IllegalStateException("this workspace is closed");
    }
    Arrays.fill(next, 0);
  }

  @Override
  public Storage take(DType type, int size) {
    List<Storage> ofType = slots.get(type.ordinal());
    int at = next[type.ordinal()];
    Storage held = at < ofType.size() ? ofType.get(at) : null;
    if (held == null || held.size() < size) {
      // Memory first: if there is too little, all stays as it was.
      Storage fitting = pool.take(type, size);
      version++;
      if (held == null) {
        ofType.add(fitting);
      } else {
        ofType.set(at, fitting);
        pool.give(held);
      }
      held = fitting;
    }
    next[type.ordinal()]++;
    return held;
  }

  @Override
  public long version() {
    return version;
  }

  @Override
  public void close() {
    if (session.isClosed() || closed) {
      return;
    }
    session.checkThread();
    closed = true;
    version++;
    session.lifetimes().giveBack(holder);
  }
}

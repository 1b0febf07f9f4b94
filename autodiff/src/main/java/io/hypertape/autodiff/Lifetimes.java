package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.Storage;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What a session does for others: it takes the storage back of those who can no longer be reached,
 * and does what other threads have asked for, such as closing. All that happens between operations,
 * on the session's thread.
 */
final class Lifetimes {

  /** How long references take to be found after a collection. */
  private static final long PATIENCE_MILLIS = 50;

  private final Thread owner = Thread.currentThread();
  private final StoragePool pool;
  private final ReferenceQueue<Object> dropped = new ReferenceQueue<>();
  private final Set<Holder> holders = new HashSet<>();
  private final Queue<Runnable> asked = new ConcurrentLinkedQueue<>();

  /** Storage that something holds until it is closed, or can no longer be reached. */
  static final class Holder extends PhantomReference<Object> {
    private final List<List<Storage>> storage;

    private Holder(Object holder, ReferenceQueue<Object> queue, List<List<Storage>> storage) {
      super(holder, queue);
      this.storage = storage;
    }
  }

  Lifetimes(StoragePool pool) {
    this.pool = pool;
  }

  /** Storage of lists that may still grow and shrink. */
  Holder add(Object holder, List<List<Storage>> storage) {
    Holder added = new Holder(holder, dropped, storage);
    holders.add(added);
    return added;
  }

  /** Gives the storage back now, unless that has been done. */
  void giveBack(Holder holder) {
    if (holders.remove(holder)) {
      holder.storage.forEach(buffers -> buffers.forEach(pool::give));
    }
  }

  boolean isOwner() {
    return Thread.currentThread() == owner;
  }

  void checkOwner() {
    if (Thread.currentThread() != owner) {
      throw new IllegalStateException(
          "this session belongs to thread '"
              + owner.getName()
              + "' and is used by thread '"
              + Thread.currentThread().getName()
              + "'; open one session a thread");
    }
  }

  /** From any thread: does something now, if this is the session's, or when that settles next. */
  void later(Runnable action) {
    if (isOwner()) {
      action.run();
    } else {
      asked.add(action);
    }
  }

  /** To be called where no operation is under way: its operands may be reached by it alone. */
  void settle() {
    for (Runnable action = asked.poll(); action != null; action = asked.poll()) {
      try {
        action.run();
      } catch (RuntimeException e) {
        // Not the fault of whoever works with the session now.
        Log.warn(Lifetimes.class, "what another thread has asked for failed", e);
      }
    }
    for (Object holder = dropped.poll(); holder != null; holder = dropped.poll()) {
      giveBack((Holder) holder);
    }
  }

  /** Whether anything has become unreachable, for which the garbage collector is asked to look. */
  boolean collect() {
    if (holders.isEmpty()) {
      return false;
    }
    System.gc();
    boolean found = false;
    try {
      for (Object holder = dropped.remove(PATIENCE_MILLIS);
          holder != null;
          holder = dropped.remove(1)) {
        giveBack((Holder) holder);
        found = true;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return found;
  }
}

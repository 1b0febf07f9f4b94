package io.hypertape.kernels.lanes;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that help with calls of {@link Workers}, whoever's they are: not more than the largest of
 * these wants, nor than there are processors beside the caller's. A call is tens of microseconds,
 * less than waking a parked thread takes, so helpers spin for a while after each before they park.
 * One that nobody has called for some seconds ends, and the next call starts another: so they do
 * not outlive callers who have forgotten to close.
 */
final class Helpers {

  /** Those of this JVM. */
  static final Helpers JVM = new Helpers(Integer.MAX_VALUE, TimeUnit.SECONDS.toNanos(5));

  /** About 50 µs of spinning on the machines at hand. */
  private static final int SPINS = 2_000;

  private final int most;
  private final long idleNanos;
  private int users;
  private volatile Helper[] all = {};

  /**
   * No threads yet.
   *
   * @param most helpers; where that is not said, one a processor but the caller's
   * @param idleNanos how long a thread waits for a call
   */
  Helpers(int most, long idleNanos) {
    this.most = most;
    this.idleNanos = idleNanos;
  }

  /** Someone opens workers that can use so many. */
  synchronized void enter(int wanted) {
    users++;
    // Asked each time: a container's limit may change.
    int limit = most < Integer.MAX_VALUE ? most : Runtime.getRuntime().availableProcessors() - 1;
    int before = all.length;
    int now = Math.min(wanted, limit);
    if (now > before) {
      Helper[] more = Arrays.copyOf(all, now);
      for (int i = before; i < now; i++) {
        more[i] = new Helper(i);
      }
      all = more;
    }
  }

  /** They are closed. */
  synchronized void leave() {
    users--;
    if (users == 0) {
      for (Helper helper : all) {
        helper.isEnding = true;
        LockSupport.unpark(helper.thread);
      }
      all = new Helper[0];
    }
  }

  /** Calls so many to a call that is under way, if they have no other. */
  void invite(Workers workers, int wanted) {
    int left = wanted;
    for (Helper helper : all) {
      if (left == 0) {
        return;
      }
      if (helper.join(workers)) {
        left--;
      }
    }
  }

  /** A place for a thread, which is there as long as there are calls. */
  private final class Helper implements Runnable {
    private final int index;

    /** Whom it helps; nobody's while this is null. */
    private final AtomicReference<Workers> whom = new AtomicReference<>();

    private final AtomicBoolean isRunning = new AtomicBoolean();
    private volatile boolean isParked;
    private volatile boolean isEnding;
    private volatile Thread thread;

    Helper(int index) {
      this.index = index;
    }

    /** On a caller's thread; false if this has another call. */
    boolean join(Workers workers) {
      Workers before = whom.get();
      if (before != null) {
        // One that is about to leave looks once more whether it is called again.
        return before == workers;
      }
      if (!whom.compareAndSet(null, workers)) {
        return false;
      }
      if (!isRunning.get() && isRunning.compareAndSet(false, true)) {
        start();
      } else if (isParked) {
        LockSupport.unpark(thread);
      }
      return true;
    }

    private void start() {
      try {
        // It outlives the caller's programs in an application server, so it takes nothing of
        // theirs.
        Thread fresh =
            Thread.ofPlatform()
                .name("hypertape-kernel-" + (index + 1))
                .daemon()
                .inheritInheritableThreadLocals(false)
                .unstarted(this);
        fresh.setContextClassLoader(null);
        thread = fresh;
        fresh.start();
      } catch (Error e) {
        // The machine has no room for one more thread, or the caller's stack none for its start:
        // callers do all parts themselves.
        whom.set(null);
        isRunning.set(false);
      }
    }

    @Override
    public void run() {
      do {
        thread = Thread.currentThread();
        while (await()) {
          help();
        }
        isRunning.set(false);
        // A call that came before that has seen a thread, and relies on it.
      } while (whom.get() != null && isRunning.compareAndSet(false, true));
    }

    private void help() {
      Workers workers = whom.get();
      int number;
      do {
        number = workers.call();
        workers.help(index, number);
        if (workers.call() == number) {
          whom.set(null);
        }
      } while (workers.call() != number
          && (whom.get() == workers || whom.compareAndSet(null, workers)));
    }

    /** Waits for a call; false if none comes for long. */
    private boolean await() {
      long idleSince = 0;
      for (int spin = 0; whom.get() == null; spin++) {
        if (spin < SPINS && !isEnding) {
          Thread.onSpinWait();
          continue;
        }
        long now = System.nanoTime();
        idleSince = idleSince == 0 ? now : idleSince;
        long left = idleSince + idleNanos - now;
        if (isEnding || left <= 0) {
          return false;
        }
        isParked = true;
        if (whom.get() == null && !isEnding) {
          LockSupport.parkNanos(Helpers.this, left);
        }
        isParked = false;
      }
      return true;
    }
  }
}

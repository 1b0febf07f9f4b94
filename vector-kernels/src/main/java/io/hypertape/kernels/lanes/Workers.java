package io.hypertape.kernels.lanes;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A few threads that share one caller's large calls. A call is tens of microseconds, less than
 * waking a parked thread takes, so workers spin for a while after each before they park. A thread
 * that nobody has called for some seconds ends, and the next call starts another: so they do not
 * outlive one who has forgotten to close this. One call is under way at a time; closing is for any
 * thread, and a call that is under way then is done to its end.
 */
public final class Workers implements AutoCloseable {

  /** About 50 µs of spinning on the machines at hand. */
  private static final int SPINS = 2_000;

  /** A part of a call; parts run at the same time. */
  public interface Task {
    void run(int part, int parts);
  }

  /** A piece of a row. */
  public interface Range {
    void run(int from, int length);
  }

  /** Elements below which a row stays on the caller's thread. */
  private static final int PARALLEL_ROW = 1 << 16;

  /** What pieces of a row are whole ones of: a multiple of all vectors' lengths. */
  private static final int LINE = 64;

  /** How long a thread waits for the next call. */
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Worker[] helpers;
  private final long idleNanos;
  private final AtomicInteger running = new AtomicInteger();
  private volatile Task task;
  // Of the call that is under way; taken by it in the end.
  private volatile Throwable failure;
  private volatile boolean closed;

  public Workers(int threads) {
    this(threads, IDLE_NANOS);
  }

  public Workers(int threads, long idleNanos) {
    this.idleNanos = idleNanos;
    helpers = new Worker[threads - 1];
    for (int i = 0; i < helpers.length; i++) {
      helpers[i] = new Worker(i + 1);
    }
  }

  /** Threads, the caller's included. */
  public int count() {
    return helpers.length + 1;
  }

  /** Whether a row is worth a second thread. */
  public boolean shares(int n) {
    return n >= PARALLEL_ROW && helpers.length > 0;
  }

  /** Runs pieces of a row on every thread: whole vectors each, but for the last one's rest. */
  public void split(int n, Range range) {
    run(
        (part, parts) -> {
          int from = edge(n, LINE, part, parts);
          range.run(from, edge(n, LINE, part + 1, parts) - from);
        });
  }

  /**
   * Where a part of n things begins that come in units, of which each part gets whole ones. The
   * last part ends where one behind it would begin.
   *
   * @param n how many things
   * @param unit things of a unit
   * @param part the part, from 0; or parts, for the end
   * @param parts how many parts
   * @return the first thing of the part, at most n
   */
  public static int edge(int n, int unit, int part, int parts) {
    long units = Math.ceilDiv(n, unit);
    return (int) Math.min(n, units * part / parts * unit);
  }

  /**
   * Runs a part on every thread and returns when all are done, or have failed: then with the
   * caller's own failure, or else the first of the others', which carries the rest.
   *
   * @throws IllegalStateException if another thread's part failed, with that as its cause; or if
   *     this is closed, or in the midst of a call already: then nothing is run
   */
  public void run(Task work) {
    if (closed) {
      throw new IllegalStateException("these kernels are closed: their threads have ended");
    }
    if (task != null) {
      throw new IllegalStateException(
          "these kernels' threads are in a call already; kernels are one thread's at a time");
    }
    task = work;
    running.set(helpers.length);
    for (Worker helper : helpers) {
      helper.go();
    }
    try {
      work.run(0, count());
      for (Worker helper : helpers) {
        helper.standIn(work);
      }
    } catch (Throwable t) {
      Throwable others = end();
      if (others != null && others != t) {
        t.addSuppressed(others);
      }
      throw t;
    }
    Throwable problem = end();
    if (problem != null) {
      throw new IllegalStateException("a kernel's worker thread failed", problem);
    }
  }

  /** Waits for the other parts; what failed there, or null. */
  private Throwable end() {
    while (running.get() > 0) {
      Thread.onSpinWait();
    }
    task = null;
    Throwable problem = failure;
    if (problem != null) {
      failure = null;
    }
    return problem;
  }

  private synchronized void fail(Throwable problem) {
    if (failure == null) {
      failure = problem;
    } else if (failure != problem) {
      failure.addSuppressed(problem);
    }
  }

  /**
   * Ends the threads, each when it has done its part of the call that runs. Closing twice is
   * harmless.
   */
  @Override
  public void close() {
    closed = true;
    for (Worker helper : helpers) {
      LockSupport.unpark(helper.thread);
    }
  }

  /** A part of every call, and a thread for it as long as there are calls. */
  private final class Worker implements Runnable {
    private final int part;
    // Calls that this has done its part of; its thread's own, handed over with isRunning.
    private int done;
    private volatile int wanted;
    private volatile boolean parked;
    private volatile Thread thread;
    private final AtomicBoolean isRunning = new AtomicBoolean();
    // The caller's own.
    private boolean missed;

    Worker(int part) {
      this.part = part;
    }

    void go() {
      // Only the caller writes it.
      int next = wanted + 1;
      wanted = next;
      missed = false;
      if (!isRunning.get() && isRunning.compareAndSet(false, true)) {
        start();
      } else if (parked) {
        LockSupport.unpark(thread);
      }
    }

    private void start() {
      try {
        Thread fresh = new Thread(this, "hypertape-kernel-" + part);
        fresh.setDaemon(true);
        thread = fresh;
        fresh.start();
      } catch (Error e) {
        // The machine has no room for one more thread, or the caller's stack none for its start.
        missed = true;
        done++;
        isRunning.set(false);
        running.decrementAndGet();
      }
    }

    /** On the caller's thread: does the part that no thread could be started for. */
    void standIn(Task work) {
      if (missed) {
        work.run(part, count());
      }
    }

    @Override
    public void run() {
      do {
        thread = Thread.currentThread();
        while (await()) {
          done++;
          try {
            task.run(part, count());
          } catch (Throwable t) {
            fail(t);
          } finally {
            running.decrementAndGet();
          }
        }
        isRunning.set(false);
        // A call that came before that has seen a thread, and relies on it.
      } while (wanted != done && isRunning.compareAndSet(false, true));
    }

    /** Waits for a call; false if none comes for long. */
    private boolean await() {
      long idleSince = 0;
      for (int spin = 0; wanted == done; spin++) {
        if (spin < SPINS && !closed) {
          Thread.onSpinWait();
          continue;
        }
        long now = System.nanoTime();
        idleSince = idleSince == 0 ? now : idleSince;
        long left = idleSince + idleNanos - now;
        if (closed || left <= 0) {
          return false;
        }
        parked = true;
        if (wanted == done && !closed) {
          LockSupport.parkNanos(Workers.this, left);
        }
        parked = false;
      }
      return true;
    }
  }
}

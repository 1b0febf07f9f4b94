package io.hypertape.kernels;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A few threads that share one caller's large calls. A call is tens of microseconds, less than
 * waking a parked thread takes, so workers spin for a while after each before they park.
 */
final class Workers implements AutoCloseable {

  /** About 50 µs of spinning on the machines at hand. */
  private static final int SPINS = 2_000;

  /** A part of a call; parts run at the same time. */
  interface Task {
    void run(int part, int parts);
  }

  /** A piece of a row. */
  interface Range {
    void run(int from, int length);
  }

  /** Elements below which a row stays on the caller's thread. */
  private static final int PARALLEL_ROW = 1 << 16;

  private final Worker[] helpers;
  private final AtomicInteger running = new AtomicInteger();
  private volatile Task task;
  private volatile Throwable failure;
  private volatile boolean closed;

  Workers(int threads) {
    helpers = new Worker[threads - 1];
  }

  /** Threads, the caller's included. */
  int count() {
    return helpers.length + 1;
  }

  /** Whether a row is worth a second thread. */
  boolean shares(int n) {
    return n >= PARALLEL_ROW && helpers.length > 0;
  }

  /** Runs pieces of a row on every thread: whole vectors each, but for the last one's rest. */
  void split(int n, Range range) {
    run(
        (part, parts) -> {
          int from = share(n, part, parts);
          int to = part + 1 == parts ? n : share(n, part + 1, parts);
          range.run(from, to - from);
        });
  }

  private static int share(int n, int part, int parts) {
    return (int) ((long) n * part / parts) & -64;
  }

  /** Runs a part on every thread and returns when all are done. */
  void run(Task work) {
    start();
    task = work;
    running.set(helpers.length);
    for (Worker helper : helpers) {
      helper.go();
    }
    try {
      work.run(0, count());
    } finally {
      while (running.get() > 0) {
        Thread.onSpinWait();
      }
      task = null;
    }
    Throwable problem = failure;
    if (problem != null) {
      failure = null;
      throw new IllegalStateException("a kernel's worker thread failed", problem);
    }
  }

  private void start() {
    if (helpers.length == 0 || helpers[0] != null) {
      return;
    }
    for (int i = 0; i < helpers.length; i++) {
      helpers[i] = new Worker(i + 1);
      helpers[i].start();
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Worker helper : helpers) {
      if (helper != null) {
        LockSupport.unpark(helper);
      }
    }
  }

  private final class Worker extends Thread {
    private final int part;
    private volatile int wanted;
    private volatile boolean parked;

    Worker(int part) {
      super("hypertape-kernel-" + part);
      this.part = part;
      setDaemon(true);
    }

    void go() {
      // Only the caller writes it.
      int next = wanted + 1;
      wanted = next;
      if (parked) {
        LockSupport.unpark(this);
      }
    }

    @Override
    public void run() {
      int done = 0;
      while (true) {
        if (!await(done)) {
          return;
        }
        done++;
        try {
          task.run(part, count());
        } catch (Throwable t) {
          failure = t;
        } finally {
          running.decrementAndGet();
        }
      }
    }

    private boolean await(int done) {
      for (int spin = 0; wanted == done; spin++) {
        if (closed) {
          return false;
        }
        if (spin < SPINS) {
          Thread.onSpinWait();
        } else {
          parked = true;
          if (wanted == done && !closed) {
            LockSupport.park(Workers.this);
          }
          parked = false;
        }
      }
      return true;
    }
  }
}

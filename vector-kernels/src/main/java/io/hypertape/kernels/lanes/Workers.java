package io.hypertape.kernels.lanes;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * One caller's large calls, each in parts that run at the same time: on the caller's thread, and on
 * helpers that all callers of a JVM share. A part that no helper has begun when the caller is done
 * with its own is the caller's too, so a call waits for no thread that is yet to be woken, or to
 * get a processor. One call is under way at a time; closing is for any thread, and a call that is
 * under way then is done to its end.
 */
public final class Workers implements AutoCloseable {

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

  /** Looks at the others' parts, some 50 µs, before a waiting caller gives way to other threads. */
  private static final int SPINS = 2_000;

  private final int count;
  private final Helpers helpers;

  /** The number of the last call that each part was begun of. */
  private final AtomicIntegerArray begun;

  private final AtomicInteger unfinished = new AtomicInteger();
  private volatile Task task;
  // Of the call that is under way; taken by it in the end.
  private volatile Throwable failure;

  /** The number of the call that is under way, or was last; written by the caller alone. */
  private volatile int call;

  private volatile boolean closed;

  /**
   * Workers with the helpers of this JVM, one for each processor but the caller's at most.
   *
   * @param threads parts of a call
   */
  public Workers(int threads) {
    this(threads, Helpers.JVM);
  }

  Workers(int threads, Helpers helpers) {
    this.count = threads;
    this.helpers = helpers;
    this.begun = new AtomicIntegerArray(threads);
    if (threads > 1) {
      helpers.enter(threads - 1);
    }
  }

  /** Parts of a call: the threads that may take part, the caller's included. */
  public int count() {
    return count;
  }

  /** Whether a row is worth a second thread. */
  public boolean shares(int n) {
    return n >= PARALLEL_ROW && count > 1;
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
   * Runs all parts and returns when they are done, or have failed: then with the failure of part 0,
   * which is the caller's, or else the first of the others', which carries the rest.
   *
   * @throws IllegalStateException if another part failed, with that as its cause; or if this is
   *     closed, or in the midst of a call already: then nothing is run
   */
  public void run(Task work) {
    if (closed) {
      throw new IllegalStateException("these kernels are closed: their threads have ended");
    }
    if (task != null) {
      throw new IllegalStateException(
          "these kernels' threads are in a call already; kernels are one thread's at a time");
    }
    int number = call + 1;
    begun.set(0, number);
    unfinished.set(count - 1);
    task = work;
    call = number;
    if (count > 1) {
      helpers.invite(this, count - 1);
    }
    try {
      work.run(0, count);
    } catch (Throwable t) {
      Throwable others = end(number);
      if (others != null && others != t) {
        t.addSuppressed(others);
      }
      throw t;
    }
    Throwable problem = end(number);
    if (problem != null) {
      throw new IllegalStateException("a kernel's worker thread failed", problem);
    }
  }

  /** Does or waits for the other parts; what failed there, or null. */
  private Throwable end(int number) {
    // From the other end than helpers, which begin with a part of their own.
    for (int part = count - 1; part > 0; part--) {
      take(part, number);
    }
    for (int spin = 0; unfinished.get() > 0; spin++) {
      if (spin < SPINS) {
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
    }
    task = null;
    Throwable problem = failure;
    if (problem != null) {
      failure = null;
    }
    return problem;
  }

  /** The number of the call that is under way, or was last. */
  int call() {
    return call;
  }

  /** On a helper's thread: does what parts nobody has begun, if the call is still under way. */
  void help(int helper, int number) {
    int first = helper % (count - 1);
    for (int i = 0; i < count - 1; i++) {
      take(1 + (first + i) % (count - 1), number);
    }
  }

  private void take(int part, int number) {
    // Each call begins every part, so what this call has not is the last one's.
    if (begun.get(part) == number - 1 && begun.compareAndSet(part, number - 1, number)) {
      try {
        task.run(part, count);
      } catch (Throwable t) {
        fail(t);
      } finally {
        unfinished.decrementAndGet();
      }
    }
  }

  private synchronized void fail(Throwable problem) {
    if (failure == null) {
      failure = problem;
    } else if (failure != problem) {
      failure.addSuppressed(problem);
    }
  }

  /** No calls from now on; the last one who closes ends the helpers. Closing twice is harmless. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      if (count > 1) {
        helpers.leave();
      }
    }
  }
}

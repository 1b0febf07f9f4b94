package io.hypertape.cli.spi;

import io.hypertape.checks.Nulls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Ctrl-C (or SIGTERM, or SIGHUP) as a request: the thread that made this is interrupted, which ends
 * the reading of data at once and a run after its current step, and processes that were started are
 * ended. What takes longer than a moment is not waited for, such as a step of a large model, except
 * for {@link #saving}: then the process ends all the same, with what can be saved without that
 * thread. A second request ends it at once. What can come to a good end by itself may have a first
 * Ctrl-C for that ({@link #gently}), before any request.
 *
 * <p>There may be several of these, one within the other; a request is one to all of them.
 */
public final class Interrupt implements AutoCloseable {

  /** Work that saves something. */
  @FunctionalInterface
  public interface Saving {

    /**
     * Saves.
     *
     * @throws IOException if that fails
     */
    void run() throws IOException;
  }

  private static final long PATIENCE_NANOS = 700_000_000;
  // Some, such as timeout(1), send a signal to a process and right then to its whole group.
  private static final long SAME_NANOS = 300_000_000;
  private static final long MILLI = 1_000_000;
  private static final int OF_SIGNALS = 128;
  private static final int CTRL_C = 2;

  /** All that are open, the outermost first; guards everything that is not final. */
  private static final List<Interrupt> OPEN = new ArrayList<>();

  private static Signals signals;
  private static int first;
  private static long firstAt;
  private static long gentleAt;
  private static int savings;
  private static boolean over;

  private final Thread owner = Thread.currentThread();
  private volatile int signal;
  private Supplier<String> rest = () -> "";
  private BooleanSupplier gentle = () -> false;

  /** Waits for Ctrl-C from now on. */
  public Interrupt() {
    synchronized (OPEN) {
      if (OPEN.isEmpty()) {
        signals = new Signals(Interrupt::received);
      }
      OPEN.add(this);
      if (first != 0) {
        request(first);
      }
    }
  }

  /**
   * What is to be done, and to be told, if the process has to be ended while the thread is busy.
   *
   * @param newRest runs on another thread, then; gives one line for the user, which tells what was
   *     saved and how to go on
   */
  public void otherwise(Supplier<String> newRest) {
    Nulls.check(newRest, "otherwise: newRest");
    synchronized (OPEN) {
      rest = newRest;
    }
  }

  /**
   * What Ctrl-C does before it is a request; SIGTERM and SIGHUP are requests at once.
   *
   * @param newGentle runs on another thread, and at once; false if it has nothing to do, or no
   *     more, so that this Ctrl-C is a request
   */
  public void gently(BooleanSupplier newGentle) {
    Nulls.check(newGentle, "gently: newGentle");
    synchronized (OPEN) {
      gentle = newGentle;
    }
  }

  /**
   * Does what is to be done whole: a request waits for its end, however long that takes. If the
   * process is being ended already it does not begin.
   *
   * @param work saves something
   * @throws IOException if that fails
   */
  public static void saving(Saving work) throws IOException {
    Nulls.check(work, "saving: work");
    synchronized (OPEN) {
      while (over) {
        waitABit(Long.MAX_VALUE);
      }
      savings++;
    }
    try {
      work.run();
    } finally {
      synchronized (OPEN) {
        savings--;
        OPEN.notifyAll();
      }
    }
  }

  /**
   * Whether the user wants the run to end.
   *
   * @return true once Ctrl-C was pressed
   */
  public boolean isRequested() {
    return signal != 0;
  }

  /**
   * What a shell expects of a process that a signal has ended.
   *
   * @return 128 and the signal's number, as 130 for Ctrl-C, 143 for SIGTERM, 129 for SIGHUP; 0 if
   *     there was none
   */
  public int status() {
    return isRequested() ? OF_SIGNALS + signal : 0;
  }

  /** As the user does. */
  void request(int number) {
    signal = number;
    owner.interrupt();
  }

  /** A signal came, on a thread of its own. */
  private static void received(int number) {
    if (number == CTRL_C && isGentle()) {
      return;
    }
    synchronized (OPEN) {
      boolean isSecond = first != 0;
      if (isSecond && System.nanoTime() - firstAt < SAME_NANOS) {
        return;
      }
      if (isSecond) {
        over = true;
      } else {
        first = number;
        firstAt = System.nanoTime();
        // Each knows before the first thread wakes, which may ask an inner one.
        OPEN.forEach(interrupt -> interrupt.signal = number);
        OPEN.forEach(interrupt -> interrupt.request(number));
      }
      if (isSecond) {
        // Without the lock: whoever has it may be stuck.
        new Thread(() -> halt("ended at once; what was not saved is lost", number)).start();
        return;
      }
    }
    // Whoever waits for one of them is free then.
    endChildren();
    Supplier<String> last = awaitEnd();
    if (last != null) {
      String told = last.get();
      end(told.isEmpty() ? "interrupted" : "interrupted; " + told, number);
    }
  }

  /** Whether a Ctrl-C is none of the requests, but for what can come to a good end. */
  private static boolean isGentle() {
    BooleanSupplier asked;
    synchronized (OPEN) {
      if (first != 0 || OPEN.isEmpty()) {
        return false;
      }
      long now = System.nanoTime();
      if (gentleAt != 0 && now - gentleAt < SAME_NANOS) {
        return true;
      }
      asked = OPEN.getLast().gentle;
      gentleAt = now;
    }
    // Without the lock: it prints.
    boolean done = asked.getAsBoolean();
    if (!done) {
      synchronized (OPEN) {
        gentleAt = 0;
      }
    }
    return done;
  }

  /** What is left to do when the patience has come to its end; null if all has been done. */
  private static Supplier<String> awaitEnd() {
    synchronized (OPEN) {
      long left = PATIENCE_NANOS;
      while (!OPEN.isEmpty() && (savings > 0 || left > 0)) {
        long begin = System.nanoTime();
        if (savings > 0) {
          waitABit(Long.MAX_VALUE);
          // It gets on: something more may be to be saved, and what was saved to be told.
          left = PATIENCE_NANOS;
        } else {
          waitABit(left);
          left -= System.nanoTime() - begin;
        }
      }
      if (OPEN.isEmpty()) {
        return null;
      }
      over = true;
      return OPEN.getLast().rest;
    }
  }

  private static void waitABit(long nanos) {
    try {
      OPEN.wait(Math.max(1, nanos / MILLI));
    } catch (InterruptedException e) {
      // This thread has been asked already.
    }
  }

  private static void endChildren() {
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
  }

  /** Lets what is registered for the JVM's end be done, such as the removal of temporary files. */
  private static void end(String line, int number) {
    System.err.println("hypertape: " + line);
    endChildren();
    Thread exit = new Thread(() -> System.exit(OF_SIGNALS + number));
    exit.setDaemon(true);
    exit.start();
    try {
      exit.join(SAME_NANOS / MILLI);
    } catch (InterruptedException e) {
      // It ends all the sooner.
    }
    Runtime.getRuntime().halt(OF_SIGNALS + number);
  }

  private static void halt(String line, int number) {
    System.err.println("hypertape: " + line);
    endChildren();
    Runtime.getRuntime().halt(OF_SIGNALS + number);
  }

  /** Everything is saved: the process may go. */
  @Override
  public void close() {
    synchronized (OPEN) {
      OPEN.remove(this);
      if (OPEN.isEmpty()) {
        signals.restore();
        first = 0;
        gentleAt = 0;
      }
      OPEN.notifyAll();
    }
  }
}

package io.hypertape.run.follow;

import io.hypertape.run.follow.MlflowRun.Value;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A run's numbers on their way to its server, by a thread of their own: who trains never waits for
 * them. While the server does not answer, they wait; those for which there is no room are lost, and
 * so are those that the server refuses and those that are left in the end. That is told.
 */
final class MlflowSender {

  private static final Logger LOG = System.getLogger(MlflowListener.class.getName());

  /** Numbers that wait at the most, about 100 bytes each. */
  private static final int ROOM = 100_000;

  /** How long numbers are gathered for one request. */
  private static final long GATHER_MILLIS = 1_000;

  private static final long SHORTEST_PAUSE_MILLIS = 500;
  private static final int MOST_DOUBLINGS = 6;

  /** Between attempts while somebody waits for the end. */
  private static final long END_PAUSE_MILLIS = 250;

  private static final long REQUEST_MILLIS = 10_000;

  /** For a thread that is told to end at once. */
  private static final long GRACE_MILLIS = 500;

  private static final long NANOS = 1_000_000;

  private final MlflowClient client;
  private final MlflowRun run;
  private final Thread thread;

  // Belong to this object's lock.
  private final Queue<Value> waiting = new ArrayDeque<>();
  private MlflowListener.@Nullable Status status;
  private long end;
  private long told;
  private long taken;
  private boolean endTaken;

  // Of the thread.
  private boolean away;
  private boolean refused;

  MlflowSender(MlflowClient client, MlflowRun run) {
    this.client = client;
    this.run = run;
    this.thread =
        Thread.ofPlatform()
            .name("hypertape-mlflow")
            .daemon()
            .inheritInheritableThreadLocals(false)
            .unstarted(this::work);
    thread.setContextClassLoader(null);
  }

  void start() {
    thread.start();
  }

  MlflowRun run() {
    return run;
  }

  /** Takes numbers, without waiting for anything. */
  synchronized void offer(List<Value> values) {
    waiting.addAll(values.subList(0, Math.min(values.size(), ROOM - waiting.size())));
    told += values.size();
  }

  /** Sends what waits, tells how the run has ended, and ends the thread, within a time. */
  void end(MlflowListener.Status how, Duration patience) {
    synchronized (this) {
      status = how;
      end = System.nanoTime() + patience.toNanos();
      notifyAll();
    }
    // Whoever interrupted a run wants its numbers, too, within the time.
    boolean interrupted = Thread.interrupted();
    try {
      thread.join(patience);
      thread.interrupt();
      thread.join(GRACE_MILLIS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    thread.interrupt();
    client.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    sayWhatIsLost();
  }

  private synchronized void sayWhatIsLost() {
    if (taken < told || !endTaken) {
      LOG.log(
          Level.WARNING,
          "{0} has not got {1} of the {2} numbers of run {3}{4}",
          client.server(),
          Long.toString(told - taken),
          Long.toString(told),
          run.id(),
          endTaken ? "" : ", nor how it has ended");
    }
  }

  private void work() {
    try {
      sendAll();
      tellEnd();
    } catch (InterruptedException e) {
      // Who waited for the end does so no longer.
      Thread.currentThread().interrupt();
    }
  }

  private void sendAll() throws InterruptedException {
    List<Value> batch = new ArrayList<>();
    long pause = GATHER_MILLIS;
    int failures = 0;
    while (true) {
      boolean ends = pauseFor(pause);
      fill(batch);
      if (batch.isEmpty() && ends || left() <= 0) {
        return;
      }
      if (batch.isEmpty() || isSent(batch)) {
        boolean more = batch.size() == MlflowRun.MOST_METRICS;
        batch.clear();
        failures = 0;
        pause = ends || more ? 0 : GATHER_MILLIS;
      } else {
        pause = ends ? END_PAUSE_MILLIS : SHORTEST_PAUSE_MILLIS << failures;
        failures = Math.min(failures + 1, MOST_DOUBLINGS);
      }
    }
  }

  /** Waits, unless the end is asked for meanwhile; whether it is. */
  private synchronized boolean pauseFor(long millis) throws InterruptedException {
    boolean asked = status != null;
    long until = System.nanoTime() + millis * NANOS;
    long left = millis;
    while (left > 0 && (status != null) == asked) {
      wait(left);
      left = (until - System.nanoTime()) / NANOS;
    }
    return status != null;
  }

  private synchronized void fill(List<Value> batch) {
    while (batch.size() < MlflowRun.MOST_METRICS && !waiting.isEmpty()) {
      batch.add(waiting.remove());
    }
  }

  /** Milliseconds that a request may take. */
  private synchronized long left() {
    return status == null
        ? REQUEST_MILLIS
        : Math.min(REQUEST_MILLIS, (end - System.nanoTime()) / NANOS);
  }

  /** Whether there is nothing more to be done for a batch: it is taken, or refused for good. */
  private boolean isSent(List<Value> batch) throws InterruptedException {
    try {
      run.log(client, batch, Duration.ofMillis(left()));
      synchronized (this) {
        taken += batch.size();
      }
      if (away) {
        away = false;
        LOG.log(Level.INFO, "{0} takes numbers again", client.server());
      }
      return true;
    } catch (InterruptedIOException e) {
      throw interrupted(e);
    } catch (MlflowException e) {
      if (e.isPassing()) {
        sayAway(e);
        return false;
      }
      sayRefused(e);
      return true;
    } catch (IOException e) {
      sayRefused(e);
      return true;
    }
  }

  private static InterruptedException interrupted(InterruptedIOException e) {
    InterruptedException interrupted = new InterruptedException(e.getMessage());
    interrupted.initCause(e);
    return interrupted;
  }

  private void sayAway(MlflowException e) {
    if (!away) {
      away = true;
      LOG.log(
          Level.WARNING,
          "{0}; the run goes on, and its numbers wait for the server",
          e.getMessage());
    }
  }

  private void sayRefused(IOException e) {
    if (!refused) {
      refused = true;
      LOG.log(Level.WARNING, "{0}; the run goes on, and these numbers are lost", e.getMessage());
    }
  }

  private void tellEnd() throws InterruptedException {
    MlflowListener.Status how;
    synchronized (this) {
      how = status;
    }
    while (how != null && left() > 0) {
      try {
        run.end(client, how, Duration.ofMillis(left()));
        synchronized (this) {
          endTaken = true;
        }
        return;
      } catch (InterruptedIOException e) {
        throw interrupted(e);
      } catch (MlflowException e) {
        if (!e.isPassing()) {
          sayRefused(e);
          return;
        }
        pauseFor(END_PAUSE_MILLIS);
      } catch (IOException e) {
        sayRefused(e);
        return;
      }
    }
  }
}

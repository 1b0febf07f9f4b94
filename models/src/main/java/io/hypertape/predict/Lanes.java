package io.hypertape.predict;

import io.hypertape.checks.Failures;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Lanes, each held by one call at a time. Who finds one free takes it; who does not waits, and if
 * that lasts too long, nobody overtakes any more until the turn has come.
 */
final class Lanes implements AutoCloseable {

  /** How long a call may be overtaken: a lane that changes threads each time costs more. */
  private static final long PATIENCE_MILLIS = 5;

  private final AtomicReferenceArray<Lane> idle;
  private final Semaphore free;
  private final AtomicInteger impatient = new AtomicInteger();
  private volatile boolean closed;
  private volatile boolean ended;

  Lanes(List<Lane> lanes) {
    idle = new AtomicReferenceArray<>(lanes.toArray(Lane[]::new));
    free = new Semaphore(lanes.size(), true);
  }

  /**
   * A lane, to be given back.
   *
   * @throws CancellationException if the thread is interrupted while it waits; its status is kept
   */
  Lane take() {
    checkOpen();
    if (impatient.get() > 0 || !free.tryAcquire()) {
      try {
        if (!free.tryAcquire(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
          impatient.incrementAndGet();
          try {
            free.acquire();
          } finally {
            impatient.decrementAndGet();
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw interrupted();
      }
    }
    return held();
  }

  /** The same for who cannot be interrupted. */
  Lane takeUninterruptibly() {
    checkOpen();
    if (impatient.get() > 0 || !free.tryAcquire()) {
      free.acquireUninterruptibly();
    }
    return held();
  }

  static CancellationException interrupted() {
    return new CancellationException("predict: interrupted while waiting for other calls");
  }

  private Lane held() {
    if (ended) {
      free.release();
      checkOpen();
    }
    // There is one: at most as many are held as there are permits.
    for (int i = 0; ; i = (i + 1) % idle.length()) {
      if (idle.get(i) != null) {
        Lane lane = idle.getAndSet(i, null);
        if (lane != null) {
          return lane;
        }
      }
    }
  }

  void give(Lane lane) {
    idle.set(lane.number(), lane);
    free.release();
  }

  private void checkOpen() {
    if (closed) {
      throw refusal();
    }
  }

  static IllegalStateException refusal() {
    return new IllegalStateException("predict: this predictor is closed");
  }

  /** No calls from now on; waits for those that are under way. */
  @Override
  public void close() {
    closed = true;
    free.acquireUninterruptibly(idle.length());
    try {
      if (!ended) {
        ended = true;
        List<Runnable> parts = new ArrayList<>();
        for (int i = 0; i < idle.length(); i++) {
          parts.add(idle.get(i)::close);
        }
        Failures.joined(parts);
      }
    } finally {
      free.release(idle.length());
    }
  }
}

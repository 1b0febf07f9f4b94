package io.hypertape.autodiff;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets one call at a time through to a backend, and none once it is to be closed, which any thread
 * may ask for: the call that is under way is waited for. A recording counts as one call, but as the
 * user's own code runs in it, nobody waits for its end: who records frees everything then.
 */
final class Gate {

  private static final int FREE = 0;
  private static final int TAKEN = 1;
  private static final int CLOSED = 2;

  private static final long POLL_NANOS = 50_000;

  private final AtomicInteger state = new AtomicInteger(FREE);
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile boolean closing;
  private volatile Thread closer;
  private volatile Thread recorder;
  // What the recording thread shall do in the end.
  private volatile Runnable handedOver;

  boolean isClosed() {
    return closing;
  }

  /** Why nothing can be done any more. */
  IllegalStateException refusal() {
    Thread by = closer;
    return new IllegalStateException(
        by == null || by == Thread.currentThread()
            ? "this session is closed"
            : "this session was closed by thread '" + by.getName() + "'");
  }

  void enter() {
    Thread recording = recorder;
    if (recording == null || recording != Thread.currentThread()) {
      if (!state.compareAndSet(FREE, TAKEN)) {
        throw closing
            ? refusal()
            : new IllegalStateException("this session is in use by another thread");
      }
      if (closing) {
        state.set(FREE);
        throw refusal();
      }
    } else if (closing) {
      throw refusal();
    }
  }

  void leave() {
    Thread recording = recorder;
    if (recording == null || recording != Thread.currentThread()) {
      state.setRelease(FREE);
    }
  }

  /** After {@link #enter}: what follows until {@link #endRecording} belongs to it. */
  void beginRecording() {
    recorder = Thread.currentThread();
  }

  /** Ends what {@link #beginRecording} began; does nothing if that was not called. */
  void endRecording() {
    if (recorder != Thread.currentThread()) {
      return;
    }
    recorder = null;
    state.set(FREE);
    Runnable freeing = handedOver;
    if (freeing != null && state.compareAndSet(FREE, CLOSED)) {
      try {
        free(freeing);
      } catch (RuntimeException e) {
        Log.warn(Gate.class, "a session was not closed cleanly", e);
      }
    }
  }

  /**
   * Closes for good. Returns when everything is freed, by this thread or another one, or, while a
   * recording is made on another thread, at once.
   *
   * @param freeing is run once, when nobody is within
   */
  void close(Runnable freeing) {
    if (!closing) {
      closer = Thread.currentThread();
      closing = true;
    }
    boolean interrupted = false;
    while (!isClosed(freeing)) {
      LockSupport.parkNanos(POLL_NANOS);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether nothing is left to be done here. */
  private boolean isClosed(Runnable freeing) {
    if (state.compareAndSet(FREE, CLOSED)) {
      free(freeing);
      return true;
    }
    if (state.get() == CLOSED) {
      return closed.getCount() == 0 || closer == Thread.currentThread();
    }
    Thread recording = recorder;
    if (recording == Thread.currentThread()) {
      recorder = null;
      state.set(CLOSED);
      free(freeing);
      return true;
    }
    if (recording != null) {
      handedOver = freeing;
      // It may have ended before it could see that.
      return recorder == recording;
    }
    return false;
  }

  private void free(Runnable freeing) {
    try {
      freeing.run();
    } finally {
      closed.countDown();
    }
  }
}

package io.hypertape.cli.spi;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C (or SIGTERM, or SIGHUP) as a request: the thread that made this is interrupted, which ends
 * the reading of data at once and a run after its current step. It saves what it has, for which the
 * JVM's shutdown waits a while; where there is nothing to be saved yet, hardly.
 */
public final class Interrupt implements AutoCloseable {

  private static final long PATIENCE_MILLIS = 20_000;
  private static final long IMPATIENCE_MILLIS = 500;

  private final Thread owner = Thread.currentThread();
  private final CountDownLatch saved = new CountDownLatch(1);
  private final Thread hook = new Thread(this::waitForSaving, "hypertape-interrupt");
  private volatile boolean requested;
  private volatile long patience = IMPATIENCE_MILLIS;

  /** Waits for Ctrl-C from now on. */
  public Interrupt() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** From now on there is something to be saved, worth waiting for a step to end. */
  public void expectSaving() {
    patience = PATIENCE_MILLIS;
  }

  /**
   * Whether the user wants the run to end.
   *
   * @return true once Ctrl-C was pressed
   */
  public boolean isRequested() {
    return requested;
  }

  /** As the user does. */
  void request() {
    requested = true;
    owner.interrupt();
  }

  long patience() {
    return patience;
  }

  private void waitForSaving() {
    request();
    try {
      saved.await(patience, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Everything is saved: the JVM may go. */
  @Override
  public void close() {
    saved.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is going down: the hook was what we waited for.
    }
  }
}

package io.hypertape.cli.spi;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C as a request: the run ends after its current step and saves what it has, for which the
 * JVM's shutdown waits a while.
 */
public final class Interrupt implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 20;

  private final CountDownLatch saved = new CountDownLatch(1);
  private final Thread hook = new Thread(this::waitForSaving, "hypertape-interrupt");
  private volatile boolean requested;

  /** Waits for Ctrl-C from now on. */
  public Interrupt() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * Whether the user wants the run to end.
   *
   * @return true once Ctrl-C was pressed
   */
  public boolean isRequested() {
    return requested;
  }

  private void waitForSaving() {
    requested = true;
    try {
      saved.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
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

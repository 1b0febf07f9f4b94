package io.hypertape.autodiff;

import java.lang.ref.Cleaner;

/** Closes the backends of sessions that nobody can reach any more and nobody has closed. */
final class ForgottenSession implements Runnable {

  private static final Cleaner CLEANER = Cleaner.create();

  private final GuardedBackend backend;

  private ForgottenSession(GuardedBackend backend) {
    this.backend = backend;
  }

  /** Watches a session; to be told when it is closed. */
  static Cleaner.Cleanable watch(Session session, GuardedBackend backend) {
    return CLEANER.register(session, new ForgottenSession(backend));
  }

  @Override
  public void run() {
    if (backend.gate().isClosed()) {
      return;
    }
    try {
      Log.debug(ForgottenSession.class, "a session was not closed: " + backend.description());
      backend.close();
    } catch (RuntimeException e) {
      Log.warn(ForgottenSession.class, "a forgotten session was not closed cleanly", e);
    }
  }
}

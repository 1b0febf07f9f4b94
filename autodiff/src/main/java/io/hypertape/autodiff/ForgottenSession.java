package io.hypertape.autodiff;

import java.lang.ref.Cleaner;

/** Closes the backends of sessions that nobody can reach any more and nobody has closed. */
final class ForgottenSession implements Runnable {

  private static final System.Logger LOG = System.getLogger(ForgottenSession.class.getName());
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
      LOG.log(System.Logger.Level.DEBUG, "a session was not closed: {0}", backend.description());
      backend.close();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "a forgotten session was not closed cleanly", e);
    }
  }
}

package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.Recording;

/** A recording with what it was made of, whose storage it uses. */
record HeldRecording(Recording target, Session session, Runnable work) implements Recording {

  @Override
  public void replay() {
    target.replay();
  }

  @Override
  public int operations() {
    return target.operations();
  }

  @Override
  public int completed() {
    return target.completed();
  }

  @Override
  public void close() {
    target.close();
  }
}

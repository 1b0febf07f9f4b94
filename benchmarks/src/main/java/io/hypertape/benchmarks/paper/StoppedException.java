package io.hypertape.benchmarks.paper;

/** A part ended before it was done, because it was asked to. */
final class StoppedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  StoppedException() {
    super("stopped");
  }
}

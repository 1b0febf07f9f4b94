package io.hypertape.benchmarks.parts;

/** A part ended before it was done, because it was asked to. */
public final class StoppedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Because it was asked to. */
  public StoppedException() {
    super("stopped");
  }
}

package io.hypertape.cli;

/** A run that ended early because the user asked for it; what it had done is saved. */
final class InterruptedRunException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  InterruptedRunException(String message) {
    super(message);
  }
}

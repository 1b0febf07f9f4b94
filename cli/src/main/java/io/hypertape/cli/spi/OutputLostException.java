package io.hypertape.cli.spi;

/** What a command prints reaches nobody any more: there is no use in going on. */
public final class OutputLostException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * With a message for the user.
   *
   * @param message what is lost, and what becomes of the work
   * @param cause what happened
   */
  public OutputLostException(String message, Throwable cause) {
    super(message, cause);
  }
}

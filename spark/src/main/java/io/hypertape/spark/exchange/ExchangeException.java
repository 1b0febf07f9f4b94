package io.hypertape.spark.exchange;

/**
 * Workers cannot meet, or have lost one of them: the message names the worker, and what was waited
 * for. Who catches it closes the exchange and begins again from a checkpoint.
 */
public final class ExchangeException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /**
   * A failure.
   *
   * @param message what happened
   */
  public ExchangeException(String message) {
    super(message);
  }

  /**
   * A failure because of another.
   *
   * @param message what happened
   * @param cause why
   */
  public ExchangeException(String message, Throwable cause) {
    super(message, cause);
  }
}

package io.hypertape.spark.exchange;

/**
 * Workers cannot meet, or have lost one of them: the message names the worker, and what was waited
 * for. Who catches it closes the exchange and begins again from a checkpoint.
 */
public final class ExchangeException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** Whether the same workers would fail in the same way again. */
  private final boolean lasting;

  /**
   * A failure.
   *
   * @param message what happened
   */
  public ExchangeException(String message) {
    super(message);
    this.lasting = false;
  }

  /**
   * A failure because of another.
   *
   * @param message what happened
   * @param cause why
   */
  public ExchangeException(String message, Throwable cause) {
    this(message, cause, false);
  }

  ExchangeException(String message, Throwable cause, boolean lasting) {
    super(message, cause);
    this.lasting = lasting;
  }

  /**
   * Whether the same workers would fail in the same way again.
   *
   * @return true if they are unlike, and unlike ones are refused
   */
  public boolean lasting() {
    return lasting;
  }
}

package io.hypertape.spark;

/** Workers have failed more often than they may be started again, or do not agree. */
public final class SparkWorkersException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /**
   * A failure.
   *
   * @param message what happened
   */
  public SparkWorkersException(String message) {
    super(message);
  }

  /**
   * A failure because of the last.
   *
   * @param message in which attempt, and what Spark says
   * @param cause Spark's failure
   */
  public SparkWorkersException(String message, Throwable cause) {
    super(message, cause);
  }
}

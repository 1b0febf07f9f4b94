package io.hypertape.autodiff.backend;

/** Work that cannot be recorded, and why. */
public final class RecordingException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Something that no recording can hold.
   *
   * @param reason what it was, and what to do instead
   */
  public RecordingException(String reason) {
    super(reason);
  }

  /**
   * A recording that the machine refused.
   *
   * @param reason what it was
   * @param cause the machine's own words
   */
  public RecordingException(String reason, Throwable cause) {
    super(reason, cause);
  }
}

package io.hypertape.trace;

import java.io.IOException;

/** A file that is no reference trace; the message names the file, the place and what would fit. */
public final class TraceFormatException extends IOException {

  private static final long serialVersionUID = 1L;

  /**
   * With the reason.
   *
   * @param message one line
   */
  public TraceFormatException(String message) {
    super(message);
  }
}

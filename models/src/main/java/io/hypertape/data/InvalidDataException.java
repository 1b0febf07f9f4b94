package io.hypertape.data;

import java.io.IOException;

/**
 * A data file that is damaged or of another kind; the message names it, what was found and wanted.
 */
public final class InvalidDataException extends IOException {

  private static final long serialVersionUID = 1L;

  /**
   * With the reason.
   *
   * @param message one line
   */
  public InvalidDataException(String message) {
    super(message);
  }
}

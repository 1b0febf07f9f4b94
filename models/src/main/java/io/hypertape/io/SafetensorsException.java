package io.hypertape.io;

import java.io.IOException;

/** A file that is no valid safetensors file; the message names it and what is wrong. */
public final class SafetensorsException extends IOException {

  private static final long serialVersionUID = 1L;

  /**
   * With the reason.
   *
   * @param message one line
   */
  public SafetensorsException(String message) {
    super(message);
  }
}

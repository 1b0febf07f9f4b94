package io.hypertape.data.codec;

import java.io.IOException;

/** An image file that is damaged or of a kind that is not read; the message does not name it. */
public final class ImageFormatException extends IOException {

  private static final long serialVersionUID = 1L;

  /**
   * With the reason.
   *
   * @param message a part of a line
   */
  public ImageFormatException(String message) {
    super(message);
  }
}

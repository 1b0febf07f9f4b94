package io.hypertape.io.onnx;

import java.io.IOException;

/** A file that is no ONNX model, damaged, or one of what is not read. */
public final class OnnxException extends IOException {

  private static final long serialVersionUID = 1;

  /**
   * What is wrong.
   *
   * @param message for people
   */
  public OnnxException(String message) {
    super(message);
  }
}

package io.hypertape.bindings.cuda;

/** A call of one of CUDA's libraries that failed: which, with what arguments, and why. */
public class CudaException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String call;
  private final int code;
  private final String codeName;
  private final String text;
  private final String arguments;
  private final boolean deviceLost;

  CudaException(
      String call, int code, String codeName, String text, String arguments, boolean deviceLost) {
    super(call + "(" + arguments + ") failed with " + codeName + " (" + code + "): " + text);
    this.call = call;
    this.code = code;
    this.codeName = codeName;
    this.text = text;
    this.arguments = arguments;
    this.deviceLost = deviceLost;
  }

  /**
   * The function that failed.
   *
   * @return its name in the library, such as {@code cudaMallocAsync}
   */
  public final String call() {
    return call;
  }

  /**
   * The status that it returned.
   *
   * @return the library's number
   */
  public final int code() {
    return code;
  }

  /**
   * The name of that status.
   *
   * @return such as {@code cudaErrorInvalidValue}, as the library itself says it
   */
  public final String codeName() {
    return codeName;
  }

  /**
   * What the library says about the status.
   *
   * @return the library's own words, and what helps where the device is lost
   */
  public final String text() {
    return text;
  }

  /**
   * What the function was called with.
   *
   * @return such as {@code bytes=1024, stream=0x7f10}; empty if it takes nothing of interest
   */
  public final String arguments() {
    return arguments;
  }

  /**
   * Whether this process cannot use the device any more, so that every further call fails too.
   *
   * @return true after a fault on the device or of its memory, or if it has gone
   */
  public final boolean isDeviceLost() {
    return deviceLost;
  }
}

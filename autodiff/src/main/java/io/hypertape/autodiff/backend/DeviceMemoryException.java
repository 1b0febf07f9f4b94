package io.hypertape.autodiff.backend;

/**
 * A device has too little memory left for a tensor. The session that asked for it goes on working:
 * close what is not needed, or ask for less.
 */
public final class DeviceMemoryException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Bytes that were asked for. */
  private final long bytesAsked;

  /**
   * Creates one.
   *
   * @param bytesAsked what was asked for
   * @param cause the library's answer, whose message says what there is and who holds it
   */
  public DeviceMemoryException(long bytesAsked, Throwable cause) {
    super(cause.getMessage(), cause);
    this.bytesAsked = bytesAsked;
  }

  /**
   * What was asked for.
   *
   * @return bytes
   */
  public long bytesAsked() {
    return bytesAsked;
  }
}

package io.hypertape.bindings.cuda;

/**
 * CUDA, or a part of it, cannot be used here: no library, no driver, no device, versions that do
 * not fit together, or native access denied.
 */
public final class CudaUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String reason;

  CudaUnavailableException(String reason) {
    this(reason, null);
  }

  CudaUnavailableException(String reason, Throwable cause) {
    super(reason, cause);
    this.reason = reason;
  }

  /**
   * Why.
   *
   * @return one line that says what would mend it where that is known
   */
  public String reason() {
    return reason;
  }
}

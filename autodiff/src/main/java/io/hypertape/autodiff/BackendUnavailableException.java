package io.hypertape.autodiff;

import org.jspecify.annotations.Nullable;

/**
 * A backend that was asked for by name cannot be used; the message says why and what would help.
 */
public final class BackendUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * With the reason.
   *
   * @param message why, and what to do
   * @param cause where it was found out; null for nowhere else
   */
  public BackendUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

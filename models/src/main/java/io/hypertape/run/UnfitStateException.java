package io.hypertape.run;

/** A state of a run that is of another tower, model or portion of data than what shall go on. */
public final class UnfitStateException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  UnfitStateException(String message, Throwable cause) {
    super(message, cause);
  }
}

package io.hypertape.bindings;

/** A library was loaded, and cannot be used: the search goes on. */
public final class UnfitLibraryException extends Exception {

  private static final long serialVersionUID = 1L;

  /**
   * A refusal.
   *
   * @param reason a clause, with what would fit
   */
  public UnfitLibraryException(String reason) {
    super(reason);
  }
}

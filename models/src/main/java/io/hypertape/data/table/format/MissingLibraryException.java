package io.hypertape.data.table.format;

/** A reader's library is not there. */
public final class MissingLibraryException extends java.io.IOException {

  private static final long serialVersionUID = 1L;

  MissingLibraryException(
      String file, String kind, String artifact, String module, Throwable cause) {
    super(
        file
            + ": "
            + kind
            + " is read by the library "
            + artifact
            + ", which is not there; add it to the dependencies (and, on a module path where nothing"
            + " else requires it, --add-modules "
            + module
            + ")",
        cause);
  }
}

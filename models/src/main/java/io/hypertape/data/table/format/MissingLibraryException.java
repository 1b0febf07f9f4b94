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
            + lacking(module, cause)
            + "; add it to the dependencies (and, on a module path where nothing"
            + " else requires it, --add-modules "
            + module
            + ")",
        cause);
  }

  /** The library may be there, and what it needs not, or of another version. */
  private static String lacking(String module, Throwable cause) {
    String name = String.valueOf(cause.getMessage()).replace('/', '.');
    return name.startsWith(module)
        ? ", which is not there"
        : ", for which the class "
            + name
            + " is not there, as of a library that it needs in another version";
  }
}

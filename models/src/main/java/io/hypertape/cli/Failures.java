package io.hypertape.cli;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Turns an exception into the one line that a person needs. */
final class Failures {

  private Failures() {}

  static String line(Throwable e) {
    return switch (e) {
      case NoSuchFileException f -> f.getFile() + ": there is no such file or folder";
      case NotDirectoryException f -> f.getFile() + ": not a folder";
      case AccessDeniedException f -> f.getFile() + ": permission denied";
      case FileAlreadyExistsException f -> f.getFile() + ": exists already";
      case FileSystemException f ->
          f.getFile() + ": " + (f.getReason() == null ? "cannot be used" : f.getReason());
      case InvalidPathException p -> SystemText.ofProcess().reason(p);
      case OutOfMemoryError m ->
          "out of memory (" + m.getMessage() + "); HYPERTAPE_JAVA_OPTS=-Xmx… gives more";
      default -> {
        String message = e.getMessage();
        yield message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
      }
    };
  }
}

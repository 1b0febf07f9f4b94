package io.hypertape.io.guard;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** What became of a file, in words: the system's exceptions name it only, or leave it out. */
public final class FileProblem {

  private FileProblem() {}

  /**
   * Why a file could not be used.
   *
   * @param e what happened
   * @return the reason, without the file's name where the system has it apart
   */
  public static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException f -> "there is no such file or folder";
      case NotDirectoryException f -> "not a folder";
      case AccessDeniedException f -> "permission denied";
      case FileAlreadyExistsException f -> "exists already";
      case DirectoryNotEmptyException f -> "a folder that is not empty";
      case FileSystemLoopException f -> "a link that leads back to itself";
      case FileSystemException f -> f.getReason() == null ? "cannot be used" : f.getReason();
      case CharacterCodingException f -> "not the text in UTF-8 that is expected";
      default ->
          e.getMessage() == null || e.getMessage().isBlank()
              ? e.getClass().getSimpleName()
              : e.getMessage();
    };
  }

  /**
   * Reads a file whole.
   *
   * @param file which; what keeps it from being read names it
   * @return its bytes
   * @throws IOException if it cannot be read
   */
  public static byte[] bytes(Path file) throws IOException {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw named(file, e);
    }
  }

  /**
   * What an error says, in a line that names the file where the error does.
   *
   * @param e what happened
   * @return the file and the reason
   */
  public static String line(IOException e) {
    return e instanceof FileSystemException f && f.getFile() != null
        ? f.getFile() + ": " + reason(e)
        : reason(e);
  }

  /**
   * An error that names its file once.
   *
   * @param file which
   * @param e what happened
   * @return the same error if it names the file already, else another one of which it is the cause
   */
  public static IOException named(Path file, IOException e) {
    boolean system = e instanceof FileSystemException || e instanceof CharacterCodingException;
    if (!system && e.getMessage() != null && e.getMessage().contains(file.toString())) {
      return e;
    }
    if (e instanceof FileSystemException f && f.getFile() != null) {
      // Its kind is of use to callers; the command line words it.
      return f;
    }
    return new IOException(file + ": " + reason(e), e);
  }
}

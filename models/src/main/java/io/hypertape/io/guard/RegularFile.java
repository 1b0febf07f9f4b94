package io.hypertape.io.guard;

import io.hypertape.checks.Nulls;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * Files that can be opened for reading without waiting for anybody. A pipe blocks whoever opens it
 * until another process writes, {@code /dev/zero} never ends, a folder's contents are no bytes: all
 * of these are refused before they are opened, by the name under which they were asked for. Links
 * are followed.
 */
public final class RegularFile {

  // The kinds of stat(2).
  private static final int KIND = 0170000;
  private static final int PIPE = 0010000;
  private static final int CHARACTERS = 0020000;
  private static final int BLOCKS = 0060000;
  private static final int SOCKET = 0140000;

  private RegularFile() {}

  /**
   * Refuses what is not a regular file.
   *
   * @param file what is to be read
   * @return the same
   * @throws java.nio.file.NoSuchFileException if there is nothing of this name
   * @throws FileSystemException if it is a folder, a pipe, a device or a socket; its message is the
   *     file's name, what it is, and what would fit
   * @throws IOException if that cannot be told
   */
  public static Path check(Path file) throws IOException {
    return check(file, "a file");
  }

  /**
   * Refuses what is not a regular file.
   *
   * @param file what is to be read
   * @param wanted what it should be, with its article, such as {@code a text file}
   * @return the same
   * @throws java.nio.file.NoSuchFileException if there is nothing of this name
   * @throws FileSystemException if it is a folder, a pipe, a device or a socket; its message is the
   *     file's name, what it is, and what would fit
   * @throws IOException if that cannot be told
   */
  public static Path check(Path file, String wanted) throws IOException {
    Optional<String> problem = problem(file, wanted);
    if (problem.isPresent()) {
      throw new FileSystemException(file.toString(), null, problem.get());
    }
    return file;
  }

  /**
   * Tells why something is not read, for exceptions of a reader's own.
   *
   * @param file what is to be read
   * @param wanted what it should be, with its article, such as {@code a text file}
   * @return what it is instead and what would fit, without its name; nothing if it is a regular
   *     file
   * @throws java.nio.file.NoSuchFileException if there is nothing of this name
   * @throws IOException if that cannot be told
   */
  public static Optional<String> problem(Path file, String wanted) throws IOException {
    Nulls.check(file, "regular file: file");
    Nulls.check(wanted, "regular file: wanted");
    BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
    return found.isRegularFile() ? Optional.empty() : Optional.of(otherwise(file, found, wanted));
  }

  private static String otherwise(Path file, BasicFileAttributes found, String wanted)
      throws IOException {
    if (found.isDirectory()) {
      return "a folder; " + wanted + " is expected";
    }
    return switch (kind(file)) {
      case PIPE ->
          "a pipe; " + wanted + " is expected, so write into one first what the pipe would give";
      case CHARACTERS, BLOCKS -> "a device; " + wanted + " is expected";
      case SOCKET -> "a socket; " + wanted + " is expected";
      default -> "neither a file nor a folder; " + wanted + " is expected";
    };
  }

  private static int kind(Path file) throws IOException {
    boolean told = file.getFileSystem().supportedFileAttributeViews().contains("unix");
    return told && Files.getAttribute(file, "unix:mode") instanceof Integer mode ? mode & KIND : 0;
  }
}

package io.hypertape.bindings;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;

/**
 * Looks at a file before the system's loader does. The loader maps what the file's headers name and
 * touches it: of a file that was cut off, as by a copy that ran out of space, that ends the process
 * with SIGBUS; and opening a named pipe waits for ever. What else is wrong the loader says itself.
 */
final class LibraryFile {

  /** More than any header table is long. */
  private static final int MOST_HEADERS = 1 << 24;

  private final Path path;
  private final FileChannel channel;
  private final long size;

  private LibraryFile(Path path, FileChannel channel) throws IOException {
    this.path = path;
    this.channel = channel;
    this.size = channel.size();
  }

  /** What is to be expected of giving a file to the loader. */
  enum Verdict {
    FITS,
    /** The loader says so, or goes on to its next folder. */
    ABSENT,
    /** The loader refuses it, or goes on to its next folder. */
    FOREIGN,
    /** The loader might not come back. */
    DANGEROUS
  }

  /**
   * What is known of a file.
   *
   * @param verdict in a word
   * @param text in a clause; empty if it fits
   */
  record Finding(Verdict verdict, String text) {

    static final Finding FITS = new Finding(Verdict.FITS, "");

    boolean fits() {
      return verdict == Verdict.FITS;
    }
  }

  /**
   * Looks at a file.
   *
   * @param path of the file
   * @param environment whose loader and machine it would be for
   * @return what is known of it
   */
  static Finding look(Path path, SearchEnvironment environment) {
    if (!Files.exists(path)) {
      boolean isLink = Files.exists(path, LinkOption.NOFOLLOW_LINKS);
      String absence =
          isLink ? " is a link to what is not there: " + target(path) : " is not there";
      return new Finding(Verdict.ABSENT, path + absence);
    }
    if (!Files.isRegularFile(path)) {
      String kind = Files.isDirectory(path) ? "folder" : "named pipe, a socket or a device";
      return new Finding(Verdict.DANGEROUS, path + " is no file but a " + kind);
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      LibraryFile file = new LibraryFile(path, channel);
      if (environment.isWindows()) {
        return PeHeaders.look(file, environment);
      }
      return environment.isLinux() ? ElfHeaders.look(file, environment) : Finding.FITS;
    } catch (IOException e) {
      return new Finding(Verdict.DANGEROUS, path + " cannot be read: " + e);
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException | UnsupportedOperationException e) {
      return "somewhere";
    }
  }

  /** So many bytes from a place, little-endian; empty if the file does not have them. */
  Optional<ByteBuffer> read(long from, long bytes) throws IOException {
    if (!has(from, bytes) || bytes > MOST_HEADERS) {
      return Optional.empty();
    }
    ByteBuffer buffer = ByteBuffer.allocate((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, from + buffer.position()) < 0) {
        return Optional.empty();
      }
    }
    return Optional.of(buffer.flip());
  }

  /** Whether the file reaches so far; both numbers are as unsigned as headers have them. */
  boolean has(long from, long bytes) {
    return from >= 0 && bytes >= 0 && from <= size && bytes <= size - from;
  }

  /** What is said of a file that ends before a thing does. */
  Finding cutOff(String what, long from, long bytes) {
    return new Finding(
        Verdict.DANGEROUS,
        path
            + " is cut off or damaged: it has "
            + size
            + " bytes, but "
            + what
            + " is "
            + Long.toUnsignedString(bytes)
            + " bytes from byte "
            + Long.toUnsignedString(from)
            + " on; install it anew");
  }

  /** What is said of a file that is no library. */
  Finding isNot(String what) {
    return new Finding(
        Verdict.DANGEROUS, path + " is no " + what + ", or damaged; it has " + size + " bytes");
  }

  /** What is said of a library for another machine. */
  Finding isFor(String machine, SearchEnvironment environment) {
    return new Finding(
        Verdict.FOREIGN,
        path
            + " is for another machine ("
            + machine
            + "); this Java runs on "
            + environment.property("os.arch").toLowerCase(Locale.ROOT));
  }
}

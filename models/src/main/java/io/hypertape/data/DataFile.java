package io.hypertape.data;

import io.hypertape.io.guard.FileKind;
import io.hypertape.io.guard.RegularFile;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** Files that may be compressed. */
final class DataFile {

  private static final int BUFFER = 1 << 16;

  /** Deflate (RFC 1951) makes at most 258 bytes of two bits. */
  private static final long RATIO = 1032;

  private DataFile() {}

  /**
   * Opens a file, compressed with gzip or not, as its first bytes tell.
   *
   * @param file the file
   * @param wanted what is expected, for the message if it is a folder
   * @return its contents; reading them ends when the thread is interrupted
   */
  static InputStream open(Path file, String wanted) throws IOException {
    return opened(file, wanted).in();
  }

  /** A file that may be compressed, and how many bytes it can have in all. */
  record Opened(InputStream in, long most, boolean packed) implements AutoCloseable {

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  /** As {@link #open}. */
  static Opened opened(Path file, String wanted) throws IOException {
    check(file, wanted);
    long size = Files.size(file);
    InputStream in =
        new BufferedInputStream(Cancelling.stream(Files.newInputStream(file), file), BUFFER);
    try {
      in.mark(2);
      boolean gzip = in.read() == 0x1f && in.read() == 0x8b;
      in.reset();
      return gzip
          ? new Opened(new GZIPInputStream(in, BUFFER), Math.multiplyExact(size, RATIO), true)
          : new Opened(in, size, false);
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  /** Refuses what is not a regular file, before opening it could block. */
  static void check(Path file, String wanted) throws IOException {
    Optional<String> problem = RegularFile.problem(file, wanted);
    if (problem.isPresent()) {
      throw new InvalidDataException(file + ": " + problem.get());
    }
  }

  /**
   * The same error, saying as well what the file is instead if its first bytes (unpacked) tell: a
   * page that says 404, a pointer of Git LFS, a pickle.
   */
  static InvalidDataException other(Path file, String problem) {
    byte[] head;
    try (InputStream in = open(file, "a file")) {
      head = in.readNBytes(FileKind.HEAD);
    } catch (IOException e) {
      // Damaged compression, say: what was found to be wrong is all that can be said.
      return new InvalidDataException(problem);
    }
    // Of an empty file the problem says already how many bytes it has.
    return new InvalidDataException(
        problem
            + (head.length == 0 ? Optional.<FileKind>empty() : FileKind.of(head))
                .map(kind -> "; the file is " + kind.insteadOfData())
                .orElse(""));
  }

  /** For a ZipException or an EOFException of a stream that {@link #open} gave. */
  static InvalidDataException damaged(Path file, IOException e) {
    return new InvalidDataException(file + ": damaged gzip data (" + e.getMessage() + ")");
  }
}

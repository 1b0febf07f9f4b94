package io.hypertape.data;

import io.hypertape.io.FileKind;
import io.hypertape.io.RegularFile;
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

  private DataFile() {}

  /**
   * Opens a file, compressed with gzip or not, as its first bytes tell.
   *
   * @param file the file
   * @param wanted what is expected, for the message if it is a folder
   * @return its contents; reading them ends when the thread is interrupted
   */
  static InputStream open(Path file, String wanted) throws IOException {
    check(file, wanted);
    InputStream in =
        new BufferedInputStream(Cancelling.stream(Files.newInputStream(file), file), BUFFER);
    try {
      in.mark(2);
      boolean gzip = in.read() == 0x1f && in.read() == 0x8b;
      in.reset();
      return gzip ? new GZIPInputStream(in, BUFFER) : in;
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

package io.hypertape.io;

import io.hypertape.checks.Nulls;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes a file whole or not at all: what was there before stays if writing fails. A thread that is
 * interrupted writes it all the same, and stays interrupted.
 */
public final class AtomicFile {

  /** Writes contents. */
  @FunctionalInterface
  public interface Writer {

    /**
     * Writes contents.
     *
     * @param out where to
     * @throws IOException if it cannot be written
     */
    void write(OutputStream out) throws IOException;
  }

  private AtomicFile() {}

  /**
   * Writes beside the file, flushes to the disk, and moves into place.
   *
   * @param file what to write
   * @param writer writes the contents
   * @throws IOException if writing fails, as on a full disk; names the file
   */
  public static void write(Path file, Writer writer) throws IOException {
    Nulls.check(file, "write: file");
    Nulls.check(writer, "write: writer");
    Path folder = file.toAbsolutePath().getParent();
    Path partial = folder.resolve(file.getFileName() + ".part");
    try {
      Files.createDirectories(folder);
      // Not through a channel, which the interrupt of a thread that shall stop would close.
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(partial), 1 << 16)) {
        writer.write(out);
      }
      Uninterrupted.call(() -> force(partial));
      Files.move(
          partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      try {
        Files.deleteIfExists(partial);
      } catch (IOException cleanup) {
        e.addSuppressed(cleanup);
      }
      throw new IOException(file + " could not be written: " + reason(e), e);
    }
  }

  private static Void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    return null;
  }

  private static String reason(IOException e) {
    if (e instanceof java.nio.file.FileSystemException f && f.getReason() != null) {
      return f.getReason();
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}

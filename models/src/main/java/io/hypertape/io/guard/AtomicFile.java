package io.hypertape.io.guard;

import io.hypertape.checks.Nulls;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Writes a file whole or not at all: what was there before stays if writing fails, and what is
 * there afterwards stays if the power fails. A thread that is interrupted writes it all the same,
 * and stays interrupted.
 *
 * <p>The contents go to a new file beside it, whose name nobody can foresee ({@code
 * NAME.RANDOM.part}), are brought to the disk and moved into place, and so is the folder's entry.
 * No link is followed: one that has the file's name is replaced, and what it leads to stays as it
 * is.
 */
public final class AtomicFile {

  private static final Logger LOG = System.getLogger(AtomicFile.class.getName());

  private static final int RANDOM_BYTES = 8;
  private static final String PART = ".part";
  private static final Pattern NAME_OF_PART = Pattern.compile(".+\\.[0-9a-f]{16}\\.part");
  private static final SecureRandom RANDOM = new SecureRandom();

  // Windows opens no folder as a file, and needs not be asked to.
  private static final boolean FOLDERS_ARE_FLUSHED =
      !System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");

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
   * @param file what to write, in a folder that is there
   * @param writer writes the contents
   * @throws IOException if writing fails, as on a full disk; names the file
   */
  public static void write(Path file, Writer writer) throws IOException {
    Nulls.check(file, "write: file");
    Nulls.check(writer, "write: writer");
    Path folder = file.toAbsolutePath().getParent();
    Path partial = folder.resolve(file.getFileName() + "." + random() + PART);
    try {
      if (!Files.isDirectory(folder)) {
        throw new IOException("there is no folder " + folder);
      }
      checkReplaceable(file);
      // Not through a channel, which the interrupt of a thread that shall stop would close.
      try (OutputStream out =
          new BufferedOutputStream(
              Files.newOutputStream(
                  partial, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              1 << 16)) {
        writer.write(out);
      }
      flush(partial);
      Files.move(
          partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      if (FOLDERS_ARE_FLUSHED) {
        force(folder, StandardOpenOption.READ);
      }
    } catch (IOException | RuntimeException | Error e) {
      try {
        Files.deleteIfExists(partial);
      } catch (IOException cleanup) {
        e.addSuppressed(cleanup);
      }
      if (e instanceof IOException failed) {
        throw new IOException(file + " could not be written: " + FileProblem.reason(failed), e);
      }
      throw e;
    }
  }

  /** A device or a pipe would be gone for all who use it. */
  private static void checkReplaceable(Path file) throws IOException {
    BasicFileAttributes there;
    try {
      there = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return;
    }
    if (!there.isRegularFile() && !there.isSymbolicLink()) {
      throw new IOException(
          there.isDirectory() ? "there is a folder of this name" : "a device or a pipe, no file");
    }
  }

  private static String random() {
    byte[] bytes = new byte[RANDOM_BYTES];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /**
   * Brings to the disk what was written to a file. A thread that is interrupted does so all the
   * same, and stays interrupted.
   *
   * @param file the file; a link is not followed
   * @throws IOException if that fails
   */
  public static void flush(Path file) throws IOException {
    Nulls.check(file, "flush: file");
    force(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
  }

  private static void force(Path file, OpenOption... how) throws IOException {
    Uninterrupted.call(
        () -> {
          try (FileChannel channel = FileChannel.open(file, how)) {
            channel.force(true);
          }
          return null;
        });
  }

  /**
   * Removes what writers have left that were killed. Only who owns a folder may do so, as a writer
   * at work loses its file, too.
   *
   * @param folder whose parts go; folders in it are left alone
   * @return how many there were
   * @throws IOException if the folder cannot be read; parts that cannot be removed are left, with a
   *     warning
   */
  public static int removeStrayParts(Path folder) throws IOException {
    Nulls.check(folder, "removeStrayParts: folder");
    int removed = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, AtomicFile::isPart)) {
      for (Path part : files) {
        try {
          Files.deleteIfExists(part);
          removed++;
        } catch (IOException e) {
          LOG.log(Level.WARNING, () -> part + " could not be removed: " + FileProblem.reason(e));
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return removed;
  }

  /**
   * Whether a file is what a killed writer has left: so named, and no folder and no link.
   *
   * @param file the file
   * @return whether it is one
   */
  public static boolean isPart(Path file) {
    Nulls.check(file, "isPart: file");
    Path name = file.getFileName();
    return name != null
        && NAME_OF_PART.matcher(name.toString()).matches()
        && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
  }
}

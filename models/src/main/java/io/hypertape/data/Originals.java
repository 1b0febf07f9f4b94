package io.hypertape.data;

import java.io.EOFException;
import java.io.IOException;
import java.lang.System.Logger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.ZipException;

/**
 * Whether what has been read of a published data set is what was published, told by the checksums
 * of its files' contents, unpacked. In the folder of our downloads it must be. Elsewhere it is what
 * the user says, such as another set in the same form, and is noted.
 */
final class Originals {

  private static final Logger LOG = System.getLogger(Originals.class.getName());

  private final String set;
  private final Map<String, String> sums;
  private final boolean required;
  private final Set<Path> others = new LinkedHashSet<>();

  private Originals(String set, Map<String, String> sums, boolean required) {
    this.set = set;
    this.sums = sums;
    this.required = required;
  }

  /**
   * Files that must be the published ones.
   *
   * @param set name of the data set, for people
   * @param sums SHA-256 of files' contents by name
   */
  static Originals required(String set, Map<String, String> sums) {
    return new Originals(set, sums, true);
  }

  /** Files of a folder that a user names; they must be the published ones if it is the cache. */
  static Originals in(Path folder, Path cache, String set, Map<String, String> sums) {
    return new Originals(set, sums, isWithin(folder, cache));
  }

  private static boolean isWithin(Path folder, Path cache) {
    try {
      return Files.exists(cache) && folder.toRealPath().startsWith(cache.toRealPath());
    } catch (IOException e) {
      // A folder that cannot be looked at cannot be read either, which its reader says.
      return false;
    }
  }

  /**
   * Compares what has been read.
   *
   * @param file where it was
   * @param name what the file is called in the published set
   * @param sum of its contents
   * @throws InvalidDataException if it is another one, and must not be
   */
  void check(Path file, String name, Checksum sum) throws InvalidDataException {
    String found = sum.text();
    if (sums.isEmpty()) {
      return;
    }
    if (found.equals(sums.get(name))) {
      return;
    }
    if (required) {
      throw new InvalidDataException(
          file
              + ": the sha256 of "
              + name
              + " is "
              + found
              + " instead of "
              + sums.get(name)
              + ": not "
              + set
              + " as it was published, which is all that is read from the folder of downloads;"
              + " remove it to have it downloaded again, and name another folder for data of your"
              + " own (--data-dir)");
    }
    others.add(file);
  }

  /** Whether a file has the published contents, compressed or not. */
  boolean has(Path file, String name) throws IOException {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    Checksum sum = new Checksum();
    byte[] chunk = new byte[1 << 16];
    try (DataFile.Opened opened = DataFile.opened(file, "a file of " + set)) {
      for (int n = opened.in().read(chunk); n >= 0; n = opened.in().read(chunk)) {
        sum.add(chunk, 0, n);
      }
    } catch (ZipException | EOFException e) {
      return false;
    }
    return sum.text().equals(sums.get(name));
  }

  /** Notes which files were others, if there were any. */
  void tell(Consumer<String> notes) {
    if (!others.isEmpty()) {
      notes.accept(
          others.iterator().next()
              + (others.size() == 1 ? "" : " and " + (others.size() - 1) + " more")
              + ": not "
              + set
              + " as it was published, by the sha256 of the contents; read as it is");
    }
  }

  /** Where notes go that nobody else asks for. */
  static void log(String note) {
    LOG.log(Logger.Level.INFO, note);
  }
}

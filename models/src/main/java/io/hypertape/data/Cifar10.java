package io.hypertape.data;

import io.hypertape.checks.Nulls;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipException;

/**
 * CIFAR-10 (Krizhevsky 2009): 50,000 and 10,000 photographs of 32×32 pixels in ten classes, in its
 * binary version, from a folder or an archive, or downloaded.
 */
public final class Cifar10 {

  /** Images in each of the six files. */
  static final int IMAGES = 10_000;

  private static final String ARCHIVE = "cifar-10-binary.tar.gz";
  private static final String FOLDER = "cifar-10-batches-bin";
  private static final String TEST = "test_batch.bin";

  /** A file of the version for Python, which has pickles. */
  private static final String PYTHON = "data_batch_1";

  private static final String OTHER_VERSION =
      "; it is the version for Python, and the binary version (" + ARCHIVE + ") is what is read";

  private static final List<String> TRAIN =
      List.of(
          "data_batch_1.bin",
          "data_batch_2.bin",
          "data_batch_3.bin",
          "data_batch_4.bin",
          "data_batch_5.bin");

  private static final List<URI> MIRRORS = List.of(URI.create("https://www.cs.toronto.edu/~kriz/"));

  static final Downloader.RemoteFile REMOTE =
      new Downloader.RemoteFile(
          ARCHIVE, 170_052_171, "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd");

  private final int imagesOfFile;
  private final CifarPart train;
  private final CifarPart test;

  private Cifar10(int imagesOfFile) {
    this.imagesOfFile = imagesOfFile;
    this.train = new CifarPart("cifar10 train", TRAIN.size(), imagesOfFile);
    this.test = new CifarPart("cifar10 test", 1, imagesOfFile);
  }

  /**
   * Reads the six files of a folder, each compressed with gzip or not, or the published archive.
   *
   * @param place the folder that has the files or the archive, or the archive itself
   * @return the training and the test set
   * @throws InvalidDataException if a file is missing, damaged or of another kind
   * @throws IOException if one cannot be read
   */
  public static DataSplit load(Path place) throws IOException {
    Nulls.check(place, "CIFAR-10: place");
    return load(place, IMAGES);
  }

  static DataSplit load(Path place, int imagesOfFile) throws IOException {
    if (!Files.exists(place)) {
      throw new InvalidDataException(
          place
              + ": there is no such folder; CIFAR-10's six files, such as "
              + TRAIN.getFirst()
              + ", or "
              + ARCHIVE
              + " are expected in it");
    }
    if (!Files.isDirectory(place)) {
      return fromArchive(place, imagesOfFile);
    }
    List<Path> files = files(place);
    if (files.isEmpty()) {
      return fromArchive(place.resolve(ARCHIVE), imagesOfFile);
    }
    Cifar10 set = new Cifar10(imagesOfFile);
    for (int i = 0; i < files.size(); i++) {
      set.read(i, files.get(i));
    }
    return set.split();
  }

  /** The six files; none if there is the archive instead. */
  private static List<Path> files(Path folder) throws InvalidDataException {
    List<String> missing = new ArrayList<>();
    for (Path place : List.of(folder, folder.resolve(FOLDER))) {
      List<Path> found = new ArrayList<>();
      missing.clear();
      for (int i = 0; i <= TRAIN.size(); i++) {
        Path plain = place.resolve(name(i));
        Path zipped = place.resolve(name(i) + ".gz");
        if (Files.isRegularFile(plain)) {
          found.add(plain);
        } else if (Files.isRegularFile(zipped)) {
          found.add(zipped);
        } else {
          missing.add(name(i));
        }
      }
      if (missing.isEmpty()) {
        return found;
      }
      if (!found.isEmpty()) {
        break;
      }
    }
    if (Files.isRegularFile(folder.resolve(ARCHIVE))) {
      return List.of();
    }
    throw new InvalidDataException(
        folder
            + ": CIFAR-10's "
            + String.join(", ", missing)
            + (missing.size() == 1 ? " is" : " are")
            + " missing (each may be compressed, as in "
            + TEST
            + ".gz), and so is "
            + ARCHIVE
            + (isPython(folder) ? OTHER_VERSION : ""));
  }

  private static boolean isPython(Path folder) {
    return List.of(folder, folder.resolve("cifar-10-batches-py")).stream()
        .anyMatch(place -> Files.isRegularFile(place.resolve(PYTHON)));
  }

  private static String name(int index) {
    return index < TRAIN.size() ? TRAIN.get(index) : TEST;
  }

  private void read(int index, Path file) throws IOException {
    try (InputStream in = DataFile.open(file, "a file of CIFAR-10")) {
      read(index, file.toString(), CifarPart.Source.of(in));
    } catch (InvalidDataException e) {
      throw DataFile.other(file, e.getMessage());
    } catch (ZipException | EOFException e) {
      throw DataFile.damaged(file, e);
    }
  }

  private void read(int index, String file, CifarPart.Source source) throws IOException {
    boolean isTest = index == TRAIN.size();
    (isTest ? test : train).read(isTest ? 0 : index, file, source);
  }

  private DataSplit split() {
    return new DataSplit("cifar10", train.images(), test.images());
  }

  private static DataSplit fromArchive(Path archive, int imagesOfFile) throws IOException {
    Cifar10 set = new Cifar10(imagesOfFile);
    List<String> wanted = new ArrayList<>(TRAIN);
    wanted.add(TEST);
    boolean isPython = false;
    try (InputStream in = DataFile.open(archive, ARCHIVE)) {
      TarReader tar = new TarReader(in, archive.toString());
      while (!wanted.isEmpty() && next(tar, archive)) {
        String name = tar.name().substring(tar.name().lastIndexOf('/') + 1);
        isPython |= name.equals(PYTHON);
        if (wanted.remove(name)) {
          set.read(
              tar, archive + ": " + name, name.equals(TEST) ? TRAIN.size() : TRAIN.indexOf(name));
        }
      }
    } catch (ZipException | EOFException e) {
      throw DataFile.damaged(archive, e);
    }
    if (!wanted.isEmpty()) {
      throw new InvalidDataException(
          archive
              + ": "
              + String.join(", ", wanted)
              + " not found in this archive"
              + (isPython ? OTHER_VERSION : ""));
    }
    return set.split();
  }

  private static boolean next(TarReader tar, Path archive) throws IOException {
    try {
      return tar.next();
    } catch (InvalidDataException e) {
      throw DataFile.other(archive, e.getMessage());
    }
  }

  private void read(TarReader tar, String file, int index) throws IOException {
    long expected = (long) imagesOfFile * CifarPart.RECORD;
    if (tar.size() != expected) {
      throw new InvalidDataException(
          file + ": " + tar.size() + " bytes; " + expected + " are expected");
    }
    read(index, file, tar::read);
  }

  /**
   * Where the download is kept: {@code hypertape/cifar10} in the user's cache folder.
   *
   * @return the folder, which may not exist yet
   */
  public static Path cacheFolder() {
    return Cache.folder("cifar10");
  }

  /**
   * Downloads the archive unless the cache folder has it, checks it, and reads it.
   *
   * @param progress hears how it goes
   * @return the training and the test set
   * @throws IOException if the download fails, with what to do instead, or the file is damaged
   */
  public static DataSplit download(DownloadProgress progress) throws IOException {
    Nulls.check(progress, "CIFAR-10: progress");
    return download(cacheFolder(), new Downloader(MIRRORS, progress), REMOTE, IMAGES);
  }

  static DataSplit download(
      Path folder, Downloader downloader, Downloader.RemoteFile file, int imagesOfFile)
      throws IOException {
    Path archive;
    try {
      archive = downloader.fetch(file, folder);
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(
          "CIFAR-10: "
              + e.getMessage()
              + "; put "
              + ARCHIVE
              + " into "
              + folder
              + ", or name the folder of its six files with --data-dir",
          e);
    }
    return fromArchive(archive, imagesOfFile);
  }
}

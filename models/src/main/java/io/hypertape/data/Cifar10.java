package io.hypertape.data;

import io.hypertape.checks.Nulls;
import io.hypertape.io.guard.FileProblem;
import io.hypertape.io.guard.HeapRoom;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
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

  /** SHA-256 of the contents of the six files. */
  static final Map<String, String> CONTENTS =
      Map.of(
          "data_batch_1.bin",
          "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5",
          "data_batch_2.bin",
          "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed",
          "data_batch_3.bin",
          "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67",
          "data_batch_4.bin",
          "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48",
          "data_batch_5.bin",
          "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add",
          TEST,
          "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b");

  private static final String SET = "CIFAR-10";

  private final int imagesOfFile;
  private final Originals originals;
  private final CifarPart train;
  private final CifarPart test;

  private Cifar10(Path place, int imagesOfFile, Originals originals, HeapRoom room)
      throws InvalidDataException {
    this.imagesOfFile = imagesOfFile;
    this.originals = originals;
    long bytes = (long) (TRAIN.size() + 1) * imagesOfFile * CifarPart.RECORD;
    if (!room.fits(bytes)) {
      String what = (TRAIN.size() + 1) * imagesOfFile + " images of 3×32×32";
      throw new InvalidDataException(place + ": " + room.lacking(what, bytes));
    }
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
    return load(place, Originals::log);
  }

  /**
   * Reads the six files of a folder, each compressed with gzip or not, or the published archive.
   * Files that are not the published ones are read as well, unless the folder is that of the
   * downloads.
   *
   * @param place the folder that has the files or the archive, or the archive itself
   * @param notes hears, in a line for people, that files are not the published ones
   * @return the training and the test set
   * @throws InvalidDataException if a file is missing, damaged or of another kind
   * @throws IOException if one cannot be read
   */
  public static DataSplit load(Path place, Consumer<String> notes) throws IOException {
    Nulls.check(place, "CIFAR-10: place");
    Nulls.check(notes, "CIFAR-10: notes");
    Originals originals = Originals.in(place, cacheFolder(), SET, CONTENTS);
    DataSplit data = load(place, IMAGES, originals);
    originals.tell(notes);
    return data;
  }

  static DataSplit load(Path place, int imagesOfFile) throws IOException {
    // A set of another size is none that was published.
    return load(place, imagesOfFile, Originals.in(place, cacheFolder(), SET, Map.of()));
  }

  static DataSplit load(Path place, int imagesOfFile, Originals originals) throws IOException {
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
      return fromArchive(place, imagesOfFile, originals);
    }
    List<Path> files = files(place);
    if (files.isEmpty()) {
      return fromArchive(place.resolve(ARCHIVE), imagesOfFile, originals);
    }
    Cifar10 set = new Cifar10(place, imagesOfFile, originals, HeapRoom.ofJvm());
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
      read(index, file, file.toString(), CifarPart.Source.of(in));
    } catch (InvalidDataException e) {
      throw DataFile.other(file, e.getMessage());
    } catch (ZipException | EOFException e) {
      throw DataFile.damaged(file, e);
    }
  }

  private void read(int index, Path file, String where, CifarPart.Source source)
      throws IOException {
    boolean isTest = index == TRAIN.size();
    Checksum sum = new Checksum();
    (isTest ? test : train).read(isTest ? 0 : index, where, source.summed(sum));
    originals.check(file, name(index), sum);
  }

  private DataSplit split() {
    return new DataSplit("cifar10", train.images(), test.images());
  }

  private static DataSplit fromArchive(Path archive, int imagesOfFile, Originals originals)
      throws IOException {
    DataFile.check(archive, ARCHIVE);
    Cifar10 set = new Cifar10(archive, imagesOfFile, originals, HeapRoom.ofJvm());
    List<String> wanted = new ArrayList<>(TRAIN);
    wanted.add(TEST);
    boolean isPython = false;
    try (InputStream in = DataFile.open(archive, ARCHIVE)) {
      TarReader tar = new TarReader(in, archive.toString());
      while (!wanted.isEmpty() && next(tar, archive)) {
        String name = tar.name().substring(tar.name().lastIndexOf('/') + 1);
        isPython |= name.equals(PYTHON);
        if (wanted.remove(name)) {
          set.read(tar, archive, name.equals(TEST) ? TRAIN.size() : TRAIN.indexOf(name));
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

  private void read(TarReader tar, Path archive, int index) throws IOException {
    String file = archive + ": " + name(index);
    long expected = (long) imagesOfFile * CifarPart.RECORD;
    if (tar.size() != expected) {
      throw new InvalidDataException(
          file + ": " + tar.size() + " bytes; " + expected + " are expected");
    }
    read(index, archive, file, tar::read);
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
    Downloader downloader = new Downloader(MIRRORS, progress);
    return download(cacheFolder(), downloader, REMOTE, IMAGES, CONTENTS);
  }

  /** Reads the very archive that is downloaded, whatever else the folder has. */
  static DataSplit download(
      Path folder,
      Downloader downloader,
      Downloader.RemoteFile file,
      int imagesOfFile,
      Map<String, String> contents)
      throws IOException {
    Originals originals = Originals.required(SET, contents);
    Path archive;
    try {
      if (!Files.exists(folder.resolve(file.name())) && hasAll(folder, originals)) {
        return load(folder, imagesOfFile, originals);
      }
      archive = downloader.fetch(file, folder);
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(
          "CIFAR-10: "
              + FileProblem.line(e)
              + "; put "
              + ARCHIVE
              + " into "
              + folder
              + ", or name the folder of its six files with --data-dir",
          e);
    }
    return fromArchive(archive, imagesOfFile, originals);
  }

  /** The six files, put there by hand, perhaps where there is no network. */
  private static boolean hasAll(Path folder, Originals originals) throws IOException {
    List<Path> files;
    try {
      files = files(folder);
    } catch (InvalidDataException e) {
      return false;
    }
    for (int i = 0; i < files.size(); i++) {
      if (!originals.has(files.get(i), name(i))) {
        return false;
      }
    }
    return !files.isEmpty();
  }
}

package io.hypertape.data;

import io.hypertape.checks.Nulls;
import io.hypertape.io.guard.FileProblem;
import io.hypertape.io.guard.HeapRoom;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * MNIST (LeCun, Cortes, Burges 1998): 60,000 and 10,000 handwritten digits of 28×28 pixels, from a
 * folder or downloaded into one.
 */
public final class Mnist {

  private static final List<String> CLASSES =
      List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
  private static final String TRAIN_IMAGES = "train-images-idx3-ubyte";
  private static final String TRAIN_LABELS = "train-labels-idx1-ubyte";
  private static final String TEST_IMAGES = "t10k-images-idx3-ubyte";
  private static final String TEST_LABELS = "t10k-labels-idx1-ubyte";

  private static final List<URI> MIRRORS =
      List.of(
          URI.create("https://ossci-datasets.s3.amazonaws.com/mnist/"),
          URI.create("https://storage.googleapis.com/cvdf-datasets/mnist/"));

  static final List<Downloader.RemoteFile> FILES =
      List.of(
          new Downloader.RemoteFile(
              TRAIN_IMAGES + ".gz",
              9_912_422,
              "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
          new Downloader.RemoteFile(
              TRAIN_LABELS + ".gz",
              28_881,
              "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
          new Downloader.RemoteFile(
              TEST_IMAGES + ".gz",
              1_648_877,
              "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
          new Downloader.RemoteFile(
              TEST_LABELS + ".gz",
              4_542,
              "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"));

  /** SHA-256 of the contents, unpacked. */
  static final Map<String, String> CONTENTS =
      Map.of(
          TRAIN_IMAGES,
          "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
          TRAIN_LABELS,
          "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
          TEST_IMAGES,
          "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
          TEST_LABELS,
          "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2");

  private static final String SET = "MNIST";

  private Mnist() {}

  /**
   * Reads the four files of a folder, each compressed with gzip or not.
   *
   * @param folder where they are
   * @return the training and the test set
   * @throws InvalidDataException if a file is missing, damaged or of another kind
   * @throws IOException if one cannot be read
   */
  public static DataSplit load(Path folder) throws IOException {
    return load(folder, Originals::log);
  }

  /**
   * Reads the four files of a folder, each compressed with gzip or not. Those that are not the
   * published ones are read as well, unless the folder is that of the downloads.
   *
   * @param folder where they are
   * @param notes hears, in a line for people, that files are not the published ones
   * @return the training and the test set
   * @throws InvalidDataException if a file is missing, damaged or of another kind
   * @throws IOException if one cannot be read
   */
  public static DataSplit load(Path folder, Consumer<String> notes) throws IOException {
    Nulls.check(folder, "MNIST: folder");
    Nulls.check(notes, "MNIST: notes");
    if (!Files.isDirectory(folder)) {
      throw new InvalidDataException(
          folder
              + (Files.exists(folder) ? ": a file, not a folder" : ": there is no such folder")
              + "; MNIST's four files, such as "
              + TRAIN_IMAGES
              + ".gz, are expected in it");
    }
    Map<String, Path> files = new HashMap<>();
    for (String name : List.of(TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS)) {
      files.put(name, find(folder, name));
    }
    Originals originals = Originals.in(folder, cacheFolder(), SET, CONTENTS);
    DataSplit data = read(folder, files, originals);
    originals.tell(notes);
    return data;
  }

  private static DataSplit read(Path folder, Map<String, Path> files, Originals originals)
      throws IOException {
    HeapRoom room = HeapRoom.ofJvm();
    LabeledImages train = part("mnist train", TRAIN_IMAGES, TRAIN_LABELS, files, originals, room);
    LabeledImages test = part("mnist test", TEST_IMAGES, TEST_LABELS, files, originals, room);
    try {
      return new DataSplit("mnist", train, test);
    } catch (IllegalArgumentException e) {
      throw new InvalidDataException(folder + ": " + e.getMessage());
    }
  }

  private static LabeledImages part(
      String name,
      String images,
      String labels,
      Map<String, Path> files,
      Originals originals,
      HeapRoom room)
      throws IOException {
    Path imageFile = files.get(images);
    Checksum sum = new Checksum();
    Idx.Images read = Idx.readImages(imageFile, room, sum);
    if (read.count() == 0) {
      throw new InvalidDataException(imageFile + ": holds no images");
    }
    originals.check(imageFile, images, sum);
    Path labelFile = files.get(labels);
    byte[] classes = Idx.readLabels(labelFile, CLASSES.size(), room, sum);
    if (classes.length != read.count()) {
      throw new InvalidDataException(
          labelFile + ": " + classes.length + " labels for " + read.count() + " images");
    }
    originals.check(labelFile, labels, sum);
    return LabeledImages.adopt(
        name, 1, read.height(), read.width(), CLASSES.size(), read.pixels(), classes, CLASSES);
  }

  private static Path find(Path folder, String name) throws IOException {
    List<String> tried = new ArrayList<>();
    List<Path> others = new ArrayList<>();
    for (String base : new String[] {name, name.replace("-idx", ".idx")}) {
      for (String ending : new String[] {"", ".gz"}) {
        Path file = folder.resolve(base + ending);
        if (Files.isRegularFile(file)) {
          return file;
        }
        if (Files.exists(file)) {
          others.add(file);
        }
        tried.add(base + ending);
      }
    }
    if (!others.isEmpty()) {
      DataFile.check(others.getFirst(), "a file of MNIST");
    }
    throw new InvalidDataException(folder + ": none of " + String.join(", ", tried));
  }

  /**
   * Where downloads are kept: {@code hypertape/mnist} in the user's cache folder.
   *
   * @return the folder, which may not exist yet
   */
  public static Path cacheFolder() {
    return Cache.folder("mnist");
  }

  /**
   * Downloads what the cache folder lacks, checks it, and reads it.
   *
   * @param progress hears how it goes
   * @return the training and the test set
   * @throws IOException if the download fails, with what to do instead, or a file is damaged
   */
  public static DataSplit download(DownloadProgress progress) throws IOException {
    Nulls.check(progress, "MNIST: progress");
    return download(cacheFolder(), new Downloader(MIRRORS, progress), FILES, CONTENTS);
  }

  /** Reads the very files that are downloaded, whatever else the folder has. */
  static DataSplit download(
      Path folder,
      Downloader downloader,
      List<Downloader.RemoteFile> remotes,
      Map<String, String> contents)
      throws IOException {
    Originals originals = Originals.required(SET, contents);
    Map<String, Path> files = new HashMap<>();
    try {
      for (Downloader.RemoteFile remote : remotes) {
        String name = remote.name().replace(".gz", "");
        Path unpacked = folder.resolve(name);
        // Put there by hand, perhaps where there is no network: as good if it is the same.
        files.put(
            name,
            !Files.exists(folder.resolve(remote.name())) && originals.has(unpacked, name)
                ? unpacked
                : downloader.fetch(remote, folder));
      }
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(
          "MNIST: "
              + FileProblem.line(e)
              + "; put its four files into "
              + folder
              + ", or name their folder with --data-dir",
          e);
    }
    return read(folder, files, originals);
  }
}

package io.hypertape.data;

import io.hypertape.checks.Nulls;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
    Nulls.check(folder, "MNIST: folder");
    if (!Files.isDirectory(folder)) {
      throw new InvalidDataException(
          folder
              + (Files.exists(folder) ? ": a file, not a folder" : ": there is no such folder")
              + "; MNIST's four files, such as "
              + TRAIN_IMAGES
              + ".gz, are expected in it");
    }
    LabeledImages train = part(folder, "mnist train", TRAIN_IMAGES, TRAIN_LABELS);
    LabeledImages test = part(folder, "mnist test", TEST_IMAGES, TEST_LABELS);
    try {
      return new DataSplit("mnist", train, test);
    } catch (IllegalArgumentException e) {
      throw new InvalidDataException(folder + ": " + e.getMessage());
    }
  }

  private static LabeledImages part(Path folder, String name, String images, String labels)
      throws IOException {
    Path imageFile = find(folder, images);
    Idx.Images read = Idx.readImages(imageFile);
    if (read.count() == 0) {
      throw new InvalidDataException(imageFile + ": holds no images");
    }
    Path labelFile = find(folder, labels);
    byte[] classes = Idx.readLabels(labelFile, CLASSES.size());
    if (classes.length != read.count()) {
      throw new InvalidDataException(
          labelFile + ": " + classes.length + " labels for " + read.count() + " images");
    }
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
    return download(cacheFolder(), new Downloader(MIRRORS, progress), FILES);
  }

  static DataSplit download(Path folder, Downloader downloader, List<Downloader.RemoteFile> files)
      throws IOException {
    try {
      for (Downloader.RemoteFile file : files) {
        downloader.fetch(file, folder);
      }
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(
          "MNIST: "
              + e.getMessage()
              + "; put its four files into "
              + folder
              + ", or name their folder with --data-dir",
          e);
    }
    return load(folder);
  }
}

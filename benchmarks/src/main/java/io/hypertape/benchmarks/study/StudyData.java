package io.hypertape.benchmarks.study;

import io.hypertape.data.Cifar10;
import io.hypertape.data.DataSplit;
import io.hypertape.data.DownloadProgress;
import io.hypertape.data.InvalidDataException;
import io.hypertape.data.Mnist;
import io.hypertape.data.TextCorpus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Loads what tasks learn from, each data set when it is first asked for. */
final class StudyData {

  /** Every tenth image of MNIST's training set is held back: 54,000 and 6,000 remain. */
  private static final int MNIST_EVERY = 10;

  /** The first images of CIFAR-10, of which every sixth is held back: 10,000 and 2,000 remain. */
  private static final int CIFAR_IMAGES = 12_000;

  private static final int CIFAR_EVERY = 6;
  private static final int CIFAR_TEST = 5_000;

  private static final String TEXT = "tinyshakespeare_input.txt";

  private final Optional<Path> folder;
  private final Optional<Path> file;
  private final DownloadProgress progress;
  private Optional<ImageData> mnist = Optional.empty();
  private Optional<ImageData> cifar = Optional.empty();
  private Optional<TextCorpus> text = Optional.empty();

  /**
   * Nothing is loaded yet.
   *
   * @param folder with folders mnist, cifar10 and text, or of the files of one of the first two;
   *     images are downloaded if there is none
   * @param file the text; that of the folder if there is none
   * @param progress hears how a download goes
   */
  StudyData(Optional<Path> folder, Optional<Path> file, DownloadProgress progress) {
    this.folder = folder;
    this.file = file;
    this.progress = progress;
  }

  ImageData mnist() throws IOException {
    if (mnist.isEmpty()) {
      DataSplit all = folder.isPresent() ? Mnist.load(within("mnist")) : Mnist.download(progress);
      mnist = Optional.of(ImageData.of(all, MNIST_EVERY));
    }
    return mnist.get();
  }

  ImageData cifar() throws IOException {
    if (cifar.isEmpty()) {
      DataSplit all =
          folder.isPresent() ? Cifar10.load(within("cifar10")) : Cifar10.download(progress);
      DataSplit few =
          new DataSplit(all.name(), all.train().first(CIFAR_IMAGES), all.test().first(CIFAR_TEST));
      cifar = Optional.of(ImageData.of(few, CIFAR_EVERY).normalized());
    }
    return cifar.get();
  }

  private Path within(String name) {
    Path place = folder.orElseThrow();
    Path inner = place.resolve(name);
    return Files.isDirectory(inner) ? inner : place;
  }

  TextCorpus text() throws IOException {
    if (text.isEmpty()) {
      Path place =
          file.or(() -> folder.map(f -> f.resolve("text").resolve(TEXT)))
              .orElseThrow(
                  () ->
                      new InvalidDataException(
                          "the character LSTMs need a text: name a file in UTF-8 with --text"));
      text = Optional.of(TextCorpus.load(place));
    }
    return text.get();
  }
}

package io.hypertape.benchmarks.paper;

import io.hypertape.data.Cifar10;
import io.hypertape.data.DataSplit;
import io.hypertape.data.DownloadProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Loads what RNN and CNN are trained on, once, and gives it the length that was asked for. */
final class Courses {

  /**
   * What was asked for.
   *
   * @param quick whether runs are short ones on little data
   * @param text the RNN's
   * @param data a folder of CIFAR-10, or one with such a folder cifar10; null to download it
   * @param steps of the RNN; 0 for as many as suit
   * @param epochs of the CNN; 0 for as many as suit
   */
  record Wish(boolean quick, Path text, Path data, long steps, int epochs) {}

  /** Half an hour or so on a processor; the paper's 50 epochs would be some fifteen times that. */
  static final long STEPS = 3000;

  static final long QUICK_STEPS = 200;
  static final int QUICK_CHARACTERS = 300_000;

  /** As in the paper, for a GPU. */
  static final int EPOCHS = 200;

  private static final int QUICK_TRAIN = 512;
  private static final int QUICK_TEST = 256;

  private final Wish wish;
  private final DownloadProgress progress;
  private Optional<Course> rnn = Optional.empty();
  private Optional<DataSplit> images = Optional.empty();

  /**
   * Nothing is loaded yet.
   *
   * @param wish what was asked for
   * @param progress hears how a download goes
   */
  Courses(Wish wish, DownloadProgress progress) {
    this.wish = wish;
    this.progress = progress;
  }

  Course rnn() throws IOException {
    if (rnn.isEmpty()) {
      long chosen = wish.steps() > 0 ? wish.steps() : wish.quick() ? QUICK_STEPS : STEPS;
      rnn =
          Optional.of(
              wish.quick()
                  ? CharRnn.quick(wish.text(), QUICK_CHARACTERS, chosen)
                  : CharRnn.whole(wish.text(), chosen));
    }
    return rnn.get();
  }

  /** The CNN, for so many epochs if no number was asked for and it is not a quick run. */
  Course cnn(int usual) throws IOException {
    if (images.isEmpty()) {
      images = Optional.of(cifar());
    }
    int chosen = wish.epochs() > 0 ? wish.epochs() : wish.quick() ? 1 : usual;
    return wish.quick()
        ? CifarResNet.quick(images.get(), QUICK_TRAIN, QUICK_TEST, chosen)
        : CifarResNet.whole(images.get(), chosen);
  }

  private DataSplit cifar() throws IOException {
    if (wish.data() == null) {
      return Cifar10.download(progress);
    }
    Path within = wish.data().resolve("cifar10");
    return Cifar10.load(Files.isDirectory(within) ? within : wish.data());
  }
}

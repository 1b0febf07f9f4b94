package io.hypertape.benchmarks.paper;

import io.hypertape.data.Cifar10;
import io.hypertape.data.DataSplit;
import io.hypertape.data.DownloadProgress;
import io.hypertape.data.Mnist;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Loads what is trained on, once, and gives it the length that was asked for. */
final class TrainingRuns {

  /**
   * What was asked for.
   *
   * @param quick whether runs are short ones on little data
   * @param text the RNN's
   * @param data a folder of MNIST or CIFAR-10, or one with such folders mnist and cifar10; null to
   *     download them
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
  private Optional<TrainingRun> rnn = Optional.empty();
  private Optional<DataSplit> images = Optional.empty();
  private Optional<MnistMlp> mlp = Optional.empty();

  /**
   * Nothing is loaded yet.
   *
   * @param wish what was asked for
   * @param progress hears how a download goes
   */
  TrainingRuns(Wish wish, DownloadProgress progress) {
    this.wish = wish;
    this.progress = progress;
  }

  /** The MLP for so many epochs. */
  MnistMlp mlp(int epochs) throws IOException {
    if (mlp.isEmpty()) {
      mlp = Optional.of(MnistMlp.of(mnist(), epochs));
    }
    return mlp.get().withEpochs(epochs);
  }

  TrainingRun rnn() throws IOException {
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
  TrainingRun cnn(int usual) throws IOException {
    if (images.isEmpty()) {
      images = Optional.of(cifar());
    }
    int chosen = wish.epochs() > 0 ? wish.epochs() : wish.quick() ? 1 : usual;
    return wish.quick()
        ? CifarResNet.quick(images.get(), QUICK_TRAIN, QUICK_TEST, chosen)
        : CifarResNet.whole(images.get(), chosen);
  }

  private DataSplit cifar() throws IOException {
    return wish.data() == null ? Cifar10.download(progress) : Cifar10.load(folder("cifar10"));
  }

  private DataSplit mnist() throws IOException {
    return wish.data() == null ? Mnist.download(progress) : Mnist.load(folder("mnist"));
  }

  private Path folder(String name) {
    Path within = wish.data().resolve(name);
    return Files.isDirectory(within) ? within : wish.data();
  }
}

package io.hypertape.benchmarks.paper;

import io.hypertape.data.Cifar10;
import io.hypertape.data.DataSplit;
import io.hypertape.data.DownloadProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Loads what RNN and CNN are trained on, in the length that was asked for.
 *
 * @param quick whether runs are short ones on little data
 * @param text the RNN's
 * @param data a folder of CIFAR-10, or one with such a folder cifar10; null to download it
 * @param steps of the RNN; 0 for as many as suit
 * @param epochs of the CNN; 0 for as many as suit
 * @param progress hears how a download goes
 */
record Courses(
    boolean quick, Path text, Path data, long steps, int epochs, DownloadProgress progress) {

  /** Half an hour or so on a processor; the paper's 50 epochs would be some fifteen times that. */
  static final long STEPS = 3000;

  static final long QUICK_STEPS = 200;
  static final int QUICK_CHARACTERS = 300_000;

  /** As in the paper, for a GPU. */
  static final int EPOCHS = 200;

  private static final int QUICK_TRAIN = 512;
  private static final int QUICK_TEST = 256;

  Course rnn() throws IOException {
    long chosen = steps > 0 ? steps : quick ? QUICK_STEPS : STEPS;
    return quick ? CharRnn.quick(text, QUICK_CHARACTERS, chosen) : CharRnn.whole(text, chosen);
  }

  Course cnn() throws IOException {
    DataSplit images = cifar();
    int chosen = epochs > 0 ? epochs : quick ? 1 : EPOCHS;
    return quick
        ? CifarResNet.quick(images, QUICK_TRAIN, QUICK_TEST, chosen)
        : CifarResNet.whole(images, chosen);
  }

  private DataSplit cifar() throws IOException {
    if (data == null) {
      return Cifar10.download(progress);
    }
    Path within = data.resolve("cifar10");
    return Cifar10.load(Files.isDirectory(within) ? within : data);
  }
}

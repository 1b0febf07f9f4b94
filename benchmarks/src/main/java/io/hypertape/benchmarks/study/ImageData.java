package io.hypertape.benchmarks.study;

import io.hypertape.benchmarks.parts.Digest;
import io.hypertape.data.DataSplit;
import io.hypertape.data.LabeledImages;
import io.hypertape.data.Normalization;
import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Images in three parts.
 *
 * @param name of the data set
 * @param train to learn from
 * @param valid to choose step sizes by
 * @param test to judge by; nothing is chosen by it
 * @param normalization what becomes of pixels
 * @param digest of all of them
 */
record ImageData(
    String name,
    LabeledImages train,
    LabeledImages valid,
    LabeledImages test,
    Normalization normalization,
    String digest) {

  /**
   * Holds back every so-many-th image of those to learn from: of MNIST's every tenth, the 10th,
   * 20th and so on.
   *
   * @param all images to learn from and to judge by
   * @param every how many; at least 2
   * @return the three parts, pixels in [0, 1]
   */
  static ImageData of(DataSplit all, int every) {
    LabeledImages train = only(all.train(), i -> i % every != every - 1);
    LabeledImages valid = only(all.train(), i -> i % every == every - 1);
    return new ImageData(
        all.name(),
        train,
        valid,
        all.test(),
        Normalization.none(train.channels()),
        Digest.of(
            all.train().pixels(), all.train().labels(), all.test().pixels(), all.test().labels()));
  }

  /** The same with channels of mean 0 and deviation 1 on the images to learn from. */
  ImageData normalized() {
    return new ImageData(name, train, valid, test, Normalization.of(train), digest);
  }

  /** The same with no more than so many images to learn from, the first ones. */
  ImageData learningFrom(int images) {
    return new ImageData(name, train.first(images), valid, test, normalization, digest);
  }

  /** For keys: sizes, and the digest of what they were taken from. */
  String text() {
    return name
        + " "
        + train.size()
        + " + "
        + valid.size()
        + " + "
        + test.size()
        + " images of "
        + digest
        + ", "
        + normalization;
  }

  private static LabeledImages only(LabeledImages images, IntPredicate chosen) {
    int[] places = IntStream.range(0, images.size()).filter(chosen).toArray();
    int size = images.features();
    byte[] from = images.pixels();
    byte[] classes = images.labels();
    byte[] pixels = new byte[places.length * size];
    byte[] labels = new byte[places.length];
    for (int i = 0; i < places.length; i++) {
      System.arraycopy(from, places[i] * size, pixels, i * size, size);
      labels[i] = classes[places[i]];
    }
    return new LabeledImages(
        images.name(),
        images.channels(),
        images.height(),
        images.width(),
        images.classes(),
        pixels,
        labels,
        images.classNames());
  }

  /** Mean squared distance of the test images from the mean image, of pixels in [0, 1]. */
  double distanceFromMean() {
    int size = train.features();
    double[] mean = new double[size];
    byte[] pixels = train.pixels();
    for (int i = 0; i < pixels.length; i++) {
      mean[i % size] += (pixels[i] & 0xFF) / 255.0;
    }
    double count = train.size();
    double[] means = Arrays.stream(mean).map(sum -> sum / count).toArray();
    byte[] judged = test.pixels();
    double squares = 0;
    for (int i = 0; i < judged.length; i++) {
      double apart = (judged[i] & 0xFF) / 255.0 - means[i % size];
      squares += apart * apart;
    }
    return squares / judged.length;
  }
}

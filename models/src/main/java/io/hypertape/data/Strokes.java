package io.hypertape.data;

import io.hypertape.io.guard.HeapRoom;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A data set that needs no download: 28×28 digits that the program draws from pen strokes, several
 * ways of writing each, with random wobble, elastic and affine distortion, pressure, stray marks
 * and noise. Image i depends on seed, part and i alone, so that the set is the same on every
 * machine and for any number of threads.
 */
public final class Strokes {

  /** Images in the training set. */
  public static final int TRAIN = 60_000;

  /** Images in the test set. */
  public static final int TEST = 10_000;

  private static final List<String> CLASSES =
      List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");

  /** Those that fit in an array. */
  private static final int MAX_IMAGES =
      (Integer.MAX_VALUE - 8) / (StrokeDrawing.SIDE * StrokeDrawing.SIDE);

  private Strokes() {}

  /**
   * Draws 60,000 and 10,000 images.
   *
   * @param seed equal seeds give equal sets
   * @return the training and the test set
   * @throws IllegalArgumentException if the heap has no room for them, which are 52 MiB
   */
  public static DataSplit generate(long seed) {
    return generate(seed, TRAIN, TEST);
  }

  /**
   * Draws fewer or more.
   *
   * @param seed equal seeds give equal sets
   * @param train images to learn from
   * @param test images to judge by
   * @return the training and the test set
   * @throws IllegalArgumentException if a number is negative, or so many are too many for an array
   *     or for the heap
   */
  public static DataSplit generate(long seed, int train, int test) {
    long bytes = ((long) train + test) * (StrokeDrawing.SIDE * StrokeDrawing.SIDE + 1);
    HeapRoom room = HeapRoom.ofJvm();
    if (isCount(train) && isCount(test) && !room.fits(bytes)) {
      throw new IllegalArgumentException(
          room.lacking("strokes: " + train + " and " + test + " images", bytes));
    }
    return new DataSplit(
        "strokes", part("strokes train", seed, 1, train), part("strokes test", seed, 2, test));
  }

  private static boolean isCount(int images) {
    return images >= 0 && images <= MAX_IMAGES;
  }

  private static LabeledImages part(String name, long seed, long stream, int count) {
    if (!isCount(count)) {
      throw new IllegalArgumentException(
          name + ": " + count + " images; 0 to " + MAX_IMAGES + " fit");
    }
    int features = StrokeDrawing.SIDE * StrokeDrawing.SIDE;
    byte[] pixels = new byte[count * features];
    byte[] labels = new byte[count];
    Thread caller = Thread.currentThread();
    IntStream.range(0, count)
        .parallel()
        .forEach(
            i -> {
              Cancelling.check(name, caller);
              Generator random = new Generator(seed, stream, i);
              int digit = random.below(CLASSES.size());
              labels[i] = (byte) digit;
              new StrokeDrawing(random).draw(digit, pixels, i * features);
            });
    return LabeledImages.adopt(
        name, 1, StrokeDrawing.SIDE, StrokeDrawing.SIDE, CLASSES.size(), pixels, labels, CLASSES);
  }
}

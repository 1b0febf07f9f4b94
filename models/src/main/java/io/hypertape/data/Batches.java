package io.hypertape.data;

import io.hypertape.checks.Nulls;

/**
 * Mini-batches of a set, an epoch at a time. The arrays are reused: copy what shall outlive the
 * next batch. Not safe for several threads; {@link BatchLoader} makes them ahead, on a thread of
 * its own.
 */
public final class Batches implements BatchLoader.Source {

  /** What becomes of the images that fill no whole batch. */
  public enum LastBatch {
    /** They make a smaller one, as PyTorch's loader does by default. */
    KEEP,
    /** They are left out. */
    DROP
  }

  private static final long ORDER_STREAM = 0x6f72646572L;

  private final LabeledImages images;
  private final int batch;
  private final int[] order;
  private final int end;
  private final float[] x;
  private final int[] y;
  private final float[][] table;
  private final Augmentation augmentation;
  private LabeledImages.Shift shift = LabeledImages.Shift.NONE;
  private int at;
  private int rows;

  /**
   * Batches of a set in its own order, pixels in [0, 1].
   *
   * @param images the set
   * @param batch images a batch, at least 1
   * @param last what becomes of the rest
   */
  public Batches(LabeledImages images, int batch, LastBatch last) {
    this(images, batch, last, Preparation.none(Nulls.check(images, "batches: images").channels()));
  }

  /**
   * Batches of a set in its own order.
   *
   * @param images the set
   * @param batch images a batch, at least 1
   * @param last what becomes of the rest
   * @param preparation what becomes of every image
   */
  public Batches(LabeledImages images, int batch, LastBatch last, Preparation preparation) {
    Nulls.check(images, "batches: images");
    Nulls.check(last, "batches: last");
    Nulls.check(preparation, "batches: preparation");
    if (batch < 1) {
      throw new IllegalArgumentException("batch is " + batch + "; at least 1 is needed");
    }
    preparation.checkFits(images);
    this.images = images;
    this.table = preparation.normalization().table();
    this.augmentation = preparation.augmentation();
    this.batch = Math.min(batch, Math.max(images.size(), 1));
    this.order = new int[images.size()];
    this.end = last == LastBatch.KEEP ? order.length : order.length / batch * batch;
    this.x = new float[this.batch * images.features()];
    this.y = new int[this.batch];
    inOrder();
  }

  private void inOrder() {
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
  }

  /** Begins an epoch in the set's own order, images as they are. */
  public void restart() {
    inOrder();
    shift = LabeledImages.Shift.NONE;
    at = 0;
  }

  /**
   * Begins an epoch in random order (Fisher and Yates' shuffle), images varied if that is wanted.
   *
   * @param seed equal seeds and epochs give equal orders and variations
   * @param epoch number of the epoch
   */
  @Override
  public void shuffle(long seed, int epoch) {
    restart();
    Generator random = new Generator(seed, ORDER_STREAM, epoch);
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.below(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    if (augmentation != Augmentation.NONE) {
      shift = image -> augmentation.move(seed, epoch, image);
    }
  }

  /**
   * Number of batches in an epoch.
   *
   * @return the partial last one counted if it is kept
   */
  public int count() {
    return (end + batch - 1) / batch;
  }

  /**
   * Moves to the next batch.
   *
   * @return false after the epoch's last
   */
  public boolean next() {
    int filled = fill(x, y);
    if (filled == 0) {
      return false;
    }
    rows = filled;
    return true;
  }

  @Override
  public int fill(float[] pixels, int[] classes) {
    Nulls.check(pixels, "fill: pixels");
    Nulls.check(classes, "fill: classes");
    if (at >= end) {
      return 0;
    }
    int from = at;
    at = Math.min(from + batch, end);
    images.gather(order, from, at, pixels, classes, table, shift);
    return at - from;
  }

  @Override
  public int pixels() {
    return x.length;
  }

  @Override
  public int images() {
    return y.length;
  }

  /**
   * Images in the current batch.
   *
   * @return its rows
   */
  public int rows() {
    return rows;
  }

  /**
   * Pixels of the current batch.
   *
   * @return [rows, channels, height, width]; an array of exactly that size
   */
  public float[] x() {
    int size = rows * images.features();
    return size == x.length ? x : java.util.Arrays.copyOf(x, size);
  }

  /**
   * Classes of the current batch.
   *
   * @return [rows]; an array of exactly that size
   */
  public int[] y() {
    return rows == y.length ? y : java.util.Arrays.copyOf(y, rows);
  }
}

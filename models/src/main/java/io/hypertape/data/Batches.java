package io.hypertape.data;

import io.hypertape.checks.Nulls;

/**
 * Mini-batches of a set, an epoch at a time. The arrays are reused: copy what shall outlive the
 * next batch. Not safe for several threads; {@link BatchLoader} makes them ahead, on a thread of
 * its own.
 */
public final class Batches {

  /** What becomes of the examples that fill no whole batch. */
  public enum LastBatch {
    /** They make a smaller one, as PyTorch's loader does by default. */
    KEEP,
    /** They are left out. */
    DROP
  }

  private static final long ORDER_STREAM = 0x6f72646572L;

  private final ExampleCopier copier;
  private final int batch;
  private final int[] order;
  private final int end;
  private final BatchArrays whole;
  private BatchArrays current;
  private int at;

  /**
   * Batches of a set in its own order, pixels of images in [0, 1].
   *
   * @param data the set
   * @param batch examples a batch, at least 1
   * @param last what becomes of the rest
   */
  public Batches(Dataset data, int batch, LastBatch last) {
    this(Nulls.check(data, "batches: data"), ExampleCopier.of(data), batch, last);
  }

  /**
   * Batches of a set of images in its own order.
   *
   * @param images the set
   * @param batch images a batch, at least 1
   * @param last what becomes of the rest
   * @param preparation what becomes of every image
   */
  public Batches(LabeledImages images, int batch, LastBatch last, Preparation preparation) {
    this(
        Nulls.check(images, "batches: images"),
        prepared(images, Nulls.check(preparation, "batches: preparation")),
        batch,
        last);
  }

  private Batches(Dataset data, ExampleCopier copier, int batch, LastBatch last) {
    Nulls.check(last, "batches: last");
    if (batch < 1) {
      throw new IllegalArgumentException("batch is " + batch + "; at least 1 is needed");
    }
    this.copier = copier;
    this.batch = Math.min(batch, Math.max(data.size(), 1));
    this.order = new int[data.size()];
    this.end = last == LastBatch.KEEP ? order.length : order.length / batch * batch;
    this.whole = BatchArrays.of(data, this.batch);
    this.current = whole.first(0);
    inOrder();
  }

  private static ExampleCopier prepared(LabeledImages images, Preparation preparation) {
    preparation.checkFits(images);
    return new PreparedImages(images, preparation);
  }

  private void inOrder() {
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
  }

  /** Begins an epoch in the set's own order, examples as they are. */
  public void restart() {
    inOrder();
    copier.plain();
    at = 0;
  }

  /**
   * Begins an epoch in random order (Fisher and Yates' shuffle), images varied if that is wanted.
   *
   * @param seed equal seeds and epochs give equal orders and variations
   * @param epoch number of the epoch
   */
  public void shuffle(long seed, int epoch) {
    restart();
    Generator random = new Generator(seed, ORDER_STREAM, epoch);
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.below(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    copier.varied(seed, epoch);
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
    int filled = fill(whole);
    if (filled == 0) {
      return false;
    }
    current = whole.first(filled);
    return true;
  }

  /** Makes the next batch; gives its rows, 0 after the last one. */
  int fill(BatchArrays into) {
    int from = at;
    at = Math.min(from + batch, end);
    for (int i = from; i < at; i++) {
      copier.copy(order[i], into, i - from);
    }
    return at - from;
  }

  /** What the loader's thread does. */
  BatchLoader.Source source() {
    return new BatchLoader.Source() {
      @Override
      public BatchArrays room() {
        return whole.alike();
      }

      @Override
      public void shuffle(long seed, int epoch) {
        Batches.this.shuffle(seed, epoch);
      }

      @Override
      public int fill(BatchArrays into) {
        return Batches.this.fill(into);
      }
    };
  }

  /**
   * Examples in the current batch.
   *
   * @return its rows; 0 before the first
   */
  public int rows() {
    return current.rows();
  }

  /**
   * Values of the current batch.
   *
   * @return [rows, shape]; an array of exactly that size
   */
  public float[] x() {
    return current.inputs();
  }

  /**
   * Classes of the current batch.
   *
   * @return [rows]; an array of exactly that size, empty if numbers or labels are to be foretold
   */
  public int[] y() {
    return current.labels();
  }

  /**
   * Numbers or labels of the current batch.
   *
   * @return [rows, outputs]; an array of exactly that size, empty if classes are to be foretold
   */
  public float[] targets() {
    return current.targets();
  }

  /**
   * How much the current batch's examples count.
   *
   * @return [rows]; an array of exactly that size, empty if all count alike
   */
  public float[] weights() {
    return current.weights();
  }
}

package io.hypertape.data;

import io.hypertape.checks.Nulls;
import java.util.Optional;

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
  // Of batches that are divided into shards.
  private final Optional<ShardPlan> plan;
  private final int[] order;
  private final int end;
  private final BatchArrays whole;
  private BatchArrays current;
  private int at;
  private int number;

  /**
   * Batches of a set in its own order, pixels of images in [0, 1].
   *
   * @param data the set
   * @param batch examples a batch, at least 1
   * @param last what becomes of the rest
   */
  public Batches(Dataset data, int batch, LastBatch last) {
    this(checked(data), ExampleCopier.of(data), batch, last);
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

  /**
   * Batches of this worker's shards, one after another in each batch; one may have no examples.
   *
   * @param data the set, pixels of images in [0, 1]
   * @param plan of this set
   */
  public Batches(Dataset data, ShardPlan plan) {
    this(checked(data), ExampleCopier.of(data), Nulls.check(plan, "batches: plan"));
  }

  /**
   * Batches of this worker's shards, one after another in each batch; one may have no images.
   *
   * @param images the set
   * @param plan of this set
   * @param preparation what becomes of every image
   */
  public Batches(LabeledImages images, ShardPlan plan, Preparation preparation) {
    this(
        Nulls.check(images, "batches: images"),
        prepared(images, Nulls.check(preparation, "batches: preparation")),
        Nulls.check(plan, "batches: plan"));
  }

  private Batches(Dataset data, ExampleCopier copier, ShardPlan plan) {
    this.copier = copier;
    this.plan = Optional.of(plan);
    this.batch = Math.max(plan.most(), 1);
    this.order = new int[plan.size()];
    this.end = order.length;
    this.whole = BatchArrays.of(data, batch);
    this.current = whole.first(0);
    inOrder();
  }

  private Batches(Dataset data, ExampleCopier copier, int batch, LastBatch last) {
    Nulls.check(last, "batches: last");
    if (batch < 1) {
      throw new IllegalArgumentException("batch is " + batch + "; at least 1 is needed");
    }
    this.copier = copier;
    this.plan = Optional.empty();
    this.batch = Math.min(batch, Math.max(data.size(), 1));
    this.order = new int[data.size()];
    this.end = last == LastBatch.KEEP ? order.length : order.length / batch * batch;
    this.whole = BatchArrays.of(data, this.batch);
    this.current = whole.first(0);
    inOrder();
  }

  private static Dataset checked(Dataset data) {
    return Dataset.checked(Nulls.check(data, "batches: data"), "batches: data");
  }

  private static ExampleCopier prepared(LabeledImages images, Preparation preparation) {
    preparation.checkFits(images);
    return new PreparedImages(images, preparation);
  }

  private void inOrder() {
    if (plan.isPresent()) {
      plan.get().inOrder(order);
      return;
    }
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
  }

  /** Begins an epoch in the set's own order, examples as they are. */
  public void restart() {
    inOrder();
    copier.plain();
    at = 0;
    number = 0;
  }

  /**
   * Begins an epoch in random order (Fisher and Yates' shuffle, of each shard by itself where there
   * are some), images varied if that is wanted.
   *
   * @param seed equal seeds and epochs give equal orders and variations
   * @param epoch number of the epoch
   */
  public void shuffle(long seed, int epoch) {
    restart();
    if (plan.isPresent()) {
      plan.get().shuffle(seed, epoch, order);
    } else {
      new Generator(seed, ORDER_STREAM, epoch).shuffle(order);
    }
    copier.varied(seed, epoch);
  }

  /**
   * Number of batches in an epoch.
   *
   * @return the partial last one counted if it is kept
   */
  public int count() {
    return plan.isPresent() ? plan.get().batches() : (end + batch - 1) / batch;
  }

  /**
   * Moves to the next batch.
   *
   * @return false after the epoch's last
   */
  public boolean next() {
    int filled = fill(whole);
    if (filled < 0) {
      return false;
    }
    current = whole.first(filled);
    return true;
  }

  /** Makes the next batch; gives its rows, −1 after the last one. */
  int fill(BatchArrays into) {
    if (number == count()) {
      return -1;
    }
    number++;
    int from = at;
    at = plan.isPresent() ? plan.get().before(number) : Math.min(from + batch, end);
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

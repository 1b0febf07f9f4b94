package io.hypertape.data;

import io.hypertape.checks.Nulls;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Makes batches ahead on a thread of its own, while the caller computes with the ones before. They
 * are those of {@link Batches}, in its order; the set is not copied. For one caller at a time.
 */
public final class BatchLoader implements AutoCloseable {

  /** One that is read, one that is ready, one that is being made. */
  private static final int SLOTS = 3;

  // The thread's own; everything else is guarded by this object.
  private final Source source;
  private final Queue<Slot> empty = new ArrayDeque<>(SLOTS);
  private final Queue<Slot> full = new ArrayDeque<>(SLOTS);
  private long epochs;
  private long seed;
  private int epoch;
  private Slot current;
  private boolean ended = true;
  private boolean closed;

  /** What makes the batches, on the loader's thread. */
  interface Source {

    /** Room for a whole batch. */
    BatchArrays room();

    /** Begins an epoch. */
    void shuffle(long seed, int epoch);

    /** Makes the next batch; gives its rows, −1 after the last one. */
    int fill(BatchArrays into);
  }

  /** A batch, or what came instead. */
  private static final class Slot {
    private final BatchArrays whole;
    private BatchArrays batch;
    private Throwable failure;
    // After an epoch's last batch.
    private boolean isEnd;

    Slot(BatchArrays whole) {
      this.whole = whole;
      this.batch = whole;
    }

    void fill(Source source) {
      try {
        failure = null;
        int rows = source.fill(whole);
        isEnd = rows < 0;
        batch = whole.first(Math.max(rows, 0));
      } catch (RuntimeException | Error e) {
        batch = whole.first(0);
        isEnd = true;
        failure = e;
      }
    }
  }

  /**
   * Starts the thread, which waits for {@link #shuffle}.
   *
   * @param data the set
   * @param batch examples a batch, at least 1
   * @param last what becomes of the examples that fill no whole batch
   */
  public BatchLoader(Dataset data, int batch, Batches.LastBatch last) {
    this(new Batches(data, batch, last).source());
  }

  /**
   * Starts the thread, which waits for {@link #shuffle}.
   *
   * @param batches what makes the batches; not to be used otherwise until this is closed
   */
  public BatchLoader(Batches batches) {
    this(Nulls.check(batches, "batch loader: batches").source());
  }

  BatchLoader(Source source) {
    this.source = source;
    for (int i = 0; i < SLOTS; i++) {
      empty.add(new Slot(source.room()));
    }
    Thread thread = new Thread(this::load, "hypertape-batches");
    thread.setDaemon(true);
    thread.start();
  }

  private void load() {
    long loading = 0;
    boolean complete = true;
    while (true) {
      Slot slot = null;
      synchronized (this) {
        while (!closed && epochs == loading && (complete || empty.isEmpty())) {
          if (!pause()) {
            return;
          }
        }
        if (closed) {
          return;
        }
        if (epochs == loading) {
          slot = empty.remove();
        } else {
          loading = epochs;
          complete = false;
          source.shuffle(seed, epoch);
        }
      }
      if (slot != null) {
        slot.fill(source);
        complete |= slot.isEnd;
        deliver(slot, loading);
      }
    }
  }

  /** Waits for a change; false if this thread shall end. */
  private boolean pause() {
    try {
      wait();
      return true;
    } catch (InterruptedException e) {
      // Nobody has a reason to interrupt this thread but to end it.
      closed = true;
      notifyAll();
      return false;
    }
  }

  private synchronized void deliver(Slot slot, long loaded) {
    (loaded == epochs ? full : empty).add(slot);
    notifyAll();
  }

  /**
   * Begins an epoch in the order of {@link Batches#shuffle}.
   *
   * @param newSeed equal seeds and epochs give equal orders
   * @param newEpoch number of the epoch
   */
  public synchronized void shuffle(long newSeed, int newEpoch) {
    checkOpen();
    seed = newSeed;
    epoch = newEpoch;
    epochs++;
    ended = false;
    giveBack();
    empty.addAll(full);
    full.clear();
    notifyAll();
  }

  private void giveBack() {
    if (current != null) {
      empty.add(current);
      current = null;
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("this batch loader is closed");
    }
  }

  /**
   * Moves to the next batch, which is usually there already.
   *
   * @return false after the epoch's last, and before the first epoch
   * @throws IllegalStateException if the batch could not be made; the cause tells why
   */
  public synchronized boolean next() {
    checkOpen();
    giveBack();
    notifyAll();
    if (ended) {
      return false;
    }
    await();
    Slot slot = full.remove();
    if (!slot.isEnd) {
      current = slot;
      return true;
    }
    ended = true;
    empty.add(slot);
    if (slot.failure != null) {
      throw new IllegalStateException(
          "a batch could not be made: "
              + (slot.failure.getMessage() == null ? slot.failure : slot.failure.getMessage()),
          slot.failure);
    }
    return false;
  }

  private void await() {
    boolean interrupted = false;
    while (full.isEmpty()) {
      checkOpen();
      try {
        wait();
      } catch (InterruptedException e) {
        // The batch is only microseconds away.
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private BatchArrays current() {
    if (current == null) {
      throw new IllegalStateException("there is no current batch; next() moves to one");
    }
    return current.batch;
  }

  /**
   * Examples in the current batch.
   *
   * @return its rows
   */
  public synchronized int rows() {
    return current().rows();
  }

  /**
   * Values of the current batch.
   *
   * @return [rows, shape], an array of exactly that size; overwritten after the next {@link #next}
   */
  public synchronized float[] x() {
    return current().inputs();
  }

  /**
   * Classes of the current batch.
   *
   * @return [rows], an array of exactly that size, empty if numbers or labels are to be foretold;
   *     overwritten after the next {@link #next}
   */
  public synchronized int[] y() {
    return current().labels();
  }

  /**
   * Numbers or labels of the current batch.
   *
   * @return [rows, outputs], an array of exactly that size, empty if classes are to be foretold;
   *     overwritten after the next {@link #next}
   */
  public synchronized float[] targets() {
    return current().targets();
  }

  /**
   * How much the current batch's examples count.
   *
   * @return [rows], an array of exactly that size, empty if all count alike; overwritten after the
   *     next {@link #next}
   */
  public synchronized float[] weights() {
    return current().weights();
  }

  /** Ends the thread. Closing twice does nothing. */
  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}

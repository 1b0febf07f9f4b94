package io.hypertape.data;

import io.hypertape.checks.Nulls;
import java.util.ArrayDeque;
import java.util.Arrays;
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

    /** Elements of a whole batch's inputs. */
    int pixels();

    /** Rows of a whole batch. */
    int images();

    /** Begins an epoch. */
    void shuffle(long seed, int epoch);

    /** Makes the next batch; gives its rows, 0 after the last one. */
    int fill(float[] x, int[] y);
  }

  /** A batch, or what came instead; without rows after an epoch's last one. */
  private static final class Slot {
    private final float[] wholeX;
    private final int[] wholeY;
    private float[] x;
    private int[] y;
    private int rows;
    private Throwable failure;

    Slot(int pixels, int images) {
      wholeX = new float[pixels];
      wholeY = new int[images];
    }

    void fill(Source source) {
      try {
        failure = null;
        rows = source.fill(wholeX, wholeY);
        boolean whole = rows == wholeY.length;
        x = whole ? wholeX : Arrays.copyOf(wholeX, rows * (wholeX.length / wholeY.length));
        y = whole ? wholeY : Arrays.copyOf(wholeY, rows);
      } catch (RuntimeException | Error e) {
        rows = 0;
        failure = e;
      }
    }
  }

  /**
   * Starts the thread, which waits for {@link #shuffle}.
   *
   * @param images the set
   * @param batch images a batch, at least 1
   * @param last what becomes of the images that fill no whole batch
   */
  public BatchLoader(LabeledImages images, int batch, Batches.LastBatch last) {
    this((Source) new Batches(images, batch, last));
  }

  /**
   * Starts the thread, which waits for {@link #shuffle}.
   *
   * @param batches what makes the batches; not to be used otherwise until this is closed
   */
  public BatchLoader(Batches batches) {
    this((Source) Nulls.check(batches, "batch loader: batches"));
  }

  BatchLoader(Source source) {
    this.source = source;
    for (int i = 0; i < SLOTS; i++) {
      empty.add(new Slot(source.pixels(), source.images()));
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
        complete |= slot.rows == 0;
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
    if (slot.rows > 0) {
      current = slot;
      return true;
    }
    ended = true;
    empty.add(slot);
    if (slot.failure != null) {
      throw new IllegalStateException("a batch could not be made", slot.failure);
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

  private Slot current() {
    if (current == null) {
      throw new IllegalStateException("there is no current batch; next() moves to one");
    }
    return current;
  }

  /**
   * Images in the current batch.
   *
   * @return its rows
   */
  public synchronized int rows() {
    return current().rows;
  }

  /**
   * Pixels of the current batch.
   *
   * @return [rows, features], an array of exactly that size; overwritten after the next {@link
   *     #next}
   */
  public synchronized float[] x() {
    return current().x;
  }

  /**
   * Classes of the current batch.
   *
   * @return [rows], an array of exactly that size; overwritten after the next {@link #next}
   */
  public synchronized int[] y() {
    return current().y;
  }

  /** Ends the thread. Closing twice does nothing. */
  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}

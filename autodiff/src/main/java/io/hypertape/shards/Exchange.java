package io.hypertape.shards;

/**
 * Sums over all workers of a job, each of which computes the gradients of its own shards. All
 * workers ask for the same sums, of the same lengths, in the same order.
 */
public interface Exchange extends AutoCloseable {

  /**
   * How many workers there are.
   *
   * @return a power of two
   */
  int workers();

  /**
   * Which of them this is.
   *
   * @return from 0 to {@link #workers} − 1
   */
  int worker();

  /**
   * Starts a sum over all workers, in place: ((w₀ + w₁) + (w₂ + w₃)) + …, in the order of a perfect
   * binary tree over the workers' numbers, with the same bits on each of them.
   *
   * @param values what this worker has; neither read nor written by the caller before the sum has
   *     been {@linkplain Sum#await awaited}
   * @param offset the place of the first
   * @param length how many
   * @return the sum under way
   */
  Sum sum(float[] values, int offset, int length);

  /** Ends what connects the workers. Closing twice does nothing. */
  @Override
  void close();

  /** A sum that has been started. */
  interface Sum {

    /** Waits until the values are the sums. If it throws, they are undefined. */
    void await();
  }
}

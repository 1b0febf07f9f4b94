package io.hypertape.metrics;

import io.hypertape.checks.Nulls;
import java.util.Arrays;

/**
 * Area under the receiver operating characteristic: how likely a positive example has a larger
 * score than a negative one, equal ones counting half. It is exact, for which all scores are kept,
 * nine bytes an example. For one thread at a time.
 */
public final class RocAuc {

  private static final String NAME = "area under the curve";
  private static final int FIRST = 64;

  private float[] scores = new float[FIRST];
  private float[] weights = new float[FIRST];
  private boolean[] positive = new boolean[FIRST];
  private int size;
  private boolean hasNaN;

  /** An empty one. */
  public RocAuc() {}

  /**
   * Adds an example.
   *
   * @param score the larger, the more likely positive; with one that is NaN the area is
   * @param isPositive what it is
   * @param weight how much it counts, 0 or more
   */
  public void add(float score, boolean isPositive, float weight) {
    if (!(weight >= 0) || Float.isInfinite(weight)) {
      throw new IllegalArgumentException(
          NAME + ": a weight of " + weight + "; a finite number of 0 or more is needed");
    }
    reserve(size + 1L);
    // −0 and 0 are equal.
    scores[size] = score + 0f;
    weights[size] = weight;
    positive[size] = isPositive;
    size++;
    hasNaN |= Float.isNaN(score);
  }

  /**
   * Adds a batch.
   *
   * @param batch [examples], scores
   * @param truth [examples], above ½ for a positive example
   */
  public void add(float[] batch, float... truth) {
    Nulls.check(batch, "area under the curve: batch");
    Nulls.check(truth, "area under the curve: truth");
    Weights.checkLength(NAME, "scores", batch.length, truth.length);
    for (int i = 0; i < batch.length; i++) {
      add(batch[i], truth[i] > 0.5f, 1);
    }
  }

  private void reserve(long needed) {
    if (needed > scores.length) {
      if (needed > Integer.MAX_VALUE - FIRST) {
        throw new IllegalStateException(NAME + ": more than " + size + " examples do not fit");
      }
      int room = (int) Math.min(Math.max(needed, size * 3L / 2), Integer.MAX_VALUE - FIRST);
      scores = Arrays.copyOf(scores, room);
      weights = Arrays.copyOf(weights, room);
      positive = Arrays.copyOf(positive, room);
    }
  }

  /**
   * Adds the examples of another one.
   *
   * @param other another one
   */
  public void merge(RocAuc other) {
    Nulls.check(other, "area under the curve: other");
    int more = other.size;
    reserve((long) size + more);
    System.arraycopy(other.scores, 0, scores, size, more);
    System.arraycopy(other.weights, 0, weights, size, more);
    System.arraycopy(other.positive, 0, positive, size, more);
    size += more;
    hasNaN |= other.hasNaN;
  }

  /**
   * The area.
   *
   * @return 0 to 1, ½ for scores that say nothing; NaN unless there are both positive and negative
   *     examples, or if a score is NaN
   */
  public double area() {
    if (hasNaN) {
      return Double.NaN;
    }
    // Sorted by the score, with the example's number behind it.
    long[] order = new long[size];
    for (int i = 0; i < size; i++) {
      order[i] = (long) sortable(scores[i]) << 32 | i;
    }
    Arrays.sort(order);
    double below = 0;
    double positives = 0;
    double pairs = 0;
    for (int from = 0; from < size; ) {
      double in = 0;
      double out = 0;
      int to = from;
      for (; to < size && order[to] >> 32 == order[from] >> 32; to++) {
        int example = (int) order[to];
        in += positive[example] ? weights[example] : 0;
        out += positive[example] ? 0 : weights[example];
      }
      pairs += in * (below + out / 2);
      below += out;
      positives += in;
      from = to;
    }
    return pairs / (positives * below);
  }

  /** Bits that are in the order of the numbers. */
  private static int sortable(float score) {
    int bits = Float.floatToIntBits(score);
    return bits < 0 ? bits ^ 0x7FFFFFFF : bits;
  }
}

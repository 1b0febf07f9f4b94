package io.hypertape.data;

import io.hypertape.checks.Nulls;

/**
 * A text cut into parallel streams of equal length, and these into steps for truncated
 * back-propagation through time: row b of a batch goes on where row b of the batch before ended, so
 * that a recurrent model's state can be carried on. Arrays are time-major, [steps, streams], and
 * reused. Up to as many characters at the end as there are streams are left out.
 */
public final class TextBatches {

  /** What becomes of the characters that fill no whole batch. */
  public enum LastBatch {
    /** They make a shorter one. */
    KEEP,
    /** They are left out. */
    DROP
  }

  private final char[] text;
  private final int streams;
  private final int length;
  private final int end;
  private final int unroll;
  private int at;
  private int steps;
  private int[] x = new int[0];
  private int[] y = new int[0];

  /**
   * Batches of a text.
   *
   * @param text numbers of characters; copied
   * @param streams rows of a batch, at least 1
   * @param unroll characters of a row, at least 1
   * @param last what becomes of the rest
   * @throws IllegalArgumentException if the text is too short for one batch (or, if the last is
   *     kept, for one character a stream)
   */
  public TextBatches(char[] text, int streams, int unroll, LastBatch last) {
    Nulls.check(text, "text batches: text");
    Nulls.check(last, "text batches: last");
    if (streams < 1 || unroll < 1) {
      throw new IllegalArgumentException(
          "batches of " + streams + " rows of " + unroll + " characters; at least 1 is needed");
    }
    this.text = text.clone();
    this.streams = streams;
    this.unroll = unroll;
    this.length = (text.length - 1) / streams;
    this.end = last == LastBatch.KEEP ? length : length / unroll * unroll;
    if (end < 1) {
      long needed = 1 + (long) streams * (last == LastBatch.KEEP ? 1 : unroll);
      throw new IllegalArgumentException(
          text.length
              + " characters; batches of "
              + streams
              + " rows of "
              + unroll
              + " characters need at least "
              + needed);
    }
  }

  /** Begins an epoch: a model's state is to be reset. */
  public void restart() {
    at = 0;
  }

  /**
   * Number of batches in an epoch.
   *
   * @return the shorter last one counted if it is kept
   */
  public int count() {
    return (end + unroll - 1) / unroll;
  }

  /**
   * Moves to the next batch.
   *
   * @return false after the epoch's last
   */
  public boolean next() {
    if (at >= end) {
      return false;
    }
    steps = Math.min(unroll, end - at);
    if (x.length != steps * streams) {
      x = new int[steps * streams];
      y = new int[steps * streams];
    }
    for (int t = 0; t < steps; t++) {
      for (int b = 0; b < streams; b++) {
        int place = b * length + at + t;
        x[t * streams + b] = text[place];
        y[t * streams + b] = text[place + 1];
      }
    }
    at += steps;
    return true;
  }

  /**
   * Characters of a row in the current batch.
   *
   * @return its steps in time
   */
  public int steps() {
    return steps;
  }

  /**
   * Rows of every batch.
   *
   * @return the number of streams
   */
  public int streams() {
    return streams;
  }

  /**
   * Characters of the current batch.
   *
   * @return their numbers [steps · streams], time-major
   */
  public int[] x() {
    return x;
  }

  /**
   * The characters that follow them.
   *
   * @return their numbers [steps · streams], time-major
   */
  public int[] y() {
    return y;
  }
}

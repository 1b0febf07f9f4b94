package io.hypertape.spark.exchange;

/** A part of an array. */
record Range(int from, int to) {

  int length() {
    return to - from;
  }

  /** The first half, or a little less of an odd number. */
  Range lower() {
    return new Range(from, middle());
  }

  /** The rest. */
  Range upper() {
    return new Range(middle(), to);
  }

  private int middle() {
    return from + length() / 2;
  }
}

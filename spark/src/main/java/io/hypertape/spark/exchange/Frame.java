package io.hypertape.spark.exchange;

import java.nio.ByteBuffer;

/**
 * What stands before the numbers of one phase of a sum, in the bytes of little-endian machines.
 *
 * @param kind {@link #NUMBERS}, or {@link #FAREWELL}
 * @param phase which phase of the sum, from 0
 * @param sum the sum's number, from 0
 * @param length how many numbers the whole sum has
 * @param count how many numbers follow; of a farewell, bytes of text
 */
record Frame(int kind, int phase, long sum, int length, int count) {

  static final int BYTES = 24;

  /** Numbers of a sum follow. */
  static final int NUMBERS = 0x4D555348;

  /** Why the sender leaves follows, in UTF-8. */
  static final int FAREWELL = 0x45594248;

  /** More than a farewell's text has. */
  static final int MOST_TEXT = 2000;

  void write(ByteBuffer into) {
    into.putInt(kind).putInt(phase).putLong(sum).putInt(length).putInt(count);
  }

  static Frame read(ByteBuffer from) {
    return new Frame(from.getInt(), from.getInt(), from.getLong(), from.getInt(), from.getInt());
  }

  @Override
  public String toString() {
    return "sum " + sum + " of " + length + " numbers, phase " + phase;
  }
}

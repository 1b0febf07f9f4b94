package io.hypertape.data.table.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Values of bytes, all lengths before all bytes (DELTA_LENGTH_BYTE_ARRAY); if wished, each begins
 * as the one before it did (DELTA_BYTE_ARRAY).
 */
final class DeltaBytes extends PageValues {

  private final @Nullable DeltaNumbers shared;
  private final DeltaNumbers lengths;
  private final ByteBuffer from;
  private byte[] last = new byte[0];

  /**
   * Begins.
   *
   * @param shared how many bytes of the value before it each begins with; none if null
   * @param from lengths and bytes
   * @param most how many values there can be
   */
  DeltaBytes(@Nullable DeltaNumbers shared, ByteBuffer from, int most) throws IOException {
    this.shared = shared;
    this.lengths = lengths(from, most);
    this.from = from;
  }

  /** Lengths of values; what they are read from goes on behind them. */
  static DeltaNumbers lengths(ByteBuffer from, int most) throws IOException {
    DeltaNumbers lengths = new DeltaNumbers(from.duplicate().order(from.order()));
    DeltaNumbers skipped = new DeltaNumbers(from);
    if (skipped.count() > most) {
      throw new DamagedParquetException(
          "a page of " + most + " values has lengths of " + skipped.count());
    }
    for (long i = 0; i < skipped.count(); i++) {
      skipped.number();
    }
    return lengths;
  }

  @Override
  byte[] bytes() throws IOException {
    byte[] rest = PlainValues.take(from, (int) lengths.number());
    if (shared == null) {
      return rest;
    }
    int kept = (int) shared.number();
    if (kept < 0 || kept > last.length) {
      throw new DamagedParquetException(
          "a value shares " + kept + " bytes with one of " + last.length);
    }
    byte[] value = Arrays.copyOf(last, kept + rest.length);
    System.arraycopy(rest, 0, value, kept, rest.length);
    last = value;
    return value;
  }
}

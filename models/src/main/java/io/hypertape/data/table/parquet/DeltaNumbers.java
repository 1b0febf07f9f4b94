package io.hypertape.data.table.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Numbers by their differences, blocks of them in few bits each (<a
 * href="https://parquet.apache.org/docs/file-format/data-pages/encodings/">DELTA_BINARY_PACKED</a>),
 * one after the other.
 */
final class DeltaNumbers extends PageValues {

  private static final int MOST = 1 << 16;

  private final ByteBuffer from;
  private final int perPart;
  private final byte[] widths;
  private final long count;
  private long told;
  private long last;
  private long least;
  private int part;
  private int inPart;
  private ByteBuffer packed;
  private long bit;

  /**
   * Begins.
   *
   * @param from the numbers; once all were told, it is at their end
   */
  DeltaNumbers(ByteBuffer from) throws IOException {
    long perBlock = ThriftStruct.varint(from);
    long parts = ThriftStruct.varint(from);
    this.count = ThriftStruct.varint(from);
    if (perBlock < 1 || perBlock > MOST || parts < 1 || perBlock % parts != 0 || count < 0) {
      throw new DamagedParquetException(
          count + " numbers are in blocks of " + perBlock + " with " + parts + " parts");
    }
    this.perPart = (int) (perBlock / parts);
    if (perPart % Byte.SIZE != 0) {
      throw new DamagedParquetException("parts of blocks have " + perPart + " numbers");
    }
    this.last = ThriftStruct.zigzag(ThriftStruct.varint(from));
    this.widths = new byte[(int) parts];
    this.part = widths.length;
    this.inPart = perPart;
    this.from = from;
    this.packed = from;
  }

  /** How many there are. */
  long count() {
    return count;
  }

  @Override
  long number() throws IOException {
    if (told == count) {
      throw new DamagedParquetException("a page has no more than " + count + " numbers");
    }
    if (told > 0) {
      // The difference first: with it, a block's least one may be read.
      last += difference() + least;
    }
    told++;
    return last;
  }

  private long difference() throws IOException {
    if (inPart == perPart) {
      begin();
    }
    inPart++;
    int width = widths[part];
    long difference = 0;
    for (int k = 0; k < width; ) {
      int taken = (int) (bit % Byte.SIZE);
      int bits = Math.min(Byte.SIZE - taken, width - k);
      long value = (packed.get((int) (bit / Byte.SIZE)) & 0xFF) >> taken & (1 << bits) - 1;
      difference |= value << k;
      k += bits;
      bit += bits;
    }
    return difference;
  }

  /** Begins the next part, and the next block after the last. */
  private void begin() throws IOException {
    part++;
    if (part >= widths.length) {
      least = ThriftStruct.zigzag(ThriftStruct.varint(from));
      from.get(widths);
      part = 0;
    }
    if (widths[part] < 0 || widths[part] > Long.SIZE) {
      throw new DamagedParquetException("differences are of " + widths[part] + " bits");
    }
    int bytes = perPart / Byte.SIZE * widths[part];
    packed = from.slice(from.position(), bytes);
    from.position(from.position() + bytes);
    bit = 0;
    inPart = 0;
  }
}

package io.hypertape.data.codec;

import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Counts what a PNG's compressed data hold: rows, each with a byte that names its filter. */
final class PngRows {

  /** A part of the file. */
  record Range(int from, int length) {}

  private static final int FILTERS = 5;
  private static final int BUFFER = 1 << 14;

  /** Adam7 (ISO/IEC 15948, 8.2): first column and row of a pass, and steps to the next ones. */
  private static final int[][] ADAM7 = {
    {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
  };

  private static final int[][] AT_ONCE = {{0, 0, 1, 1}};

  private final int height;
  private final int width;
  private final int bits;
  private final int[][] passes;
  private int pass;
  private long rowsLeft;
  private long rowBytes;
  private long bytesLeft;

  /**
   * No rows yet.
   *
   * @param bits of a pixel
   */
  PngRows(int height, int width, int bits, boolean interlaced) {
    this.height = height;
    this.width = width;
    this.bits = bits;
    this.passes = interlaced ? ADAM7 : AT_ONCE;
  }

  /** Inflates the data, and compares them with their checksum and with the rows there must be. */
  void check(byte[] file, List<Range> data) throws ImageFormatException {
    Inflater inflater = new Inflater();
    try {
      byte[] buffer = new byte[BUFFER];
      int next = 0;
      while (!inflater.finished()) {
        int n = inflater.inflate(buffer);
        take(buffer, n);
        if (n == 0 && !inflater.finished()) {
          if (!inflater.needsInput() || next == data.size()) {
            throw new ImageFormatException("its compressed data are not whole");
          }
          inflater.setInput(file, data.get(next).from(), data.get(next).length());
          next++;
        }
      }
    } catch (DataFormatException e) {
      throw new ImageFormatException(
          "damaged compressed data" + (e.getMessage() == null ? "" : ": " + e.getMessage()));
    } finally {
      inflater.end();
    }
    if (bytesLeft > 0 || nextRow()) {
      throw new ImageFormatException("its compressed data have too few rows");
    }
  }

  private void take(byte[] buffer, int n) throws ImageFormatException {
    int i = 0;
    while (i < n) {
      if (bytesLeft > 0) {
        int taken = (int) Math.min(bytesLeft, n - i);
        bytesLeft -= taken;
        i += taken;
      } else {
        if (!nextRow()) {
          throw new ImageFormatException("its compressed data have more rows than its header");
        }
        if (buffer[i] < 0 || buffer[i] >= FILTERS) {
          throw new ImageFormatException("a row with filter " + (buffer[i] & 0xFF));
        }
        bytesLeft = rowBytes;
        i++;
      }
    }
  }

  private boolean nextRow() {
    while (rowsLeft == 0) {
      if (pass == passes.length) {
        return false;
      }
      int[] p = passes[pass++];
      long columns = Math.max(0, ((long) width - p[0] + p[2] - 1) / p[2]);
      rowsLeft = columns == 0 ? 0 : Math.max(0, ((long) height - p[1] + p[3] - 1) / p[3]);
      rowBytes = (columns * bits + Byte.SIZE - 1) / Byte.SIZE;
    }
    rowsLeft--;
    return true;
  }
}

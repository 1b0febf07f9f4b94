package io.hypertape.data.codec;

import io.hypertape.data.codec.JpegFrame.Component;
import java.util.Arrays;

/**
 * Reads the entropy-coded data of one scan of a JPEG (T.81, annexes F and G) as a decoder does, but
 * for most of the coefficients' values: every code must be one of its table, no block may have more
 * than 64 coefficients nor a mean that no samples have, and data and blocks must end together.
 */
final class JpegScan {

  /**
   * What a scan works with.
   *
   * @param dc Huffman tables by number, null where there is none
   * @param ac such tables, of coefficients 1 to 63
   * @param firstSteps quantization tables' steps of coefficient 0, by number
   * @param restart MCUs between restart markers, 0 for none
   */
  record Tables(HuffmanTable[] dc, HuffmanTable[] ac, int[] firstSteps, int restart) {}

  /** The last coefficient of a block. */
  static final int LAST = 63;

  private static final int MOST_DC_BITS = 11;
  private static final int MOST_AC_BITS = 10;
  private static final int LARGEST_MEAN = 8 * 128 + 16;
  private static final int ZEROS = 15;
  private static final int RESTARTS = 8;
  private static final int FIRST_RESTART = 0xD0;

  private final JpegFrame frame;
  private final byte[] bytes;
  private final int restart;
  private final BitReader bits;
  private final Component[] components;
  private final HuffmanTable[] dc;
  private final HuffmanTable[] ac;
  private final int[] steps;
  private final int[] means;
  private final int shift;
  private final int first;
  private final int last;
  private final boolean refines;
  private int endOfBands;
  private int mcu;

  /**
   * A scan.
   *
   * @param from where the body of its header begins
   * @param to where that ends, and the data begin
   */
  JpegScan(JpegFrame frame, Tables tables, byte[] bytes, int from, int to)
      throws ImageFormatException {
    this.frame = frame;
    this.bytes = bytes;
    this.restart = tables.restart();
    this.bits = new BitReader(bytes, to);
    int count = to - from < 1 ? 0 : bytes[from];
    if (count < 1 || count > 4 || to - from != 4 + 2 * count) {
      throw new ImageFormatException("a scan header of " + (to - from) + " bytes");
    }
    int parameters = to - 3;
    first = frame.progressive ? bytes[parameters] : 0;
    last = frame.progressive ? bytes[parameters + 1] : LAST;
    refines = frame.progressive && bytes[parameters + 2] >> 4 != 0;
    if (first < 0 || last > LAST || first > last || frame.progressive && first == 0 && last != 0) {
      throw new ImageFormatException("a scan of coefficients " + first + " to " + last);
    }
    components = new Component[count];
    dc = new HuffmanTable[count];
    ac = new HuffmanTable[count];
    steps = new int[count];
    means = new int[count];
    shift = frame.progressive ? bytes[parameters + 2] & 15 : 0;
    for (int k = 0; k < count; k++) {
      components[k] = frame.component(bytes[from + 1 + 2 * k] & 0xFF);
      int numbers = bytes[from + 2 + 2 * k];
      dc[k] = first == 0 && !refines ? table(tables.dc(), numbers >> 4 & 3) : null;
      ac[k] = last > 0 ? table(tables.ac(), numbers & 3) : null;
      steps[k] = tables.firstSteps()[components[k].quantization];
      begin(components[k]);
    }
    if (first > 0 && count > 1) {
      throw new ImageFormatException("a scan of several components beyond their means");
    }
  }

  private static HuffmanTable table(HuffmanTable[] tables, int number) throws ImageFormatException {
    if (tables[number] == null) {
      throw new ImageFormatException("Huffman table " + number + " is missing");
    }
    return tables[number];
  }

  /** The order in which a component's scans come. */
  private void begin(Component c) throws ImageFormatException {
    boolean begins = first == 0 && !refines;
    if (c.begun == begins) {
      throw new ImageFormatException(
          "component " + c.id + (begins ? " comes twice" : " begins with its details"));
    }
    c.begun = true;
    if (frame.progressive && begins) {
      c.nonzero = new long[c.stride * c.rows];
    }
  }

  /** Reads the data; gives the place of the marker behind them. */
  int check() throws ImageFormatException {
    boolean interleaved = components.length > 1;
    int wide = interleaved ? frame.mcusWide : components[0].wide;
    int high = interleaved ? frame.mcusHigh : components[0].high;
    for (int row = 0; row < high; row++) {
      for (int column = 0; column < wide; column++) {
        if (restart > 0 && mcu > 0 && mcu % restart == 0) {
          restart(row, high);
        }
        boolean good = interleaved ? group(row, column) : block(0, row, column);
        if (!good) {
          throw bad(row, high, bits.isAtMarker() ? "its data end in" : "damaged data in");
        }
        mcu++;
      }
    }
    if (!bits.isAtMarker() || endOfBands > 0) {
      throw bad(high - 1, high, "there are data behind");
    }
    return bits.marker();
  }

  private static ImageFormatException bad(int row, int rows, String what) {
    return new ImageFormatException(what + " row " + (row + 1) + " of " + rows + " of blocks");
  }

  private void restart(int row, int rows) throws ImageFormatException {
    boolean ends = bits.isAtMarker() && endOfBands == 0;
    int at = bits.marker();
    while (at < bytes.length && bytes[at] == (byte) 0xFF) {
      at++;
    }
    int wanted = FIRST_RESTART + (mcu / restart - 1) % RESTARTS;
    if (!ends || at >= bytes.length || (bytes[at] & 0xFF) != wanted) {
      throw bad(row, rows, "the restart marker is missing in");
    }
    Arrays.fill(means, 0);
    bits.goTo(at + 1);
  }

  /** An MCU of several components. */
  private boolean group(int row, int column) {
    for (int k = 0; k < components.length; k++) {
      Component c = components[k];
      for (int v = 0; v < c.vertical; v++) {
        for (int h = 0; h < c.horizontal; h++) {
          if (!block(k, row * c.vertical + v, column * c.horizontal + h)) {
            return false;
          }
        }
      }
    }
    return true;
  }

  private boolean block(int k, int row, int column) {
    if (!frame.progressive) {
      return mean(k) && details(ac[k]);
    }
    if (first == 0) {
      return refines ? bits.skip(1) : mean(k);
    }
    Component c = components[k];
    int at = row * c.stride + column;
    return refines ? refine(c, at, ac[k]) : begin(c, at, ac[k]);
  }

  /**
   * The first coefficient of a block, eight times the mean of its samples, coded as the difference
   * to the block before (F.2.2.1). Samples are within −128 to 127, and so is their mean, but for
   * the rounding to a step: where codes were changed, all further means are off, and soon one is
   * beyond.
   */
  private boolean mean(int k) {
    int size = dc[k].next(bits);
    if (size < 0 || size > MOST_DC_BITS) {
      return false;
    }
    int value = bits.peek(size);
    if (!bits.skip(size)) {
      return false;
    }
    if (size > 0 && value < 1 << size - 1) {
      value += 1 - (1 << size);
    }
    means[k] += value;
    long scaled = (long) (means[k] << shift) * steps[k];
    return Math.abs(scaled) <= LARGEST_MEAN + (2L << shift) * steps[k];
  }

  /** Coefficients 1 to 63 of a block (F.2.2.2). */
  private boolean details(HuffmanTable table) {
    int k = 1;
    while (k <= LAST) {
      int symbol = table.next(bits);
      int size = symbol & 15;
      int zeros = symbol >> 4;
      if (symbol < 0 || size > MOST_AC_BITS || !bits.skip(size)) {
        return false;
      }
      if (size == 0 && zeros < ZEROS) {
        return zeros == 0;
      }
      k += zeros + 1;
    }
    return k == LAST + 1;
  }

  /** The first scan of a band (G.1.2.2). */
  private boolean begin(Component c, int at, HuffmanTable table) {
    if (endOfBands > 0) {
      endOfBands--;
      return true;
    }
    int k = first;
    while (k <= last) {
      int symbol = table.next(bits);
      int size = symbol & 15;
      int zeros = symbol >> 4;
      if (symbol < 0 || size > MOST_AC_BITS) {
        return false;
      }
      if (size == 0 && zeros < ZEROS) {
        return endBands(zeros);
      }
      if (!bits.skip(size)) {
        return false;
      }
      k += zeros;
      if (size > 0 && k <= LAST) {
        c.nonzero[at] |= 1L << k;
      }
      k++;
    }
    return k == last + 1;
  }

  /** So many bands end here: this one, and those that follow. */
  private boolean endBands(int size) {
    endOfBands = (1 << size) - 1 + bits.peek(size);
    return bits.skip(size);
  }

  /** A further bit of the coefficients of a band (G.1.2.3). */
  private boolean refine(Component c, int at, HuffmanTable table) {
    int k = first;
    long before = c.nonzero[at];
    while (k <= last && endOfBands == 0) {
      int symbol = table.next(bits);
      int size = symbol & 15;
      int zeros = symbol >> 4;
      if (symbol < 0 || size > 1) {
        return false;
      }
      if (size == 0 && zeros < ZEROS) {
        if (!endBands(zeros)) {
          return false;
        }
        endOfBands++;
        break;
      }
      // The sign of what begins here, then a bit of each that has begun before.
      boolean good = bits.skip(size);
      while (good && k <= last && (zeros > 0 || (before >> k & 1) != 0)) {
        if ((before >> k & 1) != 0) {
          good = bits.skip(1);
        } else {
          zeros--;
        }
        k++;
      }
      if (!good || k > last) {
        return false;
      }
      if (size > 0) {
        c.nonzero[at] |= 1L << k;
      }
      k++;
    }
    if (endOfBands == 0) {
      return true;
    }
    endOfBands--;
    return bits.skip(Long.bitCount(before >>> k << k & -1L >>> LAST - last));
  }
}

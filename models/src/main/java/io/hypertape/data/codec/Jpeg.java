package io.hypertape.data.codec;

import java.awt.Rectangle;
import java.util.Locale;
import javax.imageio.ImageReadParam;

/**
 * A JPEG file (ITU-T T.81): sequential or progressive, Huffman-coded, 8 bits a sample. Checked are
 * the order and the lengths of its segments, restart markers, the mark of its end, and that its
 * codes make exactly the blocks of its frame. JPEG has no checksum: damage that changes the values
 * of codes only cannot be told from a picture.
 */
final class Jpeg implements EncodedImage {

  private static final int START = 0xD8;
  private static final int END = 0xD9;
  private static final int SCAN = 0xDA;
  private static final int QUANTIZATION = 0xDB;
  private static final int RESTART_INTERVAL = 0xDD;
  private static final int HUFFMAN = 0xC4;
  private static final int BASELINE = 0xC0;
  private static final int SEQUENTIAL = 0xC1;
  private static final int PROGRESSIVE = 0xC2;
  private static final int JFIF = 0xE0;
  private static final int ADOBE = 0xEE;

  // What matters is moved to the front: the decoder gets the file without application segments,
  // among them colour profiles, which it would refuse the picture for.
  private final byte[] bytes;
  private int kept;
  private int at;
  private JpegFrame frame;
  private boolean ended;
  private boolean jfif;
  private int adobe = InkColors.NO_ADOBE;
  private final HuffmanTable[] dc = new HuffmanTable[4];
  private final HuffmanTable[] ac = new HuffmanTable[4];
  private final int[] firstSteps = new int[4];
  private int restart;

  Jpeg(byte[] file) throws ImageFormatException {
    this.bytes = file;
    keep(0, 2);
    at = 2;
    while (frame == null) {
      segment();
    }
  }

  static boolean begins(byte[] file) {
    return file.length > 2
        && (file[0] & 0xFF) == 0xFF
        && (file[1] & 0xFF) == START
        && (file[2] & 0xFF) == 0xFF;
  }

  static int number(byte[] bytes, int at) {
    return (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
  }

  @Override
  public int height() {
    return frame.height;
  }

  @Override
  public int width() {
    return frame.width;
  }

  @Override
  public long memory(Rectangle part, int period) {
    long pixels = EncodedImage.taken(part.height, period) * EncodedImage.taken(part.width, period);
    long rows = 16L * frame.width * frame.components.length;
    return pixels * (Pixels.CHANNELS + frame.components.length) + rows + frame.memory();
  }

  private void keep(int from, int to) {
    System.arraycopy(bytes, from, bytes, kept, to - from);
    kept += to - from;
  }

  /** Moves over a marker, which any number of 0xFF may begin. */
  private int marker() throws ImageFormatException {
    int from = at;
    while (at < bytes.length && (bytes[at] & 0xFF) == 0xFF) {
      at++;
    }
    if (at == bytes.length) {
      throw new ImageFormatException("cut off: the mark of its end is missing");
    }
    if (at == from || bytes[at] == 0) {
      throw new ImageFormatException("no marker at offset " + from + ", where one is expected");
    }
    return bytes[at++] & 0xFF;
  }

  /** Reads a segment and, of a scan, its data. */
  private void segment() throws ImageFormatException {
    int marker = marker();
    if (marker == END) {
      end();
      return;
    }
    if (marker == 1 || marker >= 0xD0 && marker < START) {
      // Alone, without a meaning here: some cameras write a restart marker behind the last MCU.
      return;
    }
    checkRead(marker);
    int begin = at;
    int length = bytes.length - at < 2 ? 0 : number(bytes, at);
    if (length < 2 || length > bytes.length - at) {
      throw new ImageFormatException(
          "cut off: a segment of " + length + " bytes at offset " + at + " of " + bytes.length);
    }
    at += length;
    boolean matters = body(marker, begin + 2, at);
    if (matters) {
      bytes[kept++] = (byte) 0xFF;
      bytes[kept++] = (byte) marker;
      keep(begin, at);
    }
    if (marker == SCAN) {
      int data = at;
      at =
          new JpegScan(
                  frame, new JpegScan.Tables(dc, ac, firstSteps, restart), bytes, begin + 2, at)
              .check();
      keep(data, at);
    }
  }

  private void checkRead(int marker) throws ImageFormatException {
    String kind =
        switch (marker) {
          case START -> throw new ImageFormatException("a second picture begins at " + (at - 2));
          case 0xC3 -> "lossless";
          case 0xC9, 0xCA -> "arithmetic coding";
          case 0xC5, 0xC6, 0xC7, 0xCB, 0xCD, 0xCE, 0xCF, 0xDE, 0xDF -> "hierarchical";
          case 0xF7 -> "JPEG-LS";
          default -> "";
        };
    if (!kind.isEmpty()) {
      throw new ImageFormatException(kind + "; sequential and progressive JPEGs are read");
    }
  }

  private boolean body(int marker, int from, int to) throws ImageFormatException {
    switch (marker) {
      case BASELINE, SEQUENTIAL, PROGRESSIVE -> frame(from, to, marker == PROGRESSIVE);
      case HUFFMAN -> tables(from, to);
      case QUANTIZATION -> steps(from, to);
      case RESTART_INTERVAL -> restart = to - from == 2 ? number(bytes, from) : refuse(marker);
      case SCAN -> {
        if (frame == null) {
          throw new ImageFormatException("a scan before the frame header");
        }
        if (!frame.progressive && to - from > 3) {
          // These say nothing then, but the decoder warns where they are not so.
          bytes[to - 3] = 0;
          bytes[to - 2] = JpegScan.LAST;
          bytes[to - 1] = 0;
        }
      }
      case JFIF -> jfif |= says(from, to, "JFIF\0");
      case ADOBE -> {
        if (to - from >= 12 && says(from, to, "Adobe")) {
          adobe = bytes[from + 11] & 0xFF;
        }
      }
      default -> {}
    }
    return marker < JFIF;
  }

  private static int refuse(int marker) throws ImageFormatException {
    throw new ImageFormatException(
        String.format(Locale.ROOT, "a segment 0x%02x of a wrong length", marker));
  }

  private boolean says(int from, int to, String text) {
    boolean same = to - from >= text.length();
    for (int k = 0; same && k < text.length(); k++) {
      same = bytes[from + k] == text.charAt(k);
    }
    return same;
  }

  private void frame(int from, int to, boolean progressive) throws ImageFormatException {
    if (frame != null) {
      throw new ImageFormatException("a second frame header");
    }
    frame = JpegFrame.of(bytes, from, to, progressive);
    // A block has at least a bit, so that memory is never taken on a header's word.
    if (frame.blocks() > (long) Byte.SIZE * bytes.length) {
      throw new ImageFormatException(
          "cut off: its header claims "
              + frame.height
              + "×"
              + frame.width
              + " pixels, for which "
              + bytes.length
              + " bytes are too few");
    }
  }

  /** Quantization tables, of which the first coefficient's step is of interest. */
  private void steps(int from, int to) throws ImageFormatException {
    int place = from;
    while (place < to) {
      int bytesOfStep = 1 + (bytes[place] >> 4 & 1);
      int end = place + 1 + 64 * bytesOfStep;
      if ((bytes[place] & 0xEC) != 0 || end > to) {
        refuse(QUANTIZATION);
      }
      firstSteps[bytes[place] & 3] =
          bytesOfStep == 1 ? bytes[place + 1] & 0xFF : number(bytes, place + 1);
      place = end;
    }
  }

  private void tables(int from, int to) throws ImageFormatException {
    int place = from;
    while (place < to) {
      int[] counts = new int[16];
      int sum = 0;
      for (int k = 0; k < counts.length && place + 1 + k < to; k++) {
        counts[k] = bytes[place + 1 + k] & 0xFF;
        sum += counts[k];
      }
      int kind = bytes[place] & 0xFF;
      int begin = place + 1 + counts.length;
      if ((kind & 0xEC) != 0 || sum > 256 || begin + sum > to) {
        refuse(HUFFMAN);
      }
      byte[] symbols = new byte[sum];
      System.arraycopy(bytes, begin, symbols, 0, sum);
      (kind >> 4 == 0 ? dc : ac)[kind & 3] = new HuffmanTable(counts, symbols);
      place = begin + sum;
    }
  }

  private void end() throws ImageFormatException {
    if (frame == null) {
      throw new ImageFormatException("it ends without a picture");
    }
    for (JpegFrame.Component component : frame.components) {
      if (!component.begun) {
        throw new ImageFormatException("component " + component.id + " is missing");
      }
    }
    bytes[kept++] = (byte) 0xFF;
    bytes[kept++] = (byte) END;
    ended = true;
  }

  @Override
  public Pixels read(Rectangle part, int period) throws ImageFormatException {
    // What follows the mark of its end is no part of the picture; phones put videos there.
    while (!ended) {
      segment();
    }
    return Decoder.decode(
        "jpeg",
        bytes,
        kept,
        reader -> {
          ImageReadParam param = reader.getDefaultReadParam();
          param.setSourceRegion(part);
          param.setSourceSubsampling(period, period, (period - 1) / 2, (period - 1) / 2);
          // The samples as they are: whether they are YCbCr is settled here, by what was left out.
          return Pixels.of(reader.readRaster(0, param), InkColors.of(frame, jfif, adobe));
        });
  }
}

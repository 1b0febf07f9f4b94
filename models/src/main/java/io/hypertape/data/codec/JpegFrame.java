package io.hypertape.data.codec;

import java.util.HashSet;
import java.util.Set;

/** A JPEG's frame header (T.81, B.2.2), and how far its components have come. */
final class JpegFrame {

  /** A component: a plane of samples, in blocks of 8×8. */
  static final class Component {
    final int id;
    final int horizontal;
    final int vertical;
    final int quantization;
    // Blocks that have samples, and those that whole MCUs have.
    int wide;
    int high;
    int stride;
    int rows;
    // Progressive: bit k tells that coefficient k of a block is not 0.
    long[] nonzero = {};
    boolean begun;

    Component(int id, int horizontal, int vertical, int quantization) {
      this.id = id;
      this.horizontal = horizontal;
      this.vertical = vertical;
      this.quantization = quantization;
    }
  }

  private static final int BLOCK = 8;
  private static final int MOST_SAMPLES = 4;

  final int height;
  final int width;
  final boolean progressive;
  final Component[] components;
  final int mcusWide;
  final int mcusHigh;

  private JpegFrame(int height, int width, boolean progressive, Component[] components) {
    this.height = height;
    this.width = width;
    this.progressive = progressive;
    this.components = components;
    int horizontal = 1;
    int vertical = 1;
    for (Component c : components) {
      horizontal = Math.max(horizontal, c.horizontal);
      vertical = Math.max(vertical, c.vertical);
    }
    mcusWide = ceil(width, BLOCK * horizontal);
    mcusHigh = ceil(height, BLOCK * vertical);
    for (Component c : components) {
      c.wide = ceil(ceil(width * c.horizontal, horizontal), BLOCK);
      c.high = ceil(ceil(height * c.vertical, vertical), BLOCK);
      c.stride = mcusWide * c.horizontal;
      c.rows = mcusHigh * c.vertical;
    }
  }

  private static int ceil(int n, int d) {
    return (n + d - 1) / d;
  }

  /** Reads the header's body, behind its length. */
  static JpegFrame of(byte[] bytes, int from, int to, boolean progressive)
      throws ImageFormatException {
    int count = to - from < 6 ? 0 : bytes[from + 5] & 0xFF;
    if (count == 0 || to - from != 6 + 3 * count) {
      throw new ImageFormatException("a frame header of " + (to - from) + " bytes");
    }
    int height = Jpeg.number(bytes, from + 1);
    int width = Jpeg.number(bytes, from + 3);
    if (bytes[from] != Byte.SIZE) {
      throw new ImageFormatException(bytes[from] + " bits a sample; JPEGs of 8 are read");
    }
    if (height == 0 || width == 0) {
      throw new ImageFormatException(height + "×" + width + " pixels in its header");
    }
    if (count == 2 || count > 4) {
      throw new ImageFormatException(
          count + " components; 1 (grey), 3 (colours) and 4 (inks) are read");
    }
    Component[] components = new Component[count];
    Set<Integer> ids = new HashSet<>();
    for (int k = 0; k < count; k++) {
      int at = from + 6 + 3 * k;
      int sampling = bytes[at + 1] & 0xFF;
      components[k] =
          new Component(bytes[at] & 0xFF, sampling >> 4, sampling & 15, bytes[at + 2] & 3);
      boolean fits =
          components[k].horizontal >= 1
              && components[k].horizontal <= MOST_SAMPLES
              && components[k].vertical >= 1
              && components[k].vertical <= MOST_SAMPLES;
      if (!fits || !ids.add(components[k].id)) {
        throw new ImageFormatException("component " + k + " of its frame header makes no sense");
      }
    }
    return new JpegFrame(height, width, progressive, components);
  }

  /** All blocks of all components. */
  long blocks() {
    long blocks = 0;
    for (Component c : components) {
      blocks += (long) c.wide * c.high;
    }
    return blocks;
  }

  /** Bytes that are kept of blocks until the last scan: ours, and two a sample of the decoder's. */
  long memory() {
    long memory = 0;
    for (Component c : components) {
      long blocks = (long) c.stride * c.rows;
      memory += progressive ? blocks * (Long.BYTES + Short.BYTES * BLOCK * BLOCK) : 0;
    }
    return memory;
  }

  Component component(int id) throws ImageFormatException {
    for (Component c : components) {
      if (c.id == id) {
        return c;
      }
    }
    throw new ImageFormatException("a scan of component " + id + ", which its frame has not");
  }
}

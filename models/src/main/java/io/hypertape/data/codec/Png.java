package io.hypertape.data.codec;

import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;
import javax.imageio.ImageReadParam;

/**
 * A PNG file (ISO/IEC 15948). Checked are the checksum of every chunk, that the chunks a picture
 * needs are there, and that the compressed data are whole and make exactly its rows.
 */
final class Png implements EncodedImage {

  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  private static final int HEADER = 13;
  private static final int AROUND = 12;
  // What the picture is made of. The others are left out: what they say of colours is not applied.
  private static final Set<String> NEEDED = Set.of("IHDR", "PLTE", "tRNS", "IDAT", "IEND");

  // What matters is moved to the front.
  private final byte[] bytes;
  private int kept;
  private int at;
  private final int height;
  private final int width;
  private final PngRows rows;
  private final List<PngRows.Range> data = new ArrayList<>();
  private boolean ended;
  private boolean palette;
  private final int sampleBytes;

  Png(byte[] file) throws ImageFormatException {
    this.bytes = file;
    this.at = SIGNATURE.length;
    this.kept = at;
    if (file.length < at + AROUND + HEADER || number(at) != HEADER || !name(at).equals("IHDR")) {
      throw new ImageFormatException("cut off, or it does not begin with a header");
    }
    int body = at + 8;
    this.width = number(body);
    this.height = number(body + 4);
    int depth = file[body + 8];
    int color = file[body + 9];
    int interlace = file[body + 12];
    int samples =
        switch (color) {
          case 0, 3 -> 1;
          case 2 -> 3;
          case 4 -> 2;
          case 6 -> 4;
          default -> 0;
        };
    boolean fits =
        switch (depth) {
          case 1, 2, 4 -> samples == 1;
          case 8 -> samples > 0;
          case 16 -> samples > 0 && color != 3;
          default -> false;
        };
    if (!fits || width < 1 || height < 1 || interlace < 0 || interlace > 1) {
      throw new ImageFormatException("its header makes no sense");
    }
    this.sampleBytes = samples * Math.max(depth, Byte.SIZE) / Byte.SIZE;
    this.palette = color != 3;
    this.rows = new PngRows(height, width, samples * depth, interlace == 1);
  }

  static boolean begins(byte[] file) {
    boolean same = file.length >= SIGNATURE.length;
    for (int k = 0; same && k < SIGNATURE.length; k++) {
      same = file[k] == SIGNATURE[k];
    }
    return same;
  }

  private int number(int place) {
    return Jpeg.number(bytes, place) << 16 | Jpeg.number(bytes, place + 2);
  }

  /** Name of the chunk whose length stands at a place. */
  private String name(int place) {
    return new String(bytes, place + 4, 4, StandardCharsets.ISO_8859_1);
  }

  @Override
  public int height() {
    return height;
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public long memory(Rectangle part, int period) {
    long pixels = EncodedImage.taken(part.height, period) * EncodedImage.taken(part.width, period);
    // The decoder has two rows as they are stored, and one as numbers; so has what reads them.
    long rows = 16L * (width + 1L) * sampleBytes;
    return pixels * (Pixels.CHANNELS + sampleBytes) + rows;
  }

  private void chunk() throws ImageFormatException {
    int length = bytes.length - at < AROUND ? -1 : number(at);
    if (length < 0 || length > bytes.length - at - AROUND) {
      throw new ImageFormatException(
          "cut off: the chunk at offset " + at + " is not whole, or there is none that ends it");
    }
    String name = name(at);
    CRC32 sum = new CRC32();
    sum.update(bytes, at + 4, 4 + length);
    if (number(at + 8 + length) != (int) sum.getValue()) {
      throw new ImageFormatException("wrong checksum of the chunk at offset " + at);
    }
    switch (name) {
      case "IDAT" -> data.add(new PngRows.Range(kept + 8, length));
      case "PLTE" -> palette = true;
      case "IEND" -> ended = true;
      default -> {
        if (Character.isUpperCase(name.charAt(0)) && !NEEDED.contains(name)) {
          throw new ImageFormatException("a chunk of a kind that is not known at offset " + at);
        }
      }
    }
    if (NEEDED.contains(name)) {
      System.arraycopy(bytes, at, bytes, kept, AROUND + length);
      kept += AROUND + length;
    }
    at += AROUND + length;
  }

  @Override
  public Pixels read(Rectangle part, int period) throws ImageFormatException {
    if (!ended) {
      while (!ended) {
        chunk();
      }
      if (!palette) {
        throw new ImageFormatException("its palette is missing");
      }
      rows.check(bytes, data);
    }
    return Decoder.decode(
        "png",
        bytes,
        kept,
        reader -> {
          ImageReadParam param = reader.getDefaultReadParam();
          param.setSourceRegion(part);
          param.setSourceSubsampling(period, period, (period - 1) / 2, (period - 1) / 2);
          BufferedImage image = reader.read(0, param);
          int bands = image.getRaster().getNumBands();
          return Pixels.of(image.getRaster(), Pixels.of(image.getColorModel(), bands));
        });
  }
}

package io.hypertape.data;

import io.hypertape.data.codec.EncodedImage;
import io.hypertape.data.codec.ImageFormatException;
import io.hypertape.data.codec.Pixels;
import io.hypertape.io.guard.FileProblem;
import io.hypertape.io.guard.HeapRoom;
import java.awt.Rectangle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A decoded image, three bytes a pixel.
 *
 * @param height rows
 * @param width columns
 * @param grey whether its channels are equal
 * @param pixels [3, height, width]
 */
record ImageFile(int height, int width, boolean grey, byte[] pixels) {

  static final int CHANNELS = 3;

  /** Pixels beyond which an image is refused as it is: a small file can claim any size. */
  private static final long MAX_PIXELS = 1L << 24;

  /** Those beyond which it is refused although it is to be made smaller: 268 megapixels. */
  private static final long MAX_SCALED_PIXELS = 1L << 28;

  /** Side of a square of which every pixel is read. */
  private static final int MAX_SIDE = 1 << 12;

  static boolean isImage(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return !name.startsWith(".")
        && (name.endsWith(".png") || name.endsWith(".jpg") || name.endsWith(".jpeg"));
  }

  static ImageFile read(Path file) throws IOException {
    return read(file, HeapRoom.ofJvm());
  }

  static ImageFile read(Path file, HeapRoom room) throws IOException {
    return read(file, bytes(file, room), room);
  }

  /** Reads what a file has. */
  static ImageFile read(Path file, byte[] bytes) throws IOException {
    return read(file, bytes, HeapRoom.ofJvm());
  }

  private static ImageFile read(Path file, byte[] bytes, HeapRoom room) throws IOException {
    EncodedImage image = open(file, bytes);
    long pixels = (long) image.height() * image.width();
    if (pixels > MAX_PIXELS) {
      throw tooLarge(file, image, MAX_PIXELS, "; --image-size N reads larger ones");
    }
    Rectangle all = new Rectangle(image.width(), image.height());
    checkRoom(
        file,
        image,
        bytes.length + image.memory(all, 1),
        room,
        "; with --image-size N less is needed");
    return read(file, image, all, 1);
  }

  /**
   * Reads the square in the middle of an image, brought to a size. Of a very large image, pixels
   * are left out between those whose mean is taken, so that memory is bounded by the size.
   */
  static ImageFile read(Path file, int size) throws IOException {
    return read(file, size, HeapRoom.ofJvm());
  }

  static ImageFile read(Path file, int size, HeapRoom room) throws IOException {
    byte[] bytes = bytes(file, room);
    EncodedImage image = open(file, bytes);
    if ((long) image.height() * image.width() > MAX_SCALED_PIXELS) {
      throw tooLarge(file, image, MAX_SCALED_PIXELS, "");
    }
    int side = Math.min(image.height(), image.width());
    Rectangle square =
        new Rectangle((image.width() - side) / 2, (image.height() - side) / 2, side, side);
    int period = period(side, size);
    long memory = bytes.length + image.memory(square, period) + (long) CHANNELS * size * size;
    checkRoom(file, image, memory, room, "");
    return read(file, image, square, period).resized(size);
  }

  /** What the header claims is not allocated before it is known to fit. */
  private static void checkRoom(
      Path file, EncodedImage image, long memory, HeapRoom room, String advice)
      throws InvalidDataException {
    if (!room.fits(memory)) {
      throw new InvalidDataException(
          file
              + ": "
              + room.lacking(image.height() + "×" + image.width() + " pixels", memory)
              + advice);
    }
  }

  /** Every so-manieth pixel is read; at least two by two are left of each that becomes of them. */
  static int period(int side, int size) {
    int enough = (side + MAX_SIDE - 1) / MAX_SIDE;
    return Math.clamp(side / (2L * size), 1, enough);
  }

  private static byte[] bytes(Path file, HeapRoom room) throws IOException {
    DataFile.check(file, "an image");
    long length = Files.size(file);
    if (length > Integer.MAX_VALUE - 8) {
      throw new InvalidDataException(file + ": " + length + " bytes, more than fits in memory");
    }
    if (!room.fits(length)) {
      throw new InvalidDataException(file + ": " + room.lacking("its bytes", length));
    }
    return FileProblem.bytes(file);
  }

  private static EncodedImage open(Path file, byte[] bytes) throws IOException {
    try {
      return EncodedImage.open(bytes)
          .orElseThrow(() -> DataFile.other(file, file + ": neither PNG nor JPEG"));
    } catch (ImageFormatException e) {
      throw damaged(file, e);
    }
  }

  private static ImageFile read(Path file, EncodedImage image, Rectangle part, int period)
      throws IOException {
    try {
      return of(image.read(part, period));
    } catch (ImageFormatException e) {
      throw damaged(file, e);
    }
  }

  private static InvalidDataException damaged(Path file, ImageFormatException e) {
    return new InvalidDataException(
        file + ": damaged, or of an unknown kind (" + e.getMessage() + ")");
  }

  private static InvalidDataException tooLarge(
      Path file, EncodedImage image, long most, String advice) {
    return new InvalidDataException(
        file
            + ": "
            + image.height()
            + "×"
            + image.width()
            + " pixels; at most "
            + most
            + " in all are read"
            + advice);
  }

  private static ImageFile of(Pixels pixels) {
    byte[] rgb = pixels.rgb();
    int plane = pixels.height() * pixels.width();
    boolean grey = true;
    for (int at = 0; grey && at < plane; at++) {
      grey = rgb[at] == rgb[plane + at] && rgb[at] == rgb[2 * plane + at];
    }
    return new ImageFile(pixels.height(), pixels.width(), grey, rgb);
  }

  /** The square in the middle, brought to a size by averaging areas. */
  ImageFile resized(int size) {
    if (height == size && width == size) {
      return this;
    }
    int side = Math.min(height, width);
    int top = (height - side) / 2;
    int left = (width - side) / 2;
    byte[] small = new byte[CHANNELS * size * size];
    for (int c = 0; c < CHANNELS; c++) {
      for (int h = 0; h < size; h++) {
        for (int w = 0; w < size; w++) {
          double mean = mean(c, top, left, (double) side / size, h, w);
          small[(c * size + h) * size + w] = (byte) Math.round(mean);
        }
      }
    }
    return new ImageFile(size, size, grey, small);
  }

  /** Mean of the area that becomes pixel (h, w), whose side is scale pixels. */
  private double mean(int c, int top, int left, double scale, int h, int w) {
    double sum = 0;
    int lastRow = (int) Math.min(Math.ceil((h + 1) * scale), Math.min(height, width));
    int lastColumn = (int) Math.min(Math.ceil((w + 1) * scale), Math.min(height, width));
    for (int row = (int) (h * scale); row < lastRow; row++) {
      double high = Math.min(row + 1, (h + 1) * scale) - Math.max(row, h * scale);
      for (int column = (int) (w * scale); column < lastColumn; column++) {
        double wide = Math.min(column + 1, (w + 1) * scale) - Math.max(column, w * scale);
        int at = (c * height + top + row) * width + left + column;
        sum += high * wide * (pixels[at] & 0xFF);
      }
    }
    return Math.min(255, sum / (scale * scale));
  }
}

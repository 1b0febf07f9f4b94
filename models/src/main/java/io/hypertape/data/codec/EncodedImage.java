package io.hypertape.data.codec;

import java.awt.Rectangle;
import java.util.Optional;

/** An image file in memory, of which the header has been read. */
public sealed interface EncodedImage permits Jpeg, Png {

  /**
   * Reads a file's header.
   *
   * @param file the file's bytes; they belong to the image from now on
   * @return the image; nothing if the file is neither PNG nor JPEG
   * @throws ImageFormatException if the header is damaged, or the kind is not read
   * @throws UnsupportedOperationException if this runtime lacks Java's decoders
   */
  static Optional<EncodedImage> open(byte[] file) throws ImageFormatException {
    requireDecoders();
    if (Png.begins(file)) {
      return Optional.of(new Png(file));
    }
    return Jpeg.begins(file) ? Optional.of(new Jpeg(file)) : Optional.empty();
  }

  /** Before a class is loaded that names them: a missing one would be an error without advice. */
  private static void requireDecoders() {
    try {
      Class.forName("javax.imageio.ImageIO", false, EncodedImage.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new UnsupportedOperationException(
          "images are decoded by Java's module java.desktop, which is not there: --add-modules"
              + " java.desktop brings it, in a runtime image jlink's option of the same name",
          e);
    }
  }

  /**
   * What the header says of the image's height.
   *
   * @return rows of pixels, at least 1
   */
  int height();

  /**
   * What the header says of the image's width.
   *
   * @return columns of pixels, at least 1
   */
  int width();

  /**
   * Memory that {@link #read} takes beside the file: what is decoded, the pixels that are made of
   * it, and what is noted of a progressive picture, the decoder's coefficients included.
   *
   * @param part the part, inside the image
   * @param period takes every so-manieth pixel of every so-manieth row
   * @return bytes
   */
  long memory(Rectangle part, int period);

  /**
   * Pixels of one side that are left.
   *
   * @param length of the side
   * @param period takes every so-manieth pixel
   * @return how many there are at the most
   */
  static long taken(int length, int period) {
    return (length + period - 1L) / period;
  }

  /**
   * Checks the whole file, once, and decodes a part of the image.
   *
   * @param part the part, inside the image
   * @param period takes every so-manieth pixel of every so-manieth row, from the middle of the
   *     first ones on
   * @return the pixels
   * @throws ImageFormatException if the file is damaged, anywhere
   */
  Pixels read(Rectangle part, int period) throws ImageFormatException;
}

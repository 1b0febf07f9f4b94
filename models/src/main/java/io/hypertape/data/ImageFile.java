package io.hypertape.data;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

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

  /** Pixels beyond which an image is refused: a small file can claim any size. */
  private static final long MAX_PIXELS = 1L << 24;

  static boolean isImage(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return !name.startsWith(".")
        && (name.endsWith(".png") || name.endsWith(".jpg") || name.endsWith(".jpeg"));
  }

  static ImageFile read(Path file) throws IOException {
    try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
      if (in == null) {
        throw new InvalidDataException(file + ": cannot be read");
      }
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw DataFile.other(file, file + ": neither PNG nor JPEG");
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, true, true);
        return decode(file, reader);
      } finally {
        reader.dispose();
      }
    }
  }

  private static ImageFile decode(Path file, ImageReader reader) throws IOException {
    try {
      long width = reader.getWidth(0);
      long height = reader.getHeight(0);
      if (width * height > MAX_PIXELS) {
        throw new InvalidDataException(
            file
                + ": "
                + height
                + "×"
                + width
                + " pixels; at most "
                + MAX_PIXELS
                + " in all are read");
      }
      return of(reader.read(0));
    } catch (InvalidDataException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The JDK's decoders answer damaged data with almost any exception.
      throw new InvalidDataException(file + ": damaged, or of an unknown kind (" + reason(e) + ")");
    }
  }

  private static String reason(Exception e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private static ImageFile of(BufferedImage image) {
    int height = image.getHeight();
    int width = image.getWidth();
    int plane = height * width;
    byte[] pixels = new byte[CHANNELS * plane];
    boolean grey = true;
    for (int h = 0; h < height; h++) {
      for (int w = 0; w < width; w++) {
        int rgb = color(image, h, w);
        int at = h * width + w;
        pixels[at] = (byte) (rgb >> 16);
        pixels[plane + at] = (byte) (rgb >> 8);
        pixels[2 * plane + at] = (byte) rgb;
        grey &= (byte) (rgb >> 16) == (byte) rgb && (byte) (rgb >> 8) == (byte) rgb;
      }
    }
    return new ImageFile(height, width, grey, pixels);
  }

  /** Red, green and blue; of grey images the stored value, which getRGB would change. */
  private static int color(BufferedImage image, int h, int w) {
    boolean direct =
        image.getColorModel().getNumColorComponents() == 1
            && !(image.getColorModel() instanceof IndexColorModel);
    if (!direct) {
      return image.getRGB(w, h);
    }
    Raster raster = image.getRaster();
    int bits = image.getColorModel().getComponentSize(0);
    int value = raster.getSample(w, h, 0);
    int grey = bits >= Byte.SIZE ? value >> (bits - Byte.SIZE) : value * 255 / ((1 << bits) - 1);
    return grey << 16 | grey << 8 | grey;
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

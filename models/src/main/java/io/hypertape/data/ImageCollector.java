package io.hypertape.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Gathers decoded images of one size into one part of a set. */
final class ImageCollector {

  private static final long MAX_BYTES = Integer.MAX_VALUE - 8;

  /** What the images of all parts have in common, as far as it is known. */
  static final class Form {
    private final int size;
    // The first image, whose size the others must have.
    private Path file;
    private int height;
    private int width;
    private int channels = 1;

    /**
     * Nothing yet.
     *
     * @param size rows and columns to which images are brought, 0 to leave them as they are
     */
    Form(int size) {
      this.size = size;
      this.height = size;
      this.width = size;
    }

    private int plane() {
      return height * width;
    }

    private void check(Path next, ImageFile image) throws InvalidDataException {
      if (file == null) {
        file = next;
        height = image.height();
        width = image.width();
      }
      if (image.height() != height || image.width() != width) {
        throw new InvalidDataException(
            next
                + ": "
                + image.height()
                + "×"
                + image.width()
                + " pixels, but "
                + file
                + " has "
                + height
                + "×"
                + width
                + "; --image-size N brings all to one size");
      }
      if (!image.grey()) {
        channels = ImageFile.CHANNELS;
      }
    }
  }

  private final Form form;
  private final int total;
  // [total, channels, height, width], with as many channels as have been needed so far.
  private byte[] pixels = {};
  private int channels = 1;
  private final byte[] labels;
  private int count;

  /**
   * Nothing yet.
   *
   * @param total images that there will be
   */
  ImageCollector(Form form, int total) throws InvalidDataException {
    this.form = form;
    this.total = total;
    this.labels = new byte[total];
    checkFits();
  }

  /** Told before the first of many files is read, if it can be. */
  private void checkFits() throws InvalidDataException {
    long values = (long) total * form.channels * form.plane();
    long room = Math.min(MAX_BYTES, Runtime.getRuntime().maxMemory());
    if (values > room) {
      long side = (long) Math.sqrt((double) room / ((long) total * form.channels));
      throw new InvalidDataException(
          total
              + (total == 1 ? " image of " : " images of ")
              + form.height
              + "×"
              + form.width
              + " pixels in "
              + form.channels
              + (form.channels == 1 ? " channel are " : " channels are ")
              + values
              + " bytes, and "
              + room
              + " fit in memory; "
              + (side < 1 ? "fewer images" : "--image-size " + side + " or less")
              + " would");
    }
  }

  void add(List<Path> files, int label) throws IOException {
    for (Path file : files) {
      Cancelling.check(file);
      ImageFile image = form.size > 0 ? ImageFile.read(file, form.size) : ImageFile.read(file);
      form.check(file, image);
      widen();
      // Where a grey image stands for a coloured one, its planes are equal.
      int values = channels * form.plane();
      System.arraycopy(image.pixels(), 0, pixels, count * values, values);
      labels[count++] = (byte) label;
    }
  }

  /** Makes room for all images, in as many channels as are needed. */
  private void widen() throws InvalidDataException {
    if (pixels.length > 0 && channels == form.channels) {
      return;
    }
    checkFits();
    int plane = form.plane();
    byte[] wide = new byte[total * form.channels * plane];
    for (int i = 0; i < count; i++) {
      for (int c = 0; c < form.channels; c++) {
        System.arraycopy(pixels, i * plane, wide, (i * form.channels + c) * plane, plane);
      }
    }
    pixels = wide;
    channels = form.channels;
  }

  /** The part, in as many channels as any part needs. */
  LabeledImages build(String name, List<String> classes) throws InvalidDataException {
    widen();
    return LabeledImages.adopt(
        name, channels, form.height, form.width, classes.size(), pixels, labels, classes);
  }
}

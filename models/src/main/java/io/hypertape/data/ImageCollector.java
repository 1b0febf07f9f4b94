package io.hypertape.data;

import io.hypertape.io.guard.HeapRoom;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Gathers decoded images of one size into one part of a set. */
final class ImageCollector {

  private static final long MAX_BYTES = Integer.MAX_VALUE - 8;

  /** What the images of all parts have in common, as far as it is known. */
  static final class Form {
    private final int size;
    private final HeapRoom room;
    // Images of all parts.
    private int images;
    private long kept;
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
      this(size, HeapRoom.ofJvm());
    }

    Form(int size, HeapRoom room) {
      this.size = size;
      this.room = room;
      this.height = size;
      this.width = size;
    }

    /** Pixels that are held from now on. */
    private void keep(long bytes) {
      room.keep(bytes);
      kept += bytes;
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
    form.images += total;
    checkFits();
    this.labels = new byte[total];
  }

  /** Told before the first of many files is read, if it can be; counted are all parts. */
  private void checkFits() throws InvalidDataException {
    long values = (long) form.images * form.channels * form.plane();
    long part = (long) total * form.channels * form.plane();
    // Grey images that turn out to stand among coloured ones are there twice, for a moment.
    long needed = values - form.kept + pixels.length;
    if (needed <= form.room.left() && part <= MAX_BYTES) {
      return;
    }
    long room = form.room.left() + form.kept;
    long side =
        (long)
            Math.sqrt(
                Math.min(
                    (double) room / ((long) form.images * form.channels),
                    (double) MAX_BYTES / ((long) total * form.channels)));
    String what =
        form.images
            + (form.images == 1 ? " image of " : " images of ")
            + form.height
            + "×"
            + form.width
            + " pixels in "
            + form.channels
            + (form.channels == 1 ? " channel" : " channels");
    throw new InvalidDataException(
        form.room.lacking(what, values)
            + "; "
            + (side < 1 ? "fewer images" : "fewer images or --image-size " + side + " or less")
            + " would fit");
  }

  /** Images that there will be. */
  int total() {
    return total;
  }

  void add(List<Path> files, int label) throws IOException {
    for (Path file : files) {
      Cancelling.check(file);
      ImageFile image =
          form.size > 0
              ? ImageFile.read(file, form.size, form.room)
              : ImageFile.read(file, form.room);
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
    form.keep(wide.length - pixels.length);
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

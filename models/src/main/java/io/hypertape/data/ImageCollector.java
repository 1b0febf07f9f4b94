package io.hypertape.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Gathers decoded images of one size into a set. */
final class ImageCollector {

  private final int size;
  private final List<byte[]> images = new ArrayList<>();
  private final List<Byte> labels = new ArrayList<>();
  private long bytes;
  private boolean grey = true;

  /** The first image of all parts, whose size the others must have. */
  static final class First {
    private Path file;
    private int height;
    private int width;
  }

  private final First first;

  ImageCollector(int size, First first) {
    this.size = size;
    this.first = first;
  }

  void add(List<Path> files, int label) throws IOException {
    for (Path file : files) {
      Cancelling.check(file);
      ImageFile read = ImageFile.read(file);
      ImageFile image = size > 0 ? read.resized(size) : read;
      check(file, image);
      grey &= image.grey();
      bytes += image.pixels().length;
      if (bytes > Integer.MAX_VALUE - 8) {
        throw new InvalidDataException(
            file + ": more pixels than fit in memory; --image-size makes images smaller");
      }
      // Where a grey image stands for a coloured one, two thirds would be repetition.
      images.add(
          image.grey()
              ? Arrays.copyOf(image.pixels(), image.height() * image.width())
              : image.pixels());
      labels.add((byte) label);
    }
  }

  private void check(Path file, ImageFile image) throws InvalidDataException {
    if (first.file == null) {
      first.file = file;
      first.height = image.height();
      first.width = image.width();
    }
    if (image.height() != first.height || image.width() != first.width) {
      throw new InvalidDataException(
          file
              + ": "
              + image.height()
              + "×"
              + image.width()
              + " pixels, but "
              + first.file
              + " has "
              + first.height
              + "×"
              + first.width
              + "; --image-size N brings all to one size");
    }
  }

  boolean isEmpty() {
    return images.isEmpty();
  }

  boolean isGrey() {
    return grey;
  }

  LabeledImages build(String name, int classes, boolean asGrey) {
    int channels = asGrey ? 1 : ImageFile.CHANNELS;
    int plane = first.height * first.width;
    byte[] pixels = new byte[images.size() * channels * plane];
    byte[] classOf = new byte[images.size()];
    for (int i = 0; i < images.size(); i++) {
      byte[] image = images.get(i);
      for (int c = 0; c < channels; c++) {
        int from = image.length == plane ? 0 : c * plane;
        System.arraycopy(image, from, pixels, (i * channels + c) * plane, plane);
      }
      classOf[i] = labels.get(i);
    }
    return LabeledImages.adopt(name, channels, first.height, first.width, classes, pixels, classOf);
  }
}

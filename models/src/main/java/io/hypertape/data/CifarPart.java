package io.hypertape.data;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Files of CIFAR-10's binary version, one after the other: a label and 3,072 bytes an image. */
final class CifarPart {

  static final int SIDE = 32;
  static final int CHANNELS = 3;

  /** As batches.meta.txt, which stands beside the files, has them. */
  static final List<String> CLASSES =
      List.of(
          "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

  static final int PIXELS = CHANNELS * SIDE * SIDE;
  static final int RECORD = 1 + PIXELS;

  private final String name;
  private final int imagesOfFile;
  private final byte[] pixels;
  private final byte[] labels;

  CifarPart(String name, int files, int imagesOfFile) {
    this.name = name;
    this.imagesOfFile = imagesOfFile;
    this.pixels = new byte[files * imagesOfFile * PIXELS];
    this.labels = new byte[files * imagesOfFile];
  }

  /** Gives bytes of a file. */
  @FunctionalInterface
  interface Source {

    /** Fills a part of an array as far as the file goes; returns how many bytes there were. */
    int read(byte[] target, int from, int length) throws IOException;

    static Source of(InputStream in) {
      return in::readNBytes;
    }

    /** The same, whose bytes count. */
    default Source summed(Checksum sum) {
      return (target, from, length) -> {
        int n = read(target, from, length);
        sum.add(target, from, n);
        return n;
      };
    }
  }

  /** Reads one of the files, which must have exactly as many bytes as it should. */
  void read(int index, String file, Source source) throws IOException {
    byte[] label = new byte[1];
    for (int i = 0; i < imagesOfFile; i++) {
      int image = index * imagesOfFile + i;
      int read = source.read(label, 0, 1);
      read += read == 1 ? source.read(pixels, image * PIXELS, PIXELS) : 0;
      if (read < RECORD) {
        throw new InvalidDataException(
            file
                + ": cut off: "
                + ((long) i * RECORD + read)
                + " bytes; "
                + expected()
                + " are expected");
      }
      if (label[0] < 0 || label[0] >= CLASSES.size()) {
        throw new InvalidDataException(
            file
                + ": label of image "
                + i
                + " is "
                + (label[0] & 0xFF)
                + ", outside 0.."
                + (CLASSES.size() - 1)
                + "; "
                + expected()
                + " of CIFAR-10's binary version are expected");
      }
      labels[image] = label[0];
    }
    if (source.read(label, 0, 1) > 0) {
      throw new InvalidDataException(file + ": more than the expected " + expected());
    }
  }

  private String expected() {
    return (long) imagesOfFile * RECORD
        + " bytes ("
        + imagesOfFile
        + " images of "
        + RECORD
        + " bytes)";
  }

  LabeledImages images() {
    return LabeledImages.adopt(name, CHANNELS, SIDE, SIDE, CLASSES.size(), pixels, labels, CLASSES);
  }
}

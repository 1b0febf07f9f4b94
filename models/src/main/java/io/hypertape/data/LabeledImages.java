package io.hypertape.data;

import java.util.Objects;

/**
 * Images of one size with their classes, a byte a pixel.
 *
 * @param name of the data set and its part, such as {@code mnist train}
 * @param height of an image, in pixels
 * @param width of an image, in pixels
 * @param classes number of classes
 * @param pixels [images, height, width], 0 to 255
 * @param labels [images], 0 to classes − 1
 */
public record LabeledImages(
    String name, int height, int width, int classes, byte[] pixels, byte[] labels) {

  /** Checks that the parts fit together. */
  public LabeledImages {
    Objects.requireNonNull(name);
    if (height < 1 || width < 1 || (long) labels.length * height * width != pixels.length) {
      throw new IllegalArgumentException(
          name
              + ": "
              + pixels.length
              + " pixels are not "
              + labels.length
              + " images of "
              + height
              + "×"
              + width);
    }
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= classes) {
        throw new IllegalArgumentException(
            name + ": label " + i + " is " + labels[i] + ", outside 0.." + (classes - 1));
      }
    }
  }

  /**
   * Number of images.
   *
   * @return 0 or more
   */
  public int size() {
    return labels.length;
  }

  /**
   * Pixels of an image.
   *
   * @return height times width
   */
  public int features() {
    return height * width;
  }

  /**
   * Copies chosen images, pixels scaled to [0, 1].
   *
   * @param order indices of images
   * @param from first place in order
   * @param to place after the last
   * @param x receives [to − from, features]
   * @param y receives [to − from] classes
   */
  public void gather(int[] order, int from, int to, float[] x, int[] y) {
    Objects.checkFromToIndex(from, to, order.length);
    int features = features();
    if (x.length < (to - from) * features || y.length < to - from) {
      throw new IllegalArgumentException(
          name
              + ": room for "
              + x.length
              + " pixels and "
              + y.length
              + " labels; "
              + (to - from) * features
              + " and "
              + (to - from)
              + " are needed");
    }
    for (int row = 0; row < to - from; row++) {
      int image = Objects.checkIndex(order[from + row], labels.length);
      y[row] = labels[image];
      int source = image * features;
      int target = row * features;
      for (int k = 0; k < features; k++) {
        x[target + k] = (pixels[source + k] & 0xFF) * (1f / 255);
      }
    }
  }

  /**
   * The first images.
   *
   * @param count how many at the most
   * @return a smaller set
   */
  public LabeledImages first(int count) {
    int n = Math.min(count, size());
    return new LabeledImages(
        name,
        height,
        width,
        classes,
        java.util.Arrays.copyOf(pixels, n * features()),
        java.util.Arrays.copyOf(labels, n));
  }
}

package io.hypertape.models;

/**
 * The form of a small convolutional network.
 *
 * @param channels of the images
 * @param height of the images, at least 4
 * @param width of the images, at least 4
 * @param classes to tell apart
 */
public record CnnSpec(int channels, int height, int width, int classes) {

  /** Checks the numbers. */
  public CnnSpec {
    if (channels < 1 || height < 4 || width < 4 || classes < 1) {
      throw new IllegalArgumentException(
          "cnn: images of "
              + channels
              + " channels, "
              + height
              + "×"
              + width
              + " pixels, "
              + classes
              + " classes; at least 1 channel, 4×4 pixels and 1 class are needed");
    }
  }
}

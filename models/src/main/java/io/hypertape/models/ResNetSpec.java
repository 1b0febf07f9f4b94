package io.hypertape.models;

/**
 * The form of a residual network for small images (He et al. 2015, section 4.2).
 *
 * @param depth layers with weights, 6n + 2: 20, 32, 44, 56, 110
 * @param channels of the images
 * @param classes to tell apart
 */
public record ResNetSpec(int depth, int channels, int classes) {

  /** Checks the numbers. */
  public ResNetSpec {
    if (depth < 8 || depth % 6 != 2) {
      throw new IllegalArgumentException(
          "resnet: depth " + depth + "; 6n + 2 is needed, such as 20, 32, 44 or 56");
    }
    if (channels < 1 || classes < 1) {
      throw new IllegalArgumentException(
          "resnet: " + channels + " channels, " + classes + " classes; at least 1 is needed");
    }
  }

  /**
   * Residual blocks in each of the three stages.
   *
   * @return n of depth = 6n + 2
   */
  public int blocks() {
    return (depth - 2) / 6;
  }
}

package io.hypertape.data;

import io.hypertape.checks.Nulls;

/**
 * What becomes of images on their way into a batch.
 *
 * @param normalization scales pixels
 * @param augmentation varies images of a shuffled epoch
 */
public record Preparation(Normalization normalization, Augmentation augmentation) {

  /** Checks that all is there. */
  public Preparation {
    Nulls.check(normalization, "preparation: normalization");
    Nulls.check(augmentation, "preparation: augmentation");
  }

  /**
   * Checks that it is one for a set's images.
   *
   * @param images the set
   * @throws IllegalArgumentException if they have more or fewer channels
   */
  public void checkFits(LabeledImages images) {
    Nulls.check(images, "checkFits: images");
    if (normalization.channels() != images.channels()) {
      throw new IllegalArgumentException(
          images.name()
              + " has "
              + images.channels()
              + " channels; the normalization is for "
              + normalization.channels());
    }
  }

  /**
   * Pixels in [0, 1], nothing varied.
   *
   * @param channels values of a pixel, at least 1
   * @return the preparation
   */
  public static Preparation none(int channels) {
    return new Preparation(Normalization.none(channels), Augmentation.NONE);
  }
}

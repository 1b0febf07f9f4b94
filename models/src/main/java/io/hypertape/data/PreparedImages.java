package io.hypertape.data;

import io.hypertape.checks.Places;

/** Copies images into batches, through a table of values [channel][byte] and moved if need be. */
final class PreparedImages implements ExampleCopier {

  private final LabeledImages images;
  private final Augmentation augmentation;
  private final float[][] table;
  private Shift shift = Shift.NONE;

  /** Where an image of a batch is cut out of the original, if not at its place. */
  @FunctionalInterface
  private interface Shift {

    Shift NONE = image -> Augmentation.UNMOVED;

    /** An encoded move of an image; see {@link Augmentation}. */
    int of(int image);
  }

  PreparedImages(LabeledImages images, Preparation preparation) {
    this.images = images;
    this.augmentation = preparation.augmentation();
    this.table = preparation.normalization().table();
  }

  @Override
  public void plain() {
    shift = Shift.NONE;
  }

  @Override
  public void varied(long seed, int epoch) {
    shift =
        augmentation == Augmentation.NONE
            ? Shift.NONE
            : image -> augmentation.move(seed, epoch, image);
  }

  @Override
  public void copy(int example, BatchArrays into, int row) {
    int image = Places.check(images.name() + ": image", example, images.size());
    into.labels()[row] = images.label(image);
    copy(image, into.inputs(), row * images.features());
  }

  void copy(int image, float[] into, int at) {
    int move = shift.of(image);
    int plane = images.height() * images.width();
    int first = image * images.features();
    for (int c = 0; c < images.channels(); c++) {
      images.copyPlane(move, first + c * plane, table[c], into, at + c * plane);
    }
  }
}

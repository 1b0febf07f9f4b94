package io.hypertape.data;

import java.util.Locale;

/** How training images are varied from epoch to epoch. */
public enum Augmentation {
  /** Not at all. */
  NONE,
  /**
   * A random crop of the image padded with four zeros (after normalization) on every side, and its
   * mirror image every other time (He et al. 2015, section 4.2). A move depends on seed, epoch and
   * image alone.
   */
  CROP_AND_FLIP;

  /** Pixels that a crop may be off the middle. */
  static final int PAD = 4;

  private static final int OFFSETS = 2 * PAD + 1;

  /** The move of an image that stays as it is. */
  static final int UNMOVED = PAD * OFFSETS + PAD;

  private static final int FLIPPED = OFFSETS * OFFSETS;
  private static final long STREAM = 0x63726f70L << 24;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** How an image is moved in an epoch: (flip · 9 + rows) · 9 + columns, rows and columns + 4. */
  int move(long seed, int epoch, int image) {
    if (this == NONE) {
      return UNMOVED;
    }
    Generator random = new Generator(seed, STREAM + epoch, image);
    int move = random.below(OFFSETS * OFFSETS);
    return random.chance(0.5) ? move + FLIPPED : move;
  }

  /** Copies a plane through a table of values, moved; what comes from outside is 0. */
  static void copy(
      int move,
      byte[] pixels,
      int source,
      int height,
      int width,
      float[] table,
      float[] x,
      int target) {
    boolean flip = move >= FLIPPED;
    int down = move % FLIPPED / OFFSETS - PAD;
    int right = move % OFFSETS - PAD;
    for (int h = 0; h < height; h++) {
      int row = h + down;
      for (int w = 0; w < width; w++) {
        int column = (flip ? width - 1 - w : w) + right;
        boolean inside = row >= 0 && row < height && column >= 0 && column < width;
        x[target + h * width + w] =
            inside ? table[pixels[source + row * width + column] & 0xFF] : 0;
      }
    }
  }
}

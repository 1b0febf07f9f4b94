package io.hypertape.tensor;

/**
 * The form of a 2-D pooling, in elements. Windows that reach beyond the input see padding: −∞ for a
 * maximum, and for an average zeros that count (as PyTorch's {@code count_include_pad}).
 *
 * @param windowHeight rows of a window, at least 1
 * @param windowWidth columns of a window, at least 1
 * @param strideHeight distance of neighbouring windows along the height, at least 1
 * @param strideWidth the same along the width
 * @param padHeight padding before the first and after the last row, less than a window
 * @param padWidth the same for columns
 */
public record Pooling(
    int windowHeight,
    int windowWidth,
    int strideHeight,
    int strideWidth,
    int padHeight,
    int padWidth) {

  /** Checks the numbers. */
  public Pooling {
    if (windowHeight < 1 || windowWidth < 1 || strideHeight < 1 || strideWidth < 1) {
      throw new IllegalArgumentException(
          "pooling: windows "
              + windowHeight
              + "×"
              + windowWidth
              + " at strides "
              + strideHeight
              + "×"
              + strideWidth
              + "; at least 1 is needed");
    }
    if (padHeight < 0
        || padWidth < 0
        || 2 * padHeight > windowHeight
        || 2 * padWidth > windowWidth) {
      throw new IllegalArgumentException(
          "pooling: padding "
              + padHeight
              + "×"
              + padWidth
              + "; from 0 to half a window, "
              + windowHeight
              + "×"
              + windowWidth
              + ", is needed");
    }
  }

  /**
   * Square windows side by side, without padding.
   *
   * @param size rows and columns of a window, and their distance
   * @return the form
   */
  public static Pooling of(int size) {
    return new Pooling(size, size, size, size, 0, 0);
  }

  /**
   * Rows of the output.
   *
   * @param height rows of the input
   * @return P; 0 or less if no window fits
   */
  public int outputHeight(int height) {
    return Math.floorDiv(height + 2 * padHeight - windowHeight, strideHeight) + 1;
  }

  /**
   * Columns of the output.
   *
   * @param width columns of the input
   * @return Q; 0 or less if no window fits
   */
  public int outputWidth(int width) {
    return Math.floorDiv(width + 2 * padWidth - windowWidth, strideWidth) + 1;
  }
}

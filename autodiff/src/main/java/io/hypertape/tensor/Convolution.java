package io.hypertape.tensor;

/**
 * The form of a 2-D convolution (a cross-correlation, as in all deep-learning libraries), in
 * elements; the same on both sides of an axis.
 *
 * @param strideHeight distance of neighbouring windows along the height, at least 1
 * @param strideWidth the same along the width
 * @param padHeight zeros before the first and after the last row, at least 0
 * @param padWidth the same for columns
 * @param dilationHeight distance of a filter's neighbouring rows, at least 1
 * @param dilationWidth the same for columns
 * @param groups into how many independent parts the channels fall, at least 1
 */
public record Convolution(
    int strideHeight,
    int strideWidth,
    int padHeight,
    int padWidth,
    int dilationHeight,
    int dilationWidth,
    int groups) {

  /** Checks the numbers. */
  public Convolution {
    if (strideHeight < 1 || strideWidth < 1) {
      throw new IllegalArgumentException(
          "convolution: stride " + strideHeight + "×" + strideWidth + "; at least 1 is needed");
    }
    if (padHeight < 0 || padWidth < 0) {
      throw new IllegalArgumentException(
          "convolution: padding " + padHeight + "×" + padWidth + "; at least 0 is needed");
    }
    if (dilationHeight < 1 || dilationWidth < 1) {
      throw new IllegalArgumentException(
          "convolution: dilation "
              + dilationHeight
              + "×"
              + dilationWidth
              + "; at least 1 is needed");
    }
    if (groups < 1) {
      throw new IllegalArgumentException(
          "convolution: " + groups + " groups; at least 1 is needed");
    }
  }

  /**
   * Square strides and padding, no dilation, one group.
   *
   * @param stride distance of neighbouring windows
   * @param padding zeros on each side
   * @return the form
   */
  public static Convolution of(int stride, int padding) {
    return new Convolution(stride, stride, padding, padding, 1, 1, 1);
  }

  /**
   * Rows of the output.
   *
   * @param height rows of the input
   * @param filterHeight rows of a filter
   * @return P; 0 or less if no window fits
   */
  public int outputHeight(int height, int filterHeight) {
    return length(height, filterHeight, strideHeight, padHeight, dilationHeight);
  }

  /**
   * Columns of the output.
   *
   * @param width columns of the input
   * @param filterWidth columns of a filter
   * @return Q; 0 or less if no window fits
   */
  public int outputWidth(int width, int filterWidth) {
    return length(width, filterWidth, strideWidth, padWidth, dilationWidth);
  }

  private static int length(int in, int filter, int stride, int pad, int dilation) {
    return Math.floorDiv(in + 2 * pad - dilation * (filter - 1) - 1, stride) + 1;
  }
}

package io.hypertape.kernels.convolution;

import java.util.Locale;

/**
 * Sizes of a 2-D convolution y = x ∗ w (a cross-correlation): x [batch, channels, height, width], w
 * [filters, channels/groups, filterHeight, filterWidth], y [batch, filters, outHeight, outWidth].
 * Padding is the same on both sides of an axis.
 *
 * @param batch images, at least 0
 * @param channels channels of an image, a multiple of groups
 * @param height rows of an image
 * @param width columns of an image
 * @param filters channels of an output, a multiple of groups
 * @param filterHeight rows of a filter
 * @param filterWidth columns of a filter
 * @param strideHeight distance of neighbouring windows along the height, at least 1
 * @param strideWidth the same along the width
 * @param padHeight zeros before the first and after the last row, at least 0
 * @param padWidth the same for columns
 * @param dilationHeight distance of a filter's neighbouring rows, at least 1
 * @param dilationWidth the same for columns
 * @param groups into how many independent parts the channels fall, at least 1
 */
public record ConvolutionShape(
    int batch,
    int channels,
    int height,
    int width,
    int filters,
    int filterHeight,
    int filterWidth,
    int strideHeight,
    int strideWidth,
    int padHeight,
    int padWidth,
    int dilationHeight,
    int dilationWidth,
    int groups) {

  /** Checks the numbers. */
  public ConvolutionShape {
    atLeast(0, "batch", batch);
    atLeast(1, "channels", channels);
    atLeast(1, "height", height);
    atLeast(1, "width", width);
    atLeast(1, "filters", filters);
    atLeast(1, "filterHeight", filterHeight);
    atLeast(1, "filterWidth", filterWidth);
    atLeast(1, "strideHeight", strideHeight);
    atLeast(1, "strideWidth", strideWidth);
    atLeast(0, "padHeight", padHeight);
    atLeast(0, "padWidth", padWidth);
    atLeast(1, "dilationHeight", dilationHeight);
    atLeast(1, "dilationWidth", dilationWidth);
    atLeast(1, "groups", groups);
    if (channels % groups != 0 || filters % groups != 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "convolution: %d channels and %d filters in %d groups; both have to be multiples of"
                  + " the groups",
              channels,
              filters,
              groups));
    }
    windowFits("height", height, filterHeight, padHeight, dilationHeight);
    windowFits("width", width, filterWidth, padWidth, dilationWidth);
  }

  private static void atLeast(int least, String name, int value) {
    if (value < least) {
      throw new IllegalArgumentException(
          "convolution: " + name + " is " + value + "; at least " + least + " is needed");
    }
  }

  private static void windowFits(String axis, int length, int filter, int pad, int dilation) {
    long window = (filter - 1L) * dilation + 1;
    long padded = length + 2L * pad;
    if (window > padded) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "convolution: a window of %d does not fit into a %s of %d with padding, which is %d",
              window,
              axis,
              length,
              padded));
    }
    if (padded > Integer.MAX_VALUE / 2) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "convolution: a %s of %d with padding; 2^30 would fit", axis, padded));
    }
  }

  /**
   * Rows of the output.
   *
   * @return at least 1
   */
  public int outHeight() {
    return (height + 2 * padHeight - dilationHeight * (filterHeight - 1) - 1) / strideHeight + 1;
  }

  /**
   * Columns of the output.
   *
   * @return at least 1
   */
  public int outWidth() {
    return (width + 2 * padWidth - dilationWidth * (filterWidth - 1) - 1) / strideWidth + 1;
  }

  /** Channels that a filter sees. */
  public int groupChannels() {
    return channels / groups;
  }

  /** Filters of a group. */
  public int groupFilters() {
    return filters / groups;
  }

  /** Elements of a plane of x. */
  public int plane() {
    return height * width;
  }

  /** Elements of a plane of y. */
  public int outPlane() {
    return outHeight() * outWidth();
  }

  /** How x lies. */
  Images images() {
    return new Images(groups, groupChannels(), height, width);
  }

  /** How y lies. */
  Images outputs() {
    return new Images(groups, groupFilters(), outHeight(), outWidth());
  }

  /** Weights of one filter for one channel. */
  public int filterPlane() {
    return filterHeight * filterWidth;
  }
}

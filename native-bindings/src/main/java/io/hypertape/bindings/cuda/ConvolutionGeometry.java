package io.hypertape.bindings.cuda;

/**
 * The shapes of a 2-D convolution (a cross-correlation) and how its windows lie: images x [batch,
 * channels, height, width], filters w [filters, channels/groups, filterHeight, filterWidth],
 * results y [batch, filters, outHeight, outWidth], all dense.
 *
 * @param batch images
 * @param channels of an image
 * @param height rows of an image
 * @param width columns of an image
 * @param filters channels of a result
 * @param filterHeight rows of a filter
 * @param filterWidth columns of a filter
 * @param strideHeight distance of neighbouring windows along the height
 * @param strideWidth the same along the width
 * @param padHeight zeros before the first and after the last row
 * @param padWidth the same for columns
 * @param dilationHeight distance of a filter's neighbouring rows
 * @param dilationWidth the same for columns
 * @param groups into how many independent parts the channels fall
 */
public record ConvolutionGeometry(
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

  /**
   * Rows of a result.
   *
   * @return their number
   */
  public int outHeight() {
    return (height + 2 * padHeight - dilationHeight * (filterHeight - 1) - 1) / strideHeight + 1;
  }

  /**
   * Columns of a result.
   *
   * @return their number
   */
  public int outWidth() {
    return (width + 2 * padWidth - dilationWidth * (filterWidth - 1) - 1) / strideWidth + 1;
  }
}

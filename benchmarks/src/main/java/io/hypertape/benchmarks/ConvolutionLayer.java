package io.hypertape.benchmarks;

import io.hypertape.kernels.convolution.ConvolutionShape;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A convolution of a batch of square images with square filters, padded by half a filter, as text
 * {@code channels>filters@size,filter/stride}.
 *
 * @param channels of an image
 * @param filters how many
 * @param size rows and columns of an image
 * @param filter rows and columns of a filter
 * @param stride distance of windows
 */
public record ConvolutionLayer(int channels, int filters, int size, int filter, int stride) {

  /** Images of a batch, as in He et al. 2015, section 4.2. */
  public static final int BATCH = 128;

  private static final Pattern TEXT =
      Pattern.compile("(\\d{1,4})>(\\d{1,4})@(\\d{1,4}),(\\d{1,2})/(\\d)");

  /**
   * Reads a layer.
   *
   * @param text such as {@code 16>32@32,3/2}
   * @return the layer
   */
  public static ConvolutionLayer parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' is no convolution; 16>32@32,3/2 would be: 16 channels, 32 filters of 3×3,"
              + " images of 32×32, stride 2");
    }
    return new ConvolutionLayer(
        Integer.parseInt(parts.group(1)),
        Integer.parseInt(parts.group(2)),
        Integer.parseInt(parts.group(3)),
        Integer.parseInt(parts.group(4)),
        Integer.parseInt(parts.group(5)));
  }

  /**
   * The layer's sizes.
   *
   * @return for a batch of {@link #BATCH}
   */
  public ConvolutionShape shape() {
    int pad = filter / 2;
    return new ConvolutionShape(
        BATCH, channels, size, size, filters, filter, filter, stride, stride, pad, pad, 1, 1, 1);
  }

  /**
   * Work.
   *
   * @return floating-point operations of one product, those with padding included
   */
  public double flops() {
    ConvolutionShape s = shape();
    return 2.0 * BATCH * filters * s.outHeight() * s.outWidth() * channels * filter * filter;
  }

  @Override
  public String toString() {
    return channels + ">" + filters + "@" + size + "," + filter + "/" + stride;
  }
}

package io.hypertape.kernels.convolution;

/**
 * The three products of a 2-D convolution on dense arrays in NCHW order. Each is linear in both of
 * its operands; the derivatives of each are the other two.
 *
 * <p>What surrounds an image counts as zeros, or does not count: an infinity or NaN among the
 * weights may or may not make NaN of sums whose window reaches beyond the image there, and one in x
 * or dy of any weight's gradient.
 */
public interface ConvolutionKernels {

  /**
   * y[n, k, p, q] = Σ x[n, c, p·stride + r·dilation − pad, …]·w[k, c, r, s] over the channels c of
   * k's group and the filter's rows r and columns s; x is 0 outside the image.
   *
   * @param s sizes
   * @param x [batch, channels, height, width]
   * @param xOff its offset
   * @param w [filters, channels/groups, filterHeight, filterWidth]
   * @param wOff its offset
   * @param y [batch, filters, outHeight, outWidth], overwritten
   * @param yOff its offset
   */
  void convolution(
      ConvolutionShape s, float[] x, int xOff, float[] w, int wOff, float[] y, int yOff);

  /**
   * The cotangent of the images: what {@link #convolution} does with x, transposed.
   *
   * @param s sizes
   * @param dy cotangent of y [batch, filters, outHeight, outWidth]
   * @param dyOff its offset
   * @param w [filters, channels/groups, filterHeight, filterWidth]
   * @param wOff its offset
   * @param dx [batch, channels, height, width], overwritten
   * @param dxOff its offset
   */
  void convolutionData(
      ConvolutionShape s, float[] dy, int dyOff, float[] w, int wOff, float[] dx, int dxOff);

  /**
   * The cotangent of the filters: what {@link #convolution} does with w, transposed.
   *
   * @param s sizes
   * @param x [batch, channels, height, width]
   * @param xOff its offset
   * @param dy cotangent of y [batch, filters, outHeight, outWidth]
   * @param dyOff its offset
   * @param dw [filters, channels/groups, filterHeight, filterWidth], overwritten
   * @param dwOff its offset
   */
  void convolutionFilter(
      ConvolutionShape s, float[] x, int xOff, float[] dy, int dyOff, float[] dw, int dwOff);
}

package io.hypertape.kernels.convolution;

import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.Floats;

/**
 * The three products of a 2-D convolution on dense arrays in NCHW order. Each is linear in both of
 * its operands; the derivatives of each are the other two. Operands are checked when a call is
 * made: an {@link IllegalArgumentException} names one that does not fit the sizes, and an output
 * that overlaps an input.
 *
 * <p>What surrounds an image counts as zeros, or does not count: an infinity or NaN among the
 * weights may or may not make NaN of sums whose window reaches beyond the image there, and one in x
 * or dy of any weight's gradient.
 */
public interface Convolutions {

  /**
   * y[n, k, p, q] = Σ x[n, c, p·stride + r·dilation − pad, …]·w[k, c, r, s] over the channels c of
   * k's group and the filter's rows r and columns s; x is 0 outside the image.
   *
   * @param s sizes
   * @param x [batch, channels, height, width]
   * @param w [filters, channels/groups, filterHeight, filterWidth]
   * @param y [batch, filters, outHeight, outWidth], overwritten
   * @return the convolution
   */
  Call forward(ConvolutionShape s, Floats x, Floats w, Floats y);

  /**
   * The same with filters that do not change any more.
   *
   * @param s sizes
   * @param x [batch, channels, height, width]
   * @param w the filters
   * @param y [batch, filters, outHeight, outWidth], overwritten
   * @return the convolution
   */
  default Call forward(ConvolutionShape s, Floats x, FixedFilters w, Floats y) {
    return forward(s, x, w.values(), y);
  }

  /**
   * The cotangent of the images: what {@link #forward} does with x, transposed.
   *
   * @param s sizes
   * @param dy cotangent of y [batch, filters, outHeight, outWidth]
   * @param w [filters, channels/groups, filterHeight, filterWidth]
   * @param dx [batch, channels, height, width], overwritten
   * @return the product
   */
  Call data(ConvolutionShape s, Floats dy, Floats w, Floats dx);

  /**
   * The cotangent of the filters: what {@link #forward} does with w, transposed.
   *
   * @param s sizes
   * @param x [batch, channels, height, width]
   * @param dy cotangent of y [batch, filters, outHeight, outWidth]
   * @param dw [filters, channels/groups, filterHeight, filterWidth], overwritten
   * @return the product
   */
  Call filter(ConvolutionShape s, Floats x, Floats dy, Floats dw);
}

package io.hypertape.kernels.layers;

import java.util.Locale;

/**
 * Sizes of a 2-D pooling over independent planes. A window covers an element at least, since
 * padding is at most half a window.
 *
 * @param planes images times channels
 * @param height rows of a plane
 * @param width columns of a plane
 * @param windowHeight rows of a window
 * @param windowWidth columns of a window
 * @param strideHeight distance of neighbouring windows along the height
 * @param strideWidth the same along the width
 * @param padHeight padding above and below a plane
 * @param padWidth padding to the left and right
 */
public record PoolingShape(
    int planes,
    int height,
    int width,
    int windowHeight,
    int windowWidth,
    int strideHeight,
    int strideWidth,
    int padHeight,
    int padWidth) {

  /** Checks the numbers. */
  public PoolingShape {
    if (planes < 0 || height < 1 || width < 1) {
      throw bad("%d planes of %d×%d; 0 or more of 1×1 fit", planes, height, width);
    }
    axis("height", height, windowHeight, strideHeight, padHeight);
    axis("width", width, windowWidth, strideWidth, padWidth);
  }

  private static void axis(String name, int length, int window, int stride, int pad) {
    if (window < 1 || stride < 1) {
      throw bad("window %d, stride %d along the %s; at least 1 is needed", window, stride, name);
    }
    if (pad < 0 || pad > window / 2) {
      throw bad("padding %d along the %s; 0 to half a window of %d fits", pad, name, window);
    }
    if (window > (long) length + 2L * pad) {
      throw bad(
          "a window of %d along the %s, which has %d elements and %d of padding on each side",
          window, name, length, pad);
    }
  }

  private static IllegalArgumentException bad(String format, Object... arguments) {
    return new IllegalArgumentException(
        "pooling: " + String.format(Locale.ROOT, format, arguments));
  }

  /** {@return the rows of a pooled plane, P} */
  public int outHeight() {
    return (height + 2 * padHeight - windowHeight) / strideHeight + 1;
  }

  /** {@return the columns of a pooled plane, Q} */
  public int outWidth() {
    return (width + 2 * padWidth - windowWidth) / strideWidth + 1;
  }

  /** {@return the elements of a plane, height times width} */
  public int plane() {
    return Math.multiplyExact(height, width);
  }

  /** {@return the elements of a pooled plane, P times Q} */
  public int outPlane() {
    return Math.multiplyExact(outHeight(), outWidth());
  }

  /** First row of a window that lies on the plane. */
  int firstRow(int p) {
    return Math.max(0, p * strideHeight - padHeight);
  }

  int endRow(int p) {
    return Math.min(height, p * strideHeight - padHeight + windowHeight);
  }

  int firstColumn(int q) {
    return Math.max(0, q * strideWidth - padWidth);
  }

  int endColumn(int q) {
    return Math.min(width, q * strideWidth - padWidth + windowWidth);
  }

  /** The first window of a row that lies wholly on the plane. */
  int innerFrom() {
    return Math.min(outWidth(), (padWidth + strideWidth - 1) / strideWidth);
  }

  /** The end of those that do. */
  int innerTo() {
    int last = Math.floorDiv(width + padWidth - windowWidth, strideWidth);
    return Math.max(innerFrom(), Math.min(outWidth(), last + 1));
  }

  /** Whether a window is so large that its sum is of rows' sums: its errors are those of a row. */
  boolean addsRows() {
    return windowHeight * windowWidth > 256;
  }

  /** Elements of a window. */
  float window() {
    return (float) windowHeight * windowWidth;
  }

  /** What an element of a window counts in its mean. */
  float share() {
    return (float) (1 / ((double) windowHeight * windowWidth));
  }

  /** Whether the one window is the whole plane. */
  boolean isGlobal() {
    return windowHeight == height && windowWidth == width && padHeight == 0 && padWidth == 0;
  }
}

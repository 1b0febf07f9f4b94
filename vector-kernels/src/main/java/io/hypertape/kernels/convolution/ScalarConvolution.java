package io.hypertape.kernels.convolution;

/** Convolutions in plain loops, summed in double precision. */
public final class ScalarConvolution {

  private ScalarConvolution() {}

  public static void forward(
      ConvolutionShape s, float[] x, int xOff, float[] w, int wOff, float[] y, int yOff) {
    int outHeight = s.outHeight();
    int outWidth = s.outWidth();
    int at = yOff;
    for (int n = 0; n < s.batch(); n++) {
      for (int k = 0; k < s.filters(); k++) {
        for (int p = 0; p < outHeight; p++) {
          for (int q = 0; q < outWidth; q++) {
            y[at++] = window(s, n, k, p, q, x, xOff, w, wOff);
          }
        }
      }
    }
  }

  private static float window(
      ConvolutionShape s, int n, int k, int p, int q, float[] x, int xOff, float[] w, int wOff) {
    int groupChannels = s.groupChannels();
    int firstChannel = k / s.groupFilters() * groupChannels;
    double sum = 0;
    for (int c = 0; c < groupChannels; c++) {
      int plane = xOff + (n * s.channels() + firstChannel + c) * s.plane();
      int filter = wOff + (k * groupChannels + c) * s.filterPlane();
      for (int r = 0; r < s.filterHeight(); r++) {
        int h = p * s.strideHeight() + r * s.dilationHeight() - s.padHeight();
        for (int t = 0; t < s.filterWidth(); t++) {
          int v = q * s.strideWidth() + t * s.dilationWidth() - s.padWidth();
          if (h >= 0 && h < s.height() && v >= 0 && v < s.width()) {
            sum += (double) x[plane + h * s.width() + v] * w[filter + r * s.filterWidth() + t];
          }
        }
      }
    }
    return (float) sum;
  }

  public static void data(
      ConvolutionShape s, float[] dy, int dyOff, float[] w, int wOff, float[] dx, int dxOff) {
    int at = dxOff;
    for (int n = 0; n < s.batch(); n++) {
      for (int c = 0; c < s.channels(); c++) {
        for (int h = 0; h < s.height(); h++) {
          for (int v = 0; v < s.width(); v++) {
            dx[at++] = windows(s, n, c, h, v, dy, dyOff, w, wOff);
          }
        }
      }
    }
  }

  /** What all windows that contain an element of x have for it. */
  private static float windows(
      ConvolutionShape s, int n, int c, int h, int v, float[] dy, int dyOff, float[] w, int wOff) {
    int groupChannels = s.groupChannels();
    int groupFilters = s.groupFilters();
    int firstFilter = c / groupChannels * groupFilters;
    int outHeight = s.outHeight();
    int outWidth = s.outWidth();
    double sum = 0;
    for (int k = firstFilter; k < firstFilter + groupFilters; k++) {
      int plane = dyOff + (n * s.filters() + k) * outHeight * outWidth;
      int filter = wOff + (k * groupChannels + c % groupChannels) * s.filterPlane();
      for (int r = 0; r < s.filterHeight(); r++) {
        int p = h + s.padHeight() - r * s.dilationHeight();
        for (int t = 0; t < s.filterWidth(); t++) {
          int q = v + s.padWidth() - t * s.dilationWidth();
          if (begins(p, s.strideHeight(), outHeight) && begins(q, s.strideWidth(), outWidth)) {
            int from = plane + p / s.strideHeight() * outWidth + q / s.strideWidth();
            sum += (double) dy[from] * w[filter + r * s.filterWidth() + t];
          }
        }
      }
    }
    return (float) sum;
  }

  /** Whether a window begins at a place along an axis, counted with its padding. */
  private static boolean begins(int at, int stride, int windows) {
    return at >= 0 && at % stride == 0 && at / stride < windows;
  }

  public static void filter(
      ConvolutionShape s, float[] x, int xOff, float[] dy, int dyOff, float[] dw, int dwOff) {
    int at = dwOff;
    for (int k = 0; k < s.filters(); k++) {
      for (int c = 0; c < s.groupChannels(); c++) {
        for (int r = 0; r < s.filterHeight(); r++) {
          for (int t = 0; t < s.filterWidth(); t++) {
            dw[at++] = weight(s, k, c, r, t, x, xOff, dy, dyOff);
          }
        }
      }
    }
  }

  /** What all windows have for one weight. */
  private static float weight(
      ConvolutionShape s, int k, int c, int r, int t, float[] x, int xOff, float[] dy, int dyOff) {
    int outHeight = s.outHeight();
    int outWidth = s.outWidth();
    int channel = k / s.groupFilters() * s.groupChannels() + c;
    double sum = 0;
    for (int n = 0; n < s.batch(); n++) {
      int plane = xOff + (n * s.channels() + channel) * s.plane();
      int outPlane = dyOff + (n * s.filters() + k) * outHeight * outWidth;
      for (int p = 0; p < outHeight; p++) {
        int h = p * s.strideHeight() + r * s.dilationHeight() - s.padHeight();
        for (int q = 0; q < outWidth; q++) {
          int v = q * s.strideWidth() + t * s.dilationWidth() - s.padWidth();
          if (h >= 0 && h < s.height() && v >= 0 && v < s.width()) {
            sum += (double) dy[outPlane + p * outWidth + q] * x[plane + h * s.width() + v];
          }
        }
      }
    }
    return (float) sum;
  }
}

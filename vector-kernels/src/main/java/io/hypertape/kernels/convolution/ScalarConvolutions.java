package io.hypertape.kernels.convolution;

import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.Floats;

/** Convolutions in plain loops, summed in double precision. */
public final class ScalarConvolutions implements Convolutions {

  /** Makes the kernels. */
  public ScalarConvolutions() {}

  @Override
  public Call forward(ConvolutionShape s, Floats x, Floats w, Floats y) {
    ConvolutionChecks.forward(s, x, w, y);
    return () -> outputs(s, x, w, y);
  }

  @Override
  public Call data(ConvolutionShape s, Floats dy, Floats w, Floats dx) {
    ConvolutionChecks.data(s, dy, w, dx);
    return () -> images(s, dy, w, dx);
  }

  @Override
  public Call filter(ConvolutionShape s, Floats x, Floats dy, Floats dw) {
    ConvolutionChecks.filter(s, x, dy, dw);
    return () -> weights(s, x, dy, dw);
  }

  private static void outputs(ConvolutionShape s, Floats x, Floats w, Floats out) {
    float[] y = out.array();
    int outHeight = s.outHeight();
    int outWidth = s.outWidth();
    int at = out.offset();
    for (int n = 0; n < s.batch(); n++) {
      for (int k = 0; k < s.filters(); k++) {
        for (int p = 0; p < outHeight; p++) {
          for (int q = 0; q < outWidth; q++) {
            y[at++] = window(s, n, k, p, q, x, w);
          }
        }
      }
    }
  }

  private static float window(
      ConvolutionShape s, int n, int k, int p, int q, Floats images, Floats filters) {
    float[] x = images.array();
    float[] w = filters.array();
    int groupChannels = s.groupChannels();
    int firstChannel = k / s.groupFilters() * groupChannels;
    double sum = 0;
    for (int c = 0; c < groupChannels; c++) {
      int plane = images.offset() + (n * s.channels() + firstChannel + c) * s.plane();
      int filter = filters.offset() + (k * groupChannels + c) * s.filterPlane();
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

  private static void images(ConvolutionShape s, Floats dy, Floats w, Floats out) {
    float[] dx = out.array();
    int at = out.offset();
    for (int n = 0; n < s.batch(); n++) {
      for (int c = 0; c < s.channels(); c++) {
        for (int h = 0; h < s.height(); h++) {
          for (int v = 0; v < s.width(); v++) {
            dx[at++] = windows(s, n, c, h, v, dy, w);
          }
        }
      }
    }
  }

  /** What all windows that contain an element of x have for it. */
  private static float windows(
      ConvolutionShape s, int n, int c, int h, int v, Floats cotangent, Floats filters) {
    float[] dy = cotangent.array();
    float[] w = filters.array();
    int groupChannels = s.groupChannels();
    int groupFilters = s.groupFilters();
    int firstFilter = c / groupChannels * groupFilters;
    int outHeight = s.outHeight();
    int outWidth = s.outWidth();
    double sum = 0;
    for (int k = firstFilter; k < firstFilter + groupFilters; k++) {
      int plane = cotangent.offset() + (n * s.filters() + k) * outHeight * outWidth;
      int filter = filters.offset() + (k * groupChannels + c % groupChannels) * s.filterPlane();
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

  private static void weights(ConvolutionShape s, Floats x, Floats dy, Floats out) {
    float[] dw = out.array();
    int at = out.offset();
    for (int k = 0; k < s.filters(); k++) {
      for (int c = 0; c < s.groupChannels(); c++) {
        for (int r = 0; r < s.filterHeight(); r++) {
          for (int t = 0; t < s.filterWidth(); t++) {
            dw[at++] = weight(s, k, c, r, t, x, dy);
          }
        }
      }
    }
  }

  /** What all windows have for one weight. */
  private static float weight(
      ConvolutionShape s, int k, int c, int r, int t, Floats images, Floats cotangent) {
    float[] x = images.array();
    float[] dy = cotangent.array();
    int outHeight = s.outHeight();
    int outWidth = s.outWidth();
    int channel = k / s.groupFilters() * s.groupChannels() + c;
    double sum = 0;
    for (int n = 0; n < s.batch(); n++) {
      int plane = images.offset() + (n * s.channels() + channel) * s.plane();
      int outPlane = cotangent.offset() + (n * s.filters() + k) * outHeight * outWidth;
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

package io.hypertape.kernels;

import io.hypertape.kernels.convolution.ConvolutionShape;

/**
 * The three products of a convolution in double precision, as one loop over all multiplications:
 * each adds to the element it belongs to. Beside every sum stands that of the absolute values.
 */
final class ConvolutionOracle {
  final double[] y;
  final double[] dx;
  final double[] dw;
  final double[] yScale;
  final double[] dxScale;
  final double[] dwScale;

  ConvolutionOracle(ConvolutionShape s, float[] x, float[] w, float[] dy) {
    y = new double[dy.length];
    yScale = new double[dy.length];
    dx = new double[x.length];
    dxScale = new double[x.length];
    dw = new double[w.length];
    dwScale = new double[w.length];
    for (int n = 0; n < s.batch(); n++) {
      for (int k = 0; k < s.filters(); k++) {
        for (int p = 0; p < s.outHeight(); p++) {
          for (int q = 0; q < s.outWidth(); q++) {
            int out = ((n * s.filters() + k) * s.outHeight() + p) * s.outWidth() + q;
            window(s, n, k, p, q, out, x, w, dy[out]);
          }
        }
      }
    }
  }

  private void window(
      ConvolutionShape s, int n, int k, int p, int q, int out, float[] x, float[] w, float dyOut) {
    int channels = s.channels() / s.groups();
    int group = k / (s.filters() / s.groups());
    for (int c = 0; c < channels; c++) {
      for (int r = 0; r < s.filterHeight(); r++) {
        for (int t = 0; t < s.filterWidth(); t++) {
          int row = p * s.strideHeight() + r * s.dilationHeight() - s.padHeight();
          int col = q * s.strideWidth() + t * s.dilationWidth() - s.padWidth();
          if (row < 0 || row >= s.height() || col < 0 || col >= s.width()) {
            continue;
          }
          int in = ((n * s.channels() + group * channels + c) * s.height() + row) * s.width() + col;
          int weight = ((k * channels + c) * s.filterHeight() + r) * s.filterWidth() + t;
          y[out] += (double) x[in] * w[weight];
          yScale[out] += Math.abs((double) x[in] * w[weight]);
          dx[in] += (double) dyOut * w[weight];
          dxScale[in] += Math.abs((double) dyOut * w[weight]);
          dw[weight] += (double) dyOut * x[in];
          dwScale[weight] += Math.abs((double) dyOut * x[in]);
        }
      }
    }
  }
}

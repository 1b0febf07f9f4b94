package io.hypertape.kernels.layers;

/** Batch normalization of channels in double precision. */
final class ScalarBatchNorm {

  private ScalarBatchNorm() {}

  static void forward(
      int batch,
      int channels,
      int plane,
      double eps,
      float[] x,
      int xOff,
      float[] gamma,
      int gammaOff,
      float[] beta,
      int betaOff,
      float[] y,
      int yOff,
      float[] mean,
      int meanOff,
      float[] invStd,
      int invStdOff) {
    double count = (double) batch * plane;
    for (int c = 0; c < channels; c++) {
      double sum = 0;
      for (int n = 0; n < batch; n++) {
        int at = xOff + (n * channels + c) * plane;
        for (int i = at; i < at + plane; i++) {
          sum += x[i];
        }
      }
      double center = sum / count;
      double squares = 0;
      for (int n = 0; n < batch; n++) {
        int at = xOff + (n * channels + c) * plane;
        for (int i = at; i < at + plane; i++) {
          squares += (x[i] - center) * (x[i] - center);
        }
      }
      double inverse = 1 / Math.sqrt(squares / count + eps);
      mean[meanOff + c] = (float) center;
      invStd[invStdOff + c] = (float) inverse;
      double scale = gamma[gammaOff + c] * inverse;
      for (int n = 0; n < batch; n++) {
        int at = (n * channels + c) * plane;
        for (int i = at; i < at + plane; i++) {
          y[yOff + i] = (float) ((x[xOff + i] - center) * scale + beta[betaOff + c]);
        }
      }
    }
  }

  static void backward(
      int batch,
      int channels,
      int plane,
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      float[] gamma,
      int gammaOff,
      float[] mean,
      int meanOff,
      float[] invStd,
      int invStdOff,
      float[] dx,
      int dxOff,
      float[] dGamma,
      int dGammaOff,
      float[] dBeta,
      int dBetaOff) {
    double count = (double) batch * plane;
    for (int c = 0; c < channels; c++) {
      double center = mean[meanOff + c];
      double inverse = invStd[invStdOff + c];
      double sum = 0;
      double products = 0;
      for (int n = 0; n < batch; n++) {
        int at = (n * channels + c) * plane;
        for (int i = at; i < at + plane; i++) {
          sum += dy[dyOff + i];
          products += dy[dyOff + i] * (x[xOff + i] - center) * inverse;
        }
      }
      dBeta[dBetaOff + c] = (float) sum;
      dGamma[dGammaOff + c] = (float) products;
      double scale = gamma[gammaOff + c] * inverse;
      for (int n = 0; n < batch; n++) {
        int at = (n * channels + c) * plane;
        for (int i = at; i < at + plane; i++) {
          double normal = (x[xOff + i] - center) * inverse;
          dx[dxOff + i] = (float) (scale * (dy[dyOff + i] - (sum + normal * products) / count));
        }
      }
    }
  }
}

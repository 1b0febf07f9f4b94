package io.hypertape.kernels.layers;

/** Batch normalization of channels in double precision. */
final class ScalarBatchNorm {

  private ScalarBatchNorm() {}

  static void forward(BatchNorm.Forward o, int from, int to) {
    int batch = o.s().batch();
    int plane = o.s().plane();
    int apart = o.s().channels() * plane;
    double count = (double) batch * plane;
    for (int c = from; c < to; c++) {
      double sum = 0;
      for (int n = 0; n < batch; n++) {
        int at = n * apart + c * plane;
        for (int i = at; i < at + plane; i++) {
          sum += o.x().get(i);
        }
      }
      double center = sum / count;
      double squares = 0;
      for (int n = 0; n < batch; n++) {
        int at = n * apart + c * plane;
        for (int i = at; i < at + plane; i++) {
          squares += (o.x().get(i) - center) * (o.x().get(i) - center);
        }
      }
      double inverse = 1 / Math.sqrt(squares / count + o.eps());
      o.statistics().mean().set(c, (float) center);
      o.statistics().invStd().set(c, (float) inverse);
      double scale = o.gamma().get(c) * inverse;
      for (int n = 0; n < batch; n++) {
        int at = n * apart + c * plane;
        for (int i = at; i < at + plane; i++) {
          o.y().set(i, (float) ((o.x().get(i) - center) * scale + o.beta().get(c)));
        }
      }
    }
  }

  static void backward(BatchNorm.Backward o, int from, int to) {
    int batch = o.s().batch();
    int plane = o.s().plane();
    int apart = o.s().channels() * plane;
    double count = (double) batch * plane;
    for (int c = from; c < to; c++) {
      double center = o.statistics().mean().get(c);
      double inverse = o.statistics().invStd().get(c);
      double sum = 0;
      double products = 0;
      for (int n = 0; n < batch; n++) {
        int at = n * apart + c * plane;
        for (int i = at; i < at + plane; i++) {
          sum += o.dy().get(i);
          products += o.dy().get(i) * (o.x().get(i) - center) * inverse;
        }
      }
      o.dBeta().set(c, (float) sum);
      o.dGamma().set(c, (float) products);
      double scale = o.gamma().get(c) * inverse;
      for (int n = 0; n < batch; n++) {
        int at = n * apart + c * plane;
        for (int i = at; i < at + plane; i++) {
          double normal = (o.x().get(i) - center) * inverse;
          o.dx().set(i, (float) (scale * (o.dy().get(i) - (sum + normal * products) / count)));
        }
      }
    }
  }
}

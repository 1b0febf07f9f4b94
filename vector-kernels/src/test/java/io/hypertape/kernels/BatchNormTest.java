package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.layers.BatchNorm;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(KernelMode.class)
class BatchNormTest {
  private static final double EPS = 1e-5;

  private final Kernels kernels;

  BatchNormTest(KernelMode mode) {
    kernels = Kernels.open(mode, 1);
    assertEquals(mode == KernelMode.VECTOR, kernels.selection().vectorized());
  }

  @AfterEach
  void close() {
    kernels.close();
  }

  private record Case(int batch, int channels, int plane, float[] x) {
    int size() {
      return batch * channels * plane;
    }

    BatchNorm.Shape shape() {
      return new BatchNorm.Shape(batch, channels, plane);
    }

    Floats operand() {
      return new Floats(x, 1, size());
    }

    int channel(int i) {
      return i / plane % channels;
    }

    double[] mean() {
      double[] mean = new double[channels];
      for (int i = 0; i < size(); i++) {
        mean[channel(i)] += x[i + 1] / ((double) batch * plane);
      }
      return mean;
    }

    double[] variance() {
      double[] mean = mean();
      double[] variance = new double[channels];
      for (int i = 0; i < size(); i++) {
        double d = x[i + 1] - mean[channel(i)];
        variance[channel(i)] += d * d / ((double) batch * plane);
      }
      return variance;
    }
  }

  private static BatchNorm.Statistics statistics(float[] mean, float[] invStd) {
    return new BatchNorm.Statistics(Floats.of(mean), Floats.of(invStd));
  }

  private void normalize(
      Case in, double eps, float[] gamma, float[] beta, Floats y, BatchNorm.Statistics statistics) {
    kernels
        .layers()
        .batchNorm(
            new BatchNorm.Forward(
                in.shape(), eps, in.operand(), Floats.of(gamma), Floats.of(beta), y, statistics))
        .run();
  }

  private static Case of(int batch, int channels, int plane, float shift, float scale) {
    float[] x = Randoms.normal(batch * channels * plane + 1, 1);
    for (int i = 0; i < x.length; i++) {
      x[i] = x[i] * scale + shift;
    }
    return new Case(batch, channels, plane, x);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 0, 1", "2, 1, 1, 0, 1", "7, 3, 1, 3, 1", "300, 37, 1, 3, 1", "1, 5, 17, 0, 1",
    "3, 2, 4, 0, 1", "5, 3, 49, -10, 2", "8, 4, 64, 0, 1", "2, 2, 5000, 1, 1", "130, 2, 33, 0, 1",
    "64, 3, 256, 100, 1", "256, 20, 1, 100, 1", "4, 16, 1024, 0, 0.001"
  })
  void agreesWithDoubles(int batch, int channels, int plane, float shift, float scale) {
    Case in = of(batch, channels, plane, shift, scale);
    int n = in.size();
    float[] gamma = Randoms.normal(channels, 2);
    float[] beta = Randoms.normal(channels, 3);
    float[] y = new float[n + 1];
    float[] mean = new float[channels + 1];
    float[] invStd = new float[channels];
    var statistics = new BatchNorm.Statistics(new Floats(mean, 1, channels), Floats.of(invStd));
    normalize(in, EPS, gamma, beta, new Floats(y, 1, n), statistics);
    double[] means = in.mean();
    double[] variances = in.variance();
    for (int c = 0; c < channels; c++) {
      double inverse = 1 / Math.sqrt(variances[c] + EPS);
      double magnitude = Math.abs(means[c]) + Math.sqrt(variances[c]);
      Close.assertWithin(means[c], mean[c + 1], 1e-7 * magnitude, () -> "mean");
      Close.assertWithin(inverse, invStd[c], 1e-6 * inverse, () -> "invStd");
    }
    for (int i = 0; i < n; i++) {
      int c = in.channel(i);
      double normal = (in.x()[i + 1] - means[c]) / Math.sqrt(variances[c] + EPS);
      double expected = gamma[c] * normal + beta[c];
      double magnitude = Math.abs(gamma[c] * normal) + Math.abs(beta[c]) + 1e-3;
      Close.assertWithin(expected, y[i + 1], 1e-6 * magnitude, () -> "y");
    }
    assertEquals(0, y[0]);
  }

  /** A channel whose first image is far from all others: no sum may be taken about it. */
  @Test
  void anOutlierDoesNotSpoilTheVariance() {
    Case in = of(100, 2, 1024, 1000, 1);
    for (int i = 0; i < 1024; i++) {
      in.x()[1 + i] = 0;
      in.x()[1 + 1024 + i] = i == 0 ? 1e6f : 1000;
    }
    float[] mean = new float[2];
    float[] invStd = new float[2];
    float[] one = {1, 1};
    float[] y = new float[in.size() + 1];
    normalize(in, 0, one, one, new Floats(y, 1, in.size()), statistics(mean, invStd));
    for (int c = 0; c < 2; c++) {
      double expected = 1 / Math.sqrt(in.variance()[c]);
      Close.assertWithin(expected, invStd[c], 1e-6 * expected, () -> "outlier");
    }
  }

  @Test
  void aConstantChannelHasVarianceZero() {
    Case in = of(9, 2, 30, 0.1f, 0);
    float[] mean = new float[2];
    float[] invStd = new float[2];
    float[] one = {1, 1};
    float[] y = new float[in.size()];
    normalize(in, EPS, one, one, Floats.of(y), statistics(mean, invStd));
    assertEquals(0.1f, mean[0]);
    assertEquals((float) (1 / Math.sqrt(EPS)), invStd[1]);
    assertEquals(1f, y[5], 1e-6);
  }

  @ParameterizedTest
  @CsvSource({
    "2, 1, 1",
    "7, 3, 1",
    "300, 37, 1",
    "1, 5, 17",
    "3, 2, 4",
    "5, 3, 49",
    "8, 4, 64",
    "2, 2, 5000",
    "130, 2, 33"
  })
  void derivativesAgreeWithDoubles(int batch, int channels, int plane) {
    Case in = of(batch, channels, plane, 2, 1);
    int n = in.size();
    float[] gamma = Randoms.normal(channels, 2);
    float[] beta = new float[channels];
    float[] y = new float[n];
    float[] mean = new float[channels];
    float[] invStd = new float[channels];
    float[] dy = Randoms.normal(n + 1, 4);
    float[] dx = new float[n + 1];
    float[] dGamma = new float[channels];
    float[] dBeta = new float[channels];
    var statistics = statistics(mean, invStd);
    normalize(in, EPS, gamma, beta, Floats.of(y), statistics);
    kernels
        .layers()
        .batchNormGrad(
            new BatchNorm.Backward(
                in.shape(),
                new Floats(dy, 1, n),
                in.operand(),
                Floats.of(gamma),
                statistics,
                new Floats(dx, 1, n),
                Floats.of(dGamma),
                Floats.of(dBeta)))
        .run();
    double count = (double) batch * plane;
    double[] means = in.mean();
    double[] variances = in.variance();
    double[] sums = new double[channels];
    double[] products = new double[channels];
    for (int i = 0; i < n; i++) {
      int c = in.channel(i);
      sums[c] += dy[i + 1];
      products[c] += dy[i + 1] * (in.x()[i + 1] - means[c]) / Math.sqrt(variances[c] + EPS);
    }
    for (int c = 0; c < channels; c++) {
      Close.assertWithin(sums[c], dBeta[c], 1e-6 * count, () -> "dBeta");
      Close.assertWithin(products[c], dGamma[c], 1e-6 * count, () -> "dGamma");
    }
    for (int i = 0; i < n; i++) {
      int c = in.channel(i);
      double inverse = 1 / Math.sqrt(variances[c] + EPS);
      double normal = (in.x()[i + 1] - means[c]) * inverse;
      double expected =
          gamma[c] * inverse * (dy[i + 1] - sums[c] / count - normal * products[c] / count);
      double magnitude = Math.abs(gamma[c]) * inverse * (1 + Math.abs(normal));
      Close.assertWithin(expected, dx[i + 1], 2e-6 * magnitude, () -> "dx");
    }
    assertEquals(0, dx[0]);
  }
}

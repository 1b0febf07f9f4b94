package io.hypertape.bindings.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.bindings.testing.CudaDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CudnnBatchNormTest extends CudaTestCase {

  private static final double EPSILON = 1e-5;

  private CudnnHandle cudnn;
  private CudnnBatchNorm norm;

  @BeforeEach
  void openHandle() {
    cudnn = CudnnHandle.create(stream);
    norm = CudnnBatchNorm.create(cudnn);
  }

  @AfterEach
  void closeHandle() {
    norm.close();
    norm.close();
    cudnn.close();
  }

  @ParameterizedTest
  @CsvSource({"1,1,1,2", "4,3,2,5", "7,16,1,1", "2,5,8,8"})
  void theBatchIsNormalizedAndDifferentiated(int n, int c, int h, int w) {
    int places = h * w;
    float[] x = values(n * c * places, 1);
    float[] dy = values(n * c * places, 2);
    float[] scale = values(c, 3);
    float[] bias = values(c, 4);
    float[] means = new float[c];
    float[] inverses = new float[c];
    float[] y = new float[x.length];
    float[] dx = new float[x.length];
    float[] dScale = new float[c];
    float[] dBias = new float[c];
    for (int channel = 0; channel < c; channel++) {
      plainChannel(channel, places, x, dy, scale, bias, means, inverses, y, dx, dScale, dBias);
    }
    try (DeviceMemory in = upload(x);
        DeviceMemory cotangent = upload(dy);
        DeviceMemory factors = upload(scale);
        DeviceMemory added = upload(bias);
        DeviceMemory out = pool.allocate(in.bytes());
        DeviceMemory mean = pool.allocate(4L * c);
        DeviceMemory inverse = pool.allocate(4L * c);
        DeviceMemory result = pool.allocate(in.bytes());
        DeviceMemory forFactors = pool.allocate(4L * c);
        DeviceMemory forAdded = pool.allocate(4L * c)) {
      norm.forward(
          n,
          c,
          h,
          w,
          EPSILON,
          in.address(),
          factors.address(),
          added.address(),
          out.address(),
          mean.address(),
          inverse.address());
      assertArrayEquals(y, download(out), 1e-4f);
      assertArrayEquals(means, download(mean), 1e-6f);
      assertArrayEquals(inverses, download(inverse), 1e-3f);
      norm.backward(
          n,
          c,
          h,
          w,
          in.address(),
          cotangent.address(),
          result.address(),
          factors.address(),
          forFactors.address(),
          forAdded.address(),
          mean.address(),
          inverse.address());
      assertArrayEquals(dx, download(result), 1e-3f);
      assertArrayEquals(dScale, download(forFactors), 1e-3f);
      assertArrayEquals(dBias, download(forAdded), 1e-4f);
    }
  }

  private static void plainChannel(
      int channel,
      int places,
      float[] x,
      float[] dy,
      float[] scale,
      float[] bias,
      float[] means,
      float[] inverses,
      float[] y,
      float[] dx,
      float[] dScale,
      float[] dBias) {
    int channels = scale.length;
    int count = x.length / channels;
    double mean = 0;
    double squares = 0;
    double sum = 0;
    double product = 0;
    for (int i = 0; i < x.length; i++) {
      mean += isOf(i, channel, places, channels) ? x[i] / (double) count : 0;
    }
    for (int i = 0; i < x.length; i++) {
      squares += isOf(i, channel, places, channels) ? (x[i] - mean) * (x[i] - mean) : 0;
    }
    double inverse = 1 / Math.sqrt(squares / count + EPSILON);
    for (int i = 0; i < x.length; i++) {
      if (isOf(i, channel, places, channels)) {
        y[i] = (float) (scale[channel] * (x[i] - mean) * inverse + bias[channel]);
        sum += dy[i];
        product += dy[i] * (x[i] - mean) * inverse;
      }
    }
    for (int i = 0; i < x.length; i++) {
      if (isOf(i, channel, places, channels)) {
        double normal = (x[i] - mean) * inverse;
        dx[i] =
            (float) (scale[channel] * inverse * (dy[i] - sum / count - normal * product / count));
      }
    }
    means[channel] = (float) mean;
    inverses[channel] = (float) inverse;
    dScale[channel] = (float) product;
    dBias[channel] = (float) sum;
  }

  private static boolean isOf(int element, int channel, int places, int channels) {
    return element / places % channels == channel;
  }

  @Test
  void manyShapesDoNotDropDescriptorsInUse() {
    CudaDouble.requireDouble();
    try (DeviceMemory memory = upload(new float[4096])) {
      long at = memory.address();
      for (int c = 1; c <= 2 * TensorDescriptors.CAPACITY; c++) {
        long parameters = at + 1024;
        norm.forward(
            2,
            c,
            1,
            1,
            EPSILON,
            at,
            parameters,
            parameters + 1024,
            at + 8192,
            at + 4096,
            at + 5120);
      }
      stream.synchronize();
    }
  }

  @Test
  void whatIsWrongIsNamed() {
    CudaDouble.requireDouble();
    expectViolation("cudnnBatchNormalization");
    CudaException e =
        assertThrows(CudaException.class, () -> norm.forward(1, 2, 3, 4, 1e-5, 1, 2, 3, 4, 5, 6));
    assertEquals("cudnnBatchNormalizationForwardTraining", e.call());
    assertTrue(e.arguments().startsWith("n=1, c=2, h=3, w=4, x=0x1"), e.arguments());
    e = assertThrows(CudaException.class, () -> norm.backward(1, 2, 3, 4, 1, 2, 3, 4, 5, 6, 7, 8));
    assertEquals("cudnnBatchNormalizationBackward", e.call());
    norm.close();
    assertThrows(
        IllegalStateException.class, () -> norm.forward(1, 2, 3, 4, 1e-5, 1, 2, 3, 4, 5, 6));
  }
}

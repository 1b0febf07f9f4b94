package io.hypertape.bindings.testing;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The double's batch normalization. */
class DoubleBatchNormTest extends RawCuda {

  private static final int BAD_PARAM = 2000;
  private static final int SPATIAL = 1;
  private static final int N = 3;
  private static final int C = 2;
  private static final int PLACES = 6;
  private static final double EPSILON = 1e-3;

  private long stream;
  private long handle;
  private MemorySegment one;
  private MemorySegment zero;
  private long image;
  private long channel;
  private float[] x;
  private long xAt;
  private long scale;
  private long bias;
  private long y;
  private long mean;
  private long inverse;

  @BeforeEach
  void create() {
    stream = stream();
    handle = made("cudnnCreate");
    ok("cudnnSetStream", handle, stream);
    one = arena.allocateFrom(JAVA_FLOAT, 1f);
    zero = arena.allocateFrom(JAVA_FLOAT, 0f);
    image = descriptor(N, C, 2, 3);
    channel = descriptor(1, C, 1, 1);
    x = values(1);
    xAt = device(stream, x);
    scale = device(stream, 0.5f, 2f);
    bias = device(stream, -1f, 3f);
    y = device(4L * N * C * PLACES, stream);
    mean = device(8, stream);
    inverse = device(8, stream);
  }

  private long descriptor(int n, int c, int h, int w) {
    long descriptor = made("cudnnCreateTensorDescriptor");
    ok("cudnnSetTensor4dDescriptor", descriptor, 0, 0, n, c, h, w);
    return descriptor;
  }

  private static float[] values(long seed) {
    Random random = new Random(seed);
    float[] values = new float[N * C * PLACES];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() * 3 - 1;
    }
    return values;
  }

  private Object[] forward(int mode, long parameters, long running, double epsilon, long saved) {
    return new Object[] {
      handle,
      mode,
      one,
      zero,
      image,
      xAt,
      image,
      y,
      parameters,
      scale,
      bias,
      1.0,
      running,
      running,
      epsilon,
      saved,
      saved == 0 ? 0L : inverse
    };
  }

  /** The layer in double precision: y for x. */
  private static double[] normal(double[] x) {
    double[] factors = {0.5, 2};
    double[] added = {-1, 3};
    double[] y = new double[x.length];
    for (int c = 0; c < C; c++) {
      double sum = 0;
      double squares = 0;
      for (int i = 0; i < x.length; i++) {
        sum += i / PLACES % C == c ? x[i] : 0;
      }
      double m = sum / (N * PLACES);
      for (int i = 0; i < x.length; i++) {
        squares += i / PLACES % C == c ? (x[i] - m) * (x[i] - m) : 0;
      }
      double inverse = 1 / Math.sqrt(squares / (N * PLACES) + EPSILON);
      for (int i = 0; i < x.length; i++) {
        y[i] = i / PLACES % C == c ? factors[c] * (x[i] - m) * inverse + added[c] : y[i];
      }
    }
    return y;
  }

  private static double[] doubles(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }

  @Test
  void theBatchIsNormalized() {
    ok("cudnnBatchNormalizationForwardTraining", forward(SPATIAL, channel, 0, EPSILON, mean));
    double[] expected = normal(doubles(x));
    float[] result = values(y, x.length, stream);
    for (int i = 0; i < x.length; i++) {
      assertEquals(expected[i], result[i], 1e-5, "element " + i);
    }
    ok("cudnnBatchNormalizationForwardTraining", forward(SPATIAL, channel, 0, EPSILON, 0));
    assertArrayEquals(result, values(y, x.length, stream));
    clean();
  }

  @Test
  void theDerivativesAreThoseOfDifferences() {
    ok("cudnnBatchNormalizationForwardTraining", forward(SPATIAL, channel, 0, EPSILON, mean));
    float[] dy = values(2);
    long dyAt = device(stream, dy);
    long dx = device(4L * x.length, stream);
    long dScale = device(8, stream);
    long dBias = device(8, stream);
    // With and without what the forward pass saved.
    for (long saved : new long[] {mean, 0}) {
      Object[] backward = {
        handle,
        SPATIAL,
        one,
        zero,
        one,
        zero,
        image,
        xAt,
        image,
        dyAt,
        image,
        dx,
        channel,
        scale,
        dScale,
        dBias,
        EPSILON,
        saved,
        saved == 0 ? 0L : inverse
      };
      ok("cudnnBatchNormalizationBackward", backward);
      checkDerivatives(dy, values(dx, x.length, stream));
    }
    float[] bias = values(dBias, C, stream);
    for (int c = 0; c < C; c++) {
      double sum = 0;
      for (int i = 0; i < dy.length; i++) {
        sum += i / PLACES % C == c ? dy[i] : 0;
      }
      assertEquals(sum, bias[c], 1e-5);
    }
    // y = scale z + bias, so that <dy, z> = (<dy, y> - bias <dy, 1>) / scale.
    float[] factors = values(dScale, C, stream);
    double[] y = normal(doubles(x));
    double sum = 0;
    for (int i = 0; i < dy.length; i++) {
      sum += i / PLACES % C == 0 ? dy[i] * (y[i] + 1) / 0.5 : 0;
    }
    assertEquals(sum, factors[0], 1e-5);
    clean();
  }

  private void checkDerivatives(float[] dy, float[] dx) {
    for (int i = 0; i < x.length; i++) {
      double[] moved = doubles(x);
      moved[i] += 1e-5;
      double[] right = normal(moved);
      moved[i] -= 2e-5;
      double[] left = normal(moved);
      double difference = 0;
      for (int j = 0; j < dy.length; j++) {
        difference += dy[j] * (right[j] - left[j]) / 2e-5;
      }
      assertEquals(difference, dx[i], 1e-4, "element " + i);
    }
  }

  @Test
  void whatIsWrongIsSaid() {
    String run = "cudnnBatchNormalizationForwardTraining";
    wrong(3000, "spatial", run, forward(2, channel, 0, EPSILON, mean));
    wrong(BAD_PARAM, "mode", run, forward(3, channel, 0, EPSILON, mean));
    wrong(BAD_PARAM, "1×C×1×1", run, forward(SPATIAL, image, 0, EPSILON, mean));
    wrong(BAD_PARAM, "epsilon", run, forward(SPATIAL, channel, 0, -1e-9, mean));
    wrong(3000, "running", run, forward(SPATIAL, channel, mean, EPSILON, mean));
    wrong(BAD_PARAM, "overlap", run, forward(SPATIAL, channel, 0, EPSILON, inverse));
    wrong(BAD_PARAM, "reaches out", run, forward(SPATIAL, channel, 0, EPSILON, device(4, stream)));
    Object[] half = forward(SPATIAL, channel, 0, EPSILON, mean);
    half[half.length - 1] = 0L;
    wrong(BAD_PARAM, "resultSaveMean", run, half);
    long unset = made("cudnnCreateTensorDescriptor");
    wrong(BAD_PARAM, "never set", run, forward(SPATIAL, unset, 0, EPSILON, mean));
  }
}

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

class CudnnHandleTest extends CudaTestCase {

  private CudnnHandle cudnn;

  @BeforeEach
  void openHandle() {
    cudnn = CudnnHandle.create(stream);
  }

  @AfterEach
  void closeHandle() {
    cudnn.close();
    cudnn.close();
  }

  private static float[] logSoftmax(int rows, int columns, float[] x) {
    float[] y = new float[x.length];
    for (int i = 0; i < rows; i++) {
      double sum = 0;
      for (int j = 0; j < columns; j++) {
        sum += Math.exp(x[i * columns + j]);
      }
      for (int j = 0; j < columns; j++) {
        y[i * columns + j] = (float) (x[i * columns + j] - Math.log(sum));
      }
    }
    return y;
  }

  private static float[] gradient(int rows, int columns, float[] y, float[] dy) {
    float[] dx = new float[y.length];
    for (int i = 0; i < rows; i++) {
      double sum = 0;
      for (int j = 0; j < columns; j++) {
        sum += dy[i * columns + j];
      }
      for (int j = 0; j < columns; j++) {
        dx[i * columns + j] = (float) (dy[i * columns + j] - Math.exp(y[i * columns + j]) * sum);
      }
    }
    return dx;
  }

  @ParameterizedTest
  @CsvSource({"1,1", "1,10", "3,1", "7,13", "256,10", "2,1000"})
  void logSoftmaxAndItsGradientAreThoseOfAPlainLoop(int rows, int columns) {
    float[] x = values(rows * columns, 1);
    float[] dy = values(rows * columns, 2);
    float[] y = logSoftmax(rows, columns, x);
    try (DeviceMemory in = upload(x);
        DeviceMemory cotangent = upload(dy);
        DeviceMemory out = pool.allocate(in.bytes());
        DeviceMemory result = pool.allocate(in.bytes())) {
      cudnn.logSoftmax(rows, columns, in.address(), out.address());
      assertArrayEquals(y, download(out), 1e-5f);
      long given = cotangent.address();
      cudnn.logSoftmaxGradient(rows, columns, out.address(), given, result.address());
      assertArrayEquals(gradient(rows, columns, y, dy), download(result), 1e-4f);
    }
  }

  @Test
  void largeInputsDoNotOverflow() {
    try (DeviceMemory x = upload(1000, 0);
        DeviceMemory y = pool.allocate(8)) {
      cudnn.logSoftmax(1, 2, x.address(), y.address());
      assertArrayEquals(new float[] {0, -1000}, download(y), 1e-3f);
    }
  }

  @Test
  void noRowsAreNoCall() {
    long before = CudaDouble.calls();
    cudnn.logSoftmax(0, 10, 0, 0);
    cudnn.logSoftmax(10, 0, 0, 0);
    cudnn.logSoftmaxGradient(0, 10, 0, 0, 0);
    assertEquals(before, CudaDouble.calls());
  }

  @Test
  void descriptorsAreMadeOnceAShapeAndAreNotMany() {
    CudaDouble.requireDouble();
    int shapes = TensorDescriptors.CAPACITY + 5;
    try (DeviceMemory x = upload(new float[shapes])) {
      for (int columns = 1; columns <= shapes; columns++) {
        for (int repeat = 0; repeat < 3; repeat++) {
          cudnn.logSoftmax(1, columns, x.address(), x.address());
        }
      }
      stream.synchronize();
    }
    assertEquals(shapes, CudaDouble.calls("cudnnCreateTensorDescriptor"));
    assertEquals(5, CudaDouble.calls("cudnnDestroyTensorDescriptor"));
  }

  @Test
  void whatIsWrongIsNamed() {
    CudaDouble.requireDouble();
    expectViolation("cudnn");
    CudaException e =
        assertThrows(CudaException.class, () -> cudnn.logSoftmax(2, 3, 0x1234, 0x5678));
    assertEquals("cudnnSoftmaxForward", e.call());
    assertEquals("rows=2, columns=3, x=0x1234, y=0x5678", e.arguments());
    assertTrue(e.codeName().startsWith("CUDNN_STATUS_"), e.codeName());
    CudaException shape =
        assertThrows(CudaException.class, () -> cudnn.logSoftmax(-2, 3, 0x1234, 0x5678));
    assertEquals("cudnnSetTensor4dDescriptor", shape.call());
    assertEquals("n=-2, c=3, h=1, w=1", shape.arguments());
  }

  @Test
  void theVersionIsAtLeast9() {
    assertTrue(cudnn.version() >= 90000, "" + cudnn.version());
  }

  @Test
  void aClosedHandleIsRefused() {
    CudnnHandle other = CudnnHandle.create(stream);
    other.close();
    assertThrows(IllegalStateException.class, other::version);
    assertThrows(IllegalStateException.class, () -> other.logSoftmax(0, 0, 0, 0));
  }
}

package io.hypertape.autodiff.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.backend.BackendSettings.Simd;
import io.hypertape.autodiff.backend.ConvolutionPass;
import io.hypertape.autodiff.backend.Distribution;
import io.hypertape.autodiff.backend.Epilogue;
import io.hypertape.autodiff.backend.Recording;
import io.hypertape.autodiff.backend.View;
import io.hypertape.tensor.Convolution;
import io.hypertape.tensor.DType;
import io.hypertape.tensor.Pooling;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Each layer's call reaches its kernel with its operands in their places, and can be recorded. */
@ParameterizedClass
@EnumSource(
    value = Simd.class,
    names = {"SCALAR", "VECTOR"})
class CpuLayersTest {
  private final Simd mode;
  private final CpuBackend backend;
  private final Random random = new Random(3);

  CpuLayersTest(Simd mode) {
    this.mode = mode;
    backend = new CpuBackend(mode, 1);
  }

  @AfterEach
  void close() {
    backend.close();
  }

  private View floats(int... shape) {
    View dense = View.contiguous(backend.allocate(DType.F32, 0), shape);
    View view = new View(backend.allocate(DType.F32, dense.size() + 2), 1, shape, dense.strides());
    for (int i = 0; i < view.size(); i++) {
      CpuBackend.floats(view)[1 + i] = (float) random.nextGaussian();
    }
    return view;
  }

  private View ints(int... values) {
    View view =
        new View(
            backend.allocate(DType.I32, values.length + 2),
            1,
            new int[] {values.length},
            new int[] {1});
    System.arraycopy(values, 0, CpuBackend.ints(view), 1, values.length);
    return view;
  }

  private View indices(int... shape) {
    View flat = ints(new int[View.contiguous(backend.allocate(DType.I32, 0), shape).size()]);
    return new View(flat.storage(), 1, shape, View.rowMajorStrides(shape));
  }

  private static double x(View view, int... at) {
    int place = view.offset();
    for (int k = 0; k < at.length; k++) {
      place += at[k] * view.strides()[k];
    }
    return CpuBackend.floats(view)[place];
  }

  /** Runs a call now, then once more from a recording: the same comes out. */
  private void run(Runnable call, View... out) {
    call.run();
    float[][] now = new float[out.length][];
    for (int k = 0; k < out.length; k++) {
      now[k] = CpuBackend.floats(out[k]).clone();
      Arrays.fill(CpuBackend.floats(out[k]), out[k].offset(), out[k].offset() + out[k].size(), 9);
    }
    backend.beginRecording();
    call.run();
    try (Recording recording = backend.endRecording()) {
      assertEquals(1, recording.operations());
      for (View view : out) {
        assertEquals(9, CpuBackend.floats(view)[view.offset()], "recording computes nothing");
      }
      recording.replay();
    }
    for (int k = 0; k < out.length; k++) {
      assertArrayEquals(now[k], CpuBackend.floats(out[k]));
    }
  }

  @Test
  void convolutions() {
    var form = new Convolution(2, 1, 1, 2, 1, 2, 2);
    View x = floats(2, 4, 7, 6);
    View w = floats(6, 2, 3, 2);
    int p = form.outputHeight(7, 3);
    int q = form.outputWidth(6, 2);
    View y = floats(2, 6, p, q);
    View dy = floats(2, 6, p, q);
    View dx = floats(2, 4, 7, 6);
    View dw = floats(6, 2, 3, 2);
    run(() -> backend.convolution(ConvolutionPass.FORWARD, form, x, w, y), y);
    run(() -> backend.convolution(ConvolutionPass.DATA, form, dy, w, dx), dx);
    run(() -> backend.convolution(ConvolutionPass.FILTER, form, x, dy, dw), dw);
    double[] gradient = new double[dx.size()];
    double[] filters = new double[dw.size()];
    for (int n = 0; n < 2; n++) {
      for (int k = 0; k < 6; k++) {
        for (int i = 0; i < p * q; i++) {
          double sum = 0;
          for (int tap = 0; tap < 12; tap++) {
            int c = k / 3 * 2 + tap / 6;
            int row = i / q * 2 - 1 + tap / 2 % 3;
            int column = i % q - 2 + 2 * (tap % 2);
            if (row >= 0 && row < 7 && column >= 0 && column < 6) {
              double weight = x(w, k, tap / 6, tap / 2 % 3, tap % 2);
              sum += x(x, n, c, row, column) * weight;
              double d = x(dy, n, k, i / q, i % q);
              gradient[((n * 4 + c) * 7 + row) * 6 + column] += d * weight;
              filters[k * 12 + tap] += d * x(x, n, c, row, column);
            }
          }
          assertEquals(sum, x(y, n, k, i / q, i % q), 1e-5);
        }
      }
    }
    same(gradient, dx, 1e-5);
    same(filters, dw, 1e-4);
  }

  @Test
  void scalingIsRecordedToo() {
    View x = floats(2, 5, 3, 4);
    View z = floats(2, 5, 3, 4);
    View out = floats(2, 5, 3, 4);
    View[] in = {x, floats(5), floats(5), z};
    run(() -> backend.scaled(in, Epilogue.RELU, out), out);
    assertTrue(x(out, 1, 4, 2, 3) >= 0);
    assertThrows(IllegalArgumentException.class, () -> backend.scaled(in, Epilogue.NONE, out));
    assertThrows(IllegalArgumentException.class, () -> backend.scaled(in, Epilogue.TANH, out));
  }

  private static void same(double[] expected, View actual, double tolerance) {
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], CpuBackend.floats(actual)[actual.offset() + i], tolerance);
    }
  }

  @Test
  void maximum() {
    var form = new Pooling(3, 2, 2, 1, 1, 0);
    View x = floats(2, 3, 5, 9);
    int p = form.outputHeight(5);
    int q = form.outputWidth(9);
    View y = floats(2, 3, p, q);
    View index = indices(2, 3, p, q);
    View gathered = floats(2, 3, p, q);
    View scattered = floats(2, 3, 5, 9);
    run(() -> backend.maxPool(form, x, y, index), y);
    run(() -> backend.maxPoolGather(form, x, index, gathered), gathered);
    run(() -> backend.maxPoolScatter(form, y, index, scattered), scattered);
    double[] adjoint = new double[x.size()];
    for (int i = 0; i < y.size(); i++) {
      int plane = i / (p * q);
      double most = Double.NEGATIVE_INFINITY;
      int top = i / q % p * 2 - 1;
      for (int row = Math.max(0, top); row < Math.min(5, top + 3); row++) {
        for (int column = i % q; column < i % q + 2; column++) {
          most = Math.max(most, x(x, plane / 3, plane % 3, row, column));
        }
      }
      assertEquals(most, CpuBackend.floats(y)[1 + i]);
      assertEquals(most, CpuBackend.floats(gathered)[1 + i]);
      adjoint[plane * 45 + CpuBackend.ints(index)[1 + i]] += most;
    }
    same(adjoint, scattered, 1e-5);
  }

  @Test
  void average() {
    var form = new Pooling(2, 3, 1, 2, 1, 0);
    View x = floats(1, 4, 6, 7);
    int p = form.outputHeight(6);
    int q = form.outputWidth(7);
    View y = floats(1, 4, p, q);
    View g = floats(1, 4, p, q);
    View dx = floats(1, 4, 6, 7);
    run(() -> backend.averagePool(form, x, y), y);
    run(() -> backend.averagePoolAdjoint(form, g, dx), dx);
    double[] adjoint = new double[x.size()];
    for (int i = 0; i < y.size(); i++) {
      double sum = 0;
      int top = i / q % p - 1;
      int c = i / (p * q);
      for (int row = Math.max(0, top); row < Math.min(6, top + 2); row++) {
        for (int column = i % q * 2; column < i % q * 2 + 3; column++) {
          sum += x(x, 0, c, row, column);
          adjoint[(c * 6 + row) * 7 + column] += CpuBackend.floats(g)[1 + i] / 6.0;
        }
      }
      assertEquals(sum / 6, CpuBackend.floats(y)[1 + i], 1e-6);
    }
    same(adjoint, dx, 1e-6);
  }

  @Test
  void batchNorm() {
    for (int[] shape : new int[][] {{4, 3, 5, 2}, {30, 5, 1, 1}}) {
      View x = floats(shape);
      View gamma = floats(shape[1]);
      View beta = floats(shape[1]);
      View y = floats(shape);
      View mean = floats(shape[1]);
      View invStd = floats(shape[1]);
      View dx = floats(shape);
      View dGamma = floats(shape[1]);
      View dBeta = floats(shape[1]);
      run(() -> backend.batchNorm(0.1, x, gamma, beta, y, mean, invStd), y, mean, invStd);
      run(
          () -> backend.batchNormGrad(y, x, gamma, mean, invStd, dx, dGamma, dBeta),
          dx,
          dGamma,
          dBeta);
      int plane = shape[2] * shape[3];
      int count = shape[0] * plane;
      for (int c = 0; c < shape[1]; c++) {
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < count; i++) {
          double value = x(x, i / plane, c, i % plane / shape[3], i % shape[3]);
          sum += value;
          squares += value * value;
        }
        double m = sum / count;
        double inverse = 1 / Math.sqrt(squares / count - m * m + 0.1);
        assertEquals(m, x(mean, c), 1e-6);
        assertEquals(inverse, x(invStd, c), 1e-6);
        double dySum = 0;
        double products = 0;
        for (int i = 0; i < count; i++) {
          int[] at = {i / plane, c, i % plane / shape[3], i % shape[3]};
          double normal = (x(x, at) - m) * inverse;
          assertEquals(x(gamma, c) * normal + x(beta, c), x(y, at), 1e-5);
          dySum += x(y, at);
          products += x(y, at) * normal;
        }
        assertEquals(dySum, x(dBeta, c), 1e-4);
        assertEquals(products, x(dGamma, c), 1e-4);
        for (int i = 0; i < count; i++) {
          int[] at = {i / plane, c, i % plane / shape[3], i % shape[3]};
          double normal = (x(x, at) - m) * inverse;
          assertEquals(
              x(gamma, c) * inverse * (x(y, at) - dySum / count - normal * products / count),
              x(dx, at),
              1e-5);
        }
      }
    }
  }

  @Test
  void rows() {
    View table = floats(5, 3);
    View index = ints(4, 0, 4, 2);
    View out = floats(4, 3);
    View back = floats(5, 3);
    run(() -> backend.gatherRows(table, index, out), out);
    run(() -> backend.scatterRows(out, index, back), back);
    for (int j = 0; j < 3; j++) {
      assertEquals(x(table, 2, j), x(out, 3, j));
      assertEquals(x(table, 4, j), x(out, 0, j));
      assertEquals(2 * x(table, 4, j), x(back, 4, j), 1e-6);
      assertEquals(0, x(back, 1, j));
    }
    View bad = ints(4, 5);
    var e =
        assertThrows(
            IndexOutOfBoundsException.class, () -> backend.gatherRows(table, bad, floats(2, 3)));
    assertEquals("index[1] is 5, allowed are 0 to 4", e.getMessage());
  }

  @Test
  void masksCountUpAlsoInAReplay() {
    View counter = ints(-1);
    View out = floats(100);
    View uniform = floats(100);
    backend.beginRecording();
    backend.dropoutMask(0.7, 12, counter, out);
    try (Recording recording = backend.endRecording()) {
      for (long stream : new long[] {0xFFFF_FFFFL, 0, 1}) {
        recording.replay();
        backend.random(Distribution.UNIFORM, 12, stream, uniform);
        assertEquals((int) stream + 1, CpuBackend.ints(counter)[1]);
        for (int i = 0; i < 100; i++) {
          assertEquals(x(uniform, i) < 0.7 ? (float) (1 / 0.7) : 0f, x(out, i));
        }
      }
    }
  }

  /** Columns of a matrix as rows are copied to where the result is, not to new arrays. */
  @Test
  void rowsOfATransposeTakeNoMemory() {
    int rows = 64;
    int columns = 4096;
    View x = floats(columns, rows);
    View turned = new View(x.storage(), x.offset(), new int[] {rows, columns}, new int[] {1, rows});
    View y = floats(rows, columns);
    View gradient = floats(rows, columns);
    backend.beginRecording();
    backend.logSoftmax(turned, y);
    backend.logSoftmaxGrad(turned, y, gradient);
    Recording recording = backend.endRecording();
    recording.replay();
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 4; i++) {
      recording.replay();
    }
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    // Vectors are boxed until their loops are compiled, so only the scalar kernels can be judged.
    assertTrue(mode == Simd.VECTOR || bytes < 4L * rows * columns, bytes + " bytes");
    double sum = 0;
    for (int j = 0; j < columns; j++) {
      sum += Math.exp(CpuBackend.floats(y)[y.offset() + j]);
    }
    assertEquals(1, sum, 1e-3);
  }
}

package io.hypertape.autodiff.cpu.blas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.hypertape.bindings.blas.BlasMatrix;
import io.hypertape.bindings.testing.LoopBlas;
import io.hypertape.kernels.KernelMode;
import io.hypertape.kernels.Kernels;
import io.hypertape.kernels.gemm.Products;
import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.DenseActivation;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Matrix;
import java.lang.management.ManagementFactory;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BlasProductsTest {

  private final Kernels kernels = Kernels.open(KernelMode.VECTOR, 1);
  private final LoopBlas blas = new LoopBlas();
  private final Products products = new BlasProducts(kernels, blas, BlasProducts.PIECE);

  @AfterEach
  void close() {
    kernels.close();
  }

  /** Random numbers, by rows or by columns, from an offset on and with gaps. */
  private static Matrix laid(int rows, int cols, boolean byColumns, long seed) {
    int offset = 3;
    int gap = 2;
    float[] x = new float[offset + (rows + gap) * (cols + gap)];
    Random random = new Random(seed);
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextFloat() - 0.5f;
    }
    return byColumns
        ? new Matrix(x, offset, rows, cols, 1, rows + gap)
        : new Matrix(x, offset, rows, cols, cols + gap, 1);
  }

  private static Matrix dense(int rows, int cols) {
    return Matrix.dense(new float[rows * cols], 0, rows, cols);
  }

  private static void assertClose(Matrix expected, Matrix actual) {
    for (int i = 0; i < expected.array().length; i++) {
      // Gaps must be equal, too.
      assertEquals(expected.array()[i], actual.array()[i], 1e-4, "number " + i);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "80, 81, 82, 1", // 2^19 and a little
    "80, 80, 80, 0",
    "16, 2048, 16, 1",
    "15, 4096, 16, 0",
    "16, 4096, 15, 0",
    "256, 15, 256, 0",
    "16, 32768, 16, 1",
    "16, 32769, 16, 0",
    "0, 4096, 4096, 0",
  })
  void largeProductsAndOnlyTheyGoToTheLibrary(int m, int k, int n, int made) {
    products.gemm(dense(m, k), dense(k, n), 0, dense(m, n));
    products.dense(
        DenseActivation.RELU, dense(m, k), dense(k, n), Floats.of(new float[n]), dense(m, n));
    assertEquals(2 * made, blas.made);
    products.denseGrad(
        DenseActivation.RELU, dense(m, n), dense(m, n), dense(m, n), Floats.of(new float[n]));
    assertEquals(2 * made, blas.made);
  }

  @Test
  void whatNoBlasTakesIsOurs() {
    Matrix apart = new Matrix(new float[4 * 100 * 100], 0, 100, 100, 400, 2);
    Matrix repeated = new Matrix(new float[100], 0, 100, 100, 0, 1);
    Matrix fits = dense(100, 100);
    for (Matrix x : new Matrix[] {apart, repeated}) {
      products.gemm(x, fits, 0, dense(100, 100)).run();
      products.gemm(fits, x, 0, dense(100, 100)).run();
    }
    assertEquals(0, blas.made);
    products.gemm(fits, fits.transposed(), 0, dense(100, 100)).run();
    assertEquals(1, blas.run);
  }

  @Test
  void ourKernelsSayWhatDoesNotFit() {
    Matrix x = dense(100, 100);
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> products.gemm(x, dense(101, 100), 0, dense(100, 100)))
            .getMessage();
    assertEquals("b is 101 x 100; 100 x 100 fits", message);
    assertThrows(
        IllegalArgumentException.class, () -> products.gemm(x, x, 0, dense(100, 100).transposed()));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            products.dense(DenseActivation.NONE, x, x, Floats.of(new float[99]), dense(100, 100)));
    assertEquals(0, blas.made);
  }

  @ParameterizedTest
  @ValueSource(floats = {0, 1, -0.5f})
  void productsAreOurs(float beta) {
    for (int way = 0; way < 4; way++) {
      Matrix a = laid(90, 70, way % 2 == 1, 1);
      Matrix b = laid(70, 100, way / 2 == 1, 2);
      Matrix expected = laid(90, 100, false, 3);
      Matrix actual = laid(90, 100, false, 3);
      kernels.products().gemm(a, b, beta, expected).run();
      products.gemm(a, b, beta, actual).run();
      assertClose(expected, actual);
    }
    assertEquals(4, blas.run);
  }

  @ParameterizedTest
  @EnumSource
  void layersAreOurs(DenseActivation activation) {
    Matrix a = laid(90, 70, false, 1);
    Matrix b = laid(100, 70, false, 2).transposed();
    Floats bias = new Floats(laid(1, 110, false, 4).array(), 5, 100);
    Matrix expected = laid(90, 100, false, 3);
    Matrix actual = laid(90, 100, false, 3);
    kernels.products().dense(activation, a, b, bias, expected).run();
    Call layer = products.dense(activation, a, b, bias, actual);
    // Whatever there is before, twice.
    layer.run();
    layer.run();
    assertClose(expected, actual);
    assertEquals(2, blas.run);
  }

  /** Only makes pieces, and adds up their multiply-adds. */
  private static final class Counted extends LoopBlas {
    long sum;

    @Override
    public Runnable product(BlasMatrix a, BlasMatrix b, float beta, BlasMatrix c) {
      sum += (long) a.rows() * b.rows() * b.cols();
      return super.product(a, b, beta, c);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2048, 2048, 2048, 1",
    "1024, 1024, 1024, 1",
    "3000, 500, 3000, 1",
    "16, 32768, 2048, 1",
    "2048, 32768, 17, 4",
    "2047, 1023, 2049, 3",
  })
  void longProductsAreCut(int m, int k, int n, int threads) {
    Counted counted = new Counted();
    long piece = BlasProducts.PIECE * threads;
    new BlasProducts(kernels, counted, piece).gemm(dense(m, k), dense(k, n), 0, dense(m, n));
    long all = (long) m * k * n;
    assertEquals(all, counted.sum);
    assertTrue(counted.largest <= piece, counted.largest + " multiply-adds");
    assertTrue(counted.made <= 2 * Math.ceilDiv(all, piece) + 1, counted.made + " pieces");
  }

  @Test
  void piecesMakeTheWhole() {
    int least = 1 << 25;
    Products cut = new BlasProducts(kernels, blas, least);
    Matrix a = laid(600, 1100, false, 1);
    Matrix b = laid(1100, 300, true, 2);
    for (float beta : new float[] {0, 0.5f}) {
      Matrix expected = laid(600, 300, false, 3);
      Matrix actual = laid(600, 300, false, 3);
      kernels.products().gemm(a, b, beta, expected).run();
      cut.gemm(a, b, beta, actual).run();
      assertClose(expected, actual);
    }
    assertTrue(blas.run > 8, blas.run + " pieces");
  }

  @Test
  void aReplayLeavesNothingOnTheHeap() {
    Matrix x = dense(100, 100);
    Call call =
        products.dense(DenseActivation.NONE, x, x, Floats.of(new float[100]), dense(100, 100));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    // Vectors of the bias are boxed until they are compiled.
    for (int round = 0; round < 400 && least > 0; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      call.run();
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertEquals(0, least);
  }
}

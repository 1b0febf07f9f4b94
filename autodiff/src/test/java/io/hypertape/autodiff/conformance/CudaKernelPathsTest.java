package io.hypertape.autodiff.conformance;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.backend.BinaryOp;
import io.hypertape.autodiff.backend.ConvolutionPass;
import io.hypertape.autodiff.backend.ReduceOp;
import io.hypertape.autodiff.backend.UnaryOp;
import io.hypertape.autodiff.backend.View;
import io.hypertape.autodiff.conformance.Bench.Pair;
import io.hypertape.autodiff.cuda.CudaTestBackends;
import io.hypertape.bindings.testing.CleanDouble;
import io.hypertape.tensor.Convolution;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Kernels that the common suite's sizes and strides do not reach. */
@Tag("cuda-double")
@ExtendWith(CleanDouble.class)
class CudaKernelPathsTest {

  private static final double ROUNDED = 4e-6;

  private Bench bench;

  @BeforeEach
  void start() {
    bench = new Bench(CudaTestBackends.withoutCudnn(), 7);
  }

  @AfterEach
  void stop() {
    bench.close();
    bench.subject.close();
  }

  private static View shifted(View v, int offset, int... shape) {
    return new View(v.storage(), offset, shape, View.rowMajorStrides(shape));
  }

  /** A dense view that begins at an odd address. */
  private Pair shifted(Pair pair, int offset, int... shape) {
    return new Pair(shifted(pair.subject(), offset, shape), shifted(pair.oracle(), offset, shape));
  }

  private static View stridden(View v, int offset, int[] shape, int... strides) {
    return new View(v.storage(), offset, shape, strides);
  }

  private Pair stridden(Pair pair, int offset, int[] shape, int... strides) {
    return new Pair(
        stridden(pair.subject(), offset, shape, strides),
        stridden(pair.oracle(), offset, shape, strides));
  }

  @Test
  void operandsAtOddAddresses() {
    Pair a = shifted(bench.normal(60), 1, 50);
    Pair b = shifted(bench.positive(60), 3, 50);
    Pair out = shifted(bench.out(60), 2, 50);
    Pair aligned = bench.normal(50);
    Pair result = bench.out(50);
    bench.check(
        "unary", ROUNDED, List.of(a, out), (x, v) -> x.unary(UnaryOp.TANH, v[0], v[1]), out);
    bench.check(
        "binary",
        ROUNDED,
        List.of(a, b, result),
        (x, v) -> x.binary(BinaryOp.DIV, v[0], v[1], v[2]),
        result);
    bench.check(
        "binary",
        ROUNDED,
        List.of(aligned, b, out),
        (x, v) -> x.binary(BinaryOp.ADD, v[0], v[1], v[2]),
        out);
    bench.check("fill", 0, List.of(out), (x, v) -> x.fill(-1.5, v[0]), out);
  }

  @ParameterizedTest
  @CsvSource({"8,16", "5,12", "7,33", "1,64", "64,1", "33,4"})
  void rowsAndColumnsRepeat(int rows, int columns) {
    Pair matrix = bench.normal(rows, columns);
    for (Pair bias :
        new Pair[] {
          bench.positive(columns),
          bench.positive(rows, 1),
          shifted(bench.positive(columns + 1), 1, columns)
        }) {
      Pair wide = bench.broadcast(bias, rows, columns);
      Pair out = bench.out(rows, columns);
      for (BinaryOp op : new BinaryOp[] {BinaryOp.ADD, BinaryOp.SUB, BinaryOp.RELU_GRAD}) {
        bench.check(
            op + " " + rows + "×" + columns,
            ROUNDED,
            List.of(matrix, wide, out),
            (x, v) -> x.binary(op, v[0], v[1], v[2]),
            out);
        bench.check(
            op + " exchanged " + rows + "×" + columns,
            ROUNDED,
            List.of(wide, matrix, out),
            (x, v) -> x.binary(op, v[0], v[1], v[2]),
            out);
      }
      bench.check("copy", 1e-7, List.of(wide, out), (x, v) -> x.copy(v[0], v[1]), out);
    }
  }

  @ParameterizedTest
  @CsvSource({"40,50", "8,8", "33,64", "100,9", "7,200"})
  void transposes(int rows, int columns) {
    Pair out = bench.out(rows, columns);
    bench.check(
        "copy of a transpose",
        0,
        List.of(bench.transposed(bench.normal(columns, rows)), out),
        (x, v) -> x.copy(v[0], v[1]),
        out);
    Pair storage = bench.out(columns, rows);
    bench.check(
        "copy to a transpose",
        0,
        List.of(bench.normal(rows, columns), bench.transposed(storage)),
        (x, v) -> x.copy(v[0], v[1]),
        storage);
    Pair inner = bench.normal(columns, rows + 5);
    Pair part = stridden(inner, 3, new int[] {rows, columns}, 1, rows + 5);
    bench.check("copy of a part", 0, List.of(part, out), (x, v) -> x.copy(v[0], v[1]), out);
  }

  @ParameterizedTest
  @EnumSource
  void reductionsInPieces(ReduceOp op) {
    checkReduce(op, new int[] {100_000}, 1);
    checkReduce(op, new int[] {3, 20_000}, 3, 1);
    checkReduce(op, new int[] {20, 5000}, 20, 1);
    checkReduce(op, new int[] {2000, 3}, 2000, 1);
    checkReduce(op, new int[] {3000, 5}, 1, 5);
    checkReduce(op, new int[] {700, 130}, 1, 130);
    checkReduce(op, new int[] {6, 50, 7}, 6, 1, 7);
    checkReduce(op, new int[] {6, 100, 7}, 6, 1, 7);
    checkReduce(op, new int[] {6, 50, 7}, 1, 50, 1);
    checkReduce(op, new int[] {12, 3, 12}, 1, 3, 1);
    checkReduce(op, new int[] {300, 1}, 300, 1);
    checkReduce(op, new int[] {0, 5}, 1, 5);
    checkReduce(op, new int[] {5, 0, 3}, 5, 1, 3);
  }

  private void checkReduce(ReduceOp op, int[] shape, int... reduced) {
    Pair x = bench.normal(shape);
    Pair out = bench.out(reduced);
    bench.check(
        op + " of " + Arrays.toString(shape) + " to " + Arrays.toString(reduced),
        1e-4,
        List.of(x, out),
        (b, v) -> b.reduce(op, v[0], v[1]),
        out);
  }

  @ParameterizedTest
  @EnumSource
  void oneNanIsEnough(ReduceOp op) {
    double[] values = new double[5000];
    values[4321] = Double.NaN;
    Pair x = bench.of(values, 50, 100);
    for (int[] reduced : new int[][] {{1, 1}, {50, 1}, {1, 100}}) {
      Pair out = bench.out(reduced);
      bench.check("NaN", 0, List.of(x, out), (b, v) -> b.reduce(op, v[0], v[1]), out);
    }
  }

  @Test
  void longSoftmaxRows() {
    Pair x = bench.normal(3, 3000);
    Pair y = bench.out(3, 3000);
    bench.check("logSoftmax", ROUNDED, List.of(x, y), (b, v) -> b.logSoftmax(v[0], v[1]), y);
    Pair g = bench.out(3, 3000);
    bench.check(
        "logSoftmaxGrad", 1e-4, List.of(x, y, g), (b, v) -> b.logSoftmaxGrad(v[0], v[1], v[2]), g);
  }

  /** Equal products round alike each time, so that adding one image after the other shows. */
  @Test
  void filtersOfLargeBatches() {
    for (int images : new int[] {64, 65, 4096, 9001}) {
      double[] values = new double[images * 4 * 2];
      Arrays.fill(values, 0.3f);
      Pair x = bench.of(values, images, 2, 2, 2);
      Pair dw = bench.out(4, 1, 1, 2);
      values = new double[images * 4 * 2];
      Arrays.fill(values, 0.1f);
      Pair dy = bench.of(values, images, 4, 2, 1);
      bench.check(
          "filter gradient of " + images,
          4e-6,
          List.of(x, dy, dw),
          (b, v) ->
              b.convolution(
                  ConvolutionPass.FILTER, new Convolution(1, 1, 0, 0, 1, 1, 2), v[0], v[1], v[2]),
          dw);
    }
  }

  @Test
  void productsOfPartsAndOfNothing() {
    Pair big = bench.normal(30, 40);
    Pair part = stridden(big, 41, new int[] {9, 11}, 40, 1);
    Pair partT = stridden(big, 41, new int[] {11, 9}, 1, 40);
    Pair odd = stridden(big, 0, new int[] {11, 9}, 80, 2);
    Pair flat = stridden(big, 0, new int[] {11, 9}, 2, 3);
    for (Pair right : new Pair[] {partT, odd, flat}) {
      Pair c = bench.normal(9, 9);
      bench.check(
          "gemm of parts",
          2e-5,
          List.of(part, right, c),
          (x, v) -> x.gemm(v[0], v[1], 0.5, v[2]),
          c);
    }
    for (double beta : new double[] {0, 1, 0.25}) {
      Pair c = bench.normal(4, 3);
      bench.check(
          "gemm of nothing",
          ROUNDED,
          List.of(bench.normal(4, 0), bench.normal(0, 3), c),
          (x, v) -> x.gemm(v[0], v[1], beta, v[2]),
          c);
    }
  }

  @Test
  void upToEightAxes() {
    int[] shape = {2, 2, 2, 2, 2, 2, 2, 2};
    Pair x = bench.strided(shape);
    Pair out = bench.out(shape);
    bench.check("copy", 0, List.of(x, out), (b, v) -> b.copy(v[0], v[1]), out);
    bench.check("unary", ROUNDED, List.of(x, out), (b, v) -> b.unary(UnaryOp.EXP, v[0], v[1]), out);
    int[] nine = {2, 2, 2, 2, 2, 2, 2, 2, 2};
    View many = bench.strided(nine).subject();
    View result = bench.out(nine).subject();
    Exception e =
        assertThrows(
            IllegalArgumentException.class, () -> bench.subject.unary(UnaryOp.EXP, many, result));
    assertTrue(e.getMessage().contains("8 axes"), e.getMessage());
    assertTrue(e.getMessage().contains("unary"), e.getMessage());
  }

  @Test
  void theFirstBadIndexOfManyIsNamedOnce() {
    Pair x = bench.normal(1000, 4);
    Pair index = bench.labels(1000, 4);
    int[] bad = new int[1000];
    Arrays.fill(bad, 900, 1000, 77);
    bad[513] = -5;
    bench.subject.write(java.lang.foreign.MemorySegment.ofArray(bad), index.subject().storage());
    View out = bench.out(1000, 4).subject();
    View column = stridden(x.subject(), 0, new int[] {1000}, 4);
    bench.subject.scatter(column, index.subject(), out);
    bench.subject.pick(x.subject(), index.subject(), bench.out(1000).subject());
    Exception e =
        assertThrows(IndexOutOfBoundsException.class, () -> Bench.read(bench.subject, out));
    assertTrue(e.getMessage().contains("index[513] is -5, allowed are 0 to 3"), e.getMessage());
    bench.subject.synchronize();
    Bench.read(bench.subject, out);
  }
}

package io.hypertape.autodiff.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.BinaryOp;
import io.hypertape.autodiff.backend.Distribution;
import io.hypertape.autodiff.backend.Epilogue;
import io.hypertape.autodiff.backend.Recording;
import io.hypertape.autodiff.backend.RecordingException;
import io.hypertape.autodiff.backend.ReduceOp;
import io.hypertape.autodiff.backend.UnaryOp;
import io.hypertape.autodiff.backend.View;
import io.hypertape.autodiff.conformance.Bench.Pair;
import io.hypertape.tensor.DType;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every backend must do, against the float64 reference. A subclass names the backend. */
abstract class BackendConformance
    implements ConvolutionConformance,
        PoolingConformance,
        BatchNormConformance,
        RowsConformance,
        DropoutConformance,
        RecurrenceConformance,
        DefinitionConformance,
        SliceConformance,
        LongSumsConformance,
        TensorOpConformance {

  private static final int[][] SHAPES = {
    {},
    {0},
    {1},
    {7},
    {15},
    {16},
    {17},
    {31},
    {33},
    {257},
    {1, 1},
    {3, 5},
    {4, 16},
    {0, 4},
    {5, 1},
    {2, 3, 4},
    {3, 1, 17},
    {128, 10},
    {1031}
  };

  private static final double EXACT = 1e-7;
  private static final double ROUNDED = 4e-6;

  private Bench bench;

  abstract Backend open();

  @Override
  public final Bench bench() {
    return bench;
  }

  @Override
  public final Backend another() {
    return open();
  }

  /** The name that this backend must report: a suite that tests another one must not pass. */
  abstract String expectedName();

  @BeforeEach
  void start() {
    bench = new Bench(open(), 42);
    assertEquals(expectedName(), bench.subject.name());
  }

  @AfterEach
  void stop() {
    bench.close();
    bench.subject.close();
  }

  @ParameterizedTest
  @EnumSource
  void unary(UnaryOp op) {
    boolean positive = op == UnaryOp.LOG || op == UnaryOp.SQRT || op == UnaryOp.RECIPROCAL;
    for (int[] shape : SHAPES) {
      Pair dense = positive ? bench.positive(shape) : bench.normal(shape);
      checkUnary(op, dense, shape);
      if (!positive) {
        checkUnary(op, bench.strided(shape), shape);
      }
      if (shape.length == 2) {
        Pair row = positive ? bench.positive(1, shape[1]) : bench.normal(1, shape[1]);
        checkUnary(op, bench.broadcast(row, shape), shape);
      }
    }
  }

  private void checkUnary(UnaryOp op, Pair x, int... shape) {
    Pair out = bench.out(shape);
    bench.check(
        op + java.util.Arrays.toString(shape),
        ROUNDED,
        List.of(x, out),
        (b, v) -> b.unary(op, v[0], v[1]),
        out);
  }

  @ParameterizedTest
  @EnumSource
  void affine(Epilogue epilogue) {
    if (!bench.subject.fusesAffine()) {
      // Then a layer is the operations that are tested one by one.
      assertThrows(
          UnsupportedOperationException.class,
          () -> bench.subject.affine(null, null, null, epilogue, null));
      return;
    }
    int[][] sizes = {
      {1, 1, 1}, {2, 3, 4}, {5, 17, 16}, {16, 16, 16}, {37, 43, 41}, {33, 10, 128}, {64, 128, 300}
    };
    for (int[] s : sizes) {
      Pair x = bench.normal(s[0], s[2]);
      Pair w = bench.normal(s[1], s[2]);
      Pair turned = bench.transposed(bench.normal(s[2], s[0]));
      Pair bias = bench.normal(s[1]);
      for (Pair first : List.of(x, turned)) {
        Pair out = bench.out(s[0], s[1]);
        bench.check(
            "affine " + epilogue + java.util.Arrays.toString(s),
            ROUNDED * Math.sqrt(s[2]),
            List.of(first, w, bias, out),
            (b, v) -> b.affine(v[0], v[1], v[2], epilogue, v[3]),
            out);
      }
      Pair cotangent = bench.normal(s[0], s[1]);
      Pair output = bench.normal(s[0], s[1]);
      Pair sums = bench.out(s[0], s[1]);
      Pair dBias = bench.out(s[1]);
      bench.check(
          "affineGrad " + epilogue + java.util.Arrays.toString(s),
          ROUNDED * Math.sqrt(s[0]),
          List.of(cotangent, output, sums, dBias),
          (b, v) -> b.affineGrad(epilogue, v[0], v[1], v[2], v[3]),
          sums,
          dBias);
    }
  }

  @ParameterizedTest
  @EnumSource
  void unaryOfSpecialValues(UnaryOp op) {
    double[] special = {
      0,
      -0.0,
      1,
      -1,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY,
      Double.NaN,
      1e-30,
      -1e-30,
      80,
      -80,
      20,
      -20,
      3e38f,
      -3e38f,
      1e-3f,
      -1e-3f,
      Float.MIN_NORMAL
    };
    double[] fit = new double[special.length];
    for (int i = 0; i < fit.length; i++) {
      // Squares beyond the range of float32 are infinite there only.
      boolean large = Math.abs(special[i]) > 1e38 && op == UnaryOp.SQUARE;
      boolean wide = Math.abs(special[i]) > 85 && op == UnaryOp.EXP;
      fit[i] = large || wide ? 1 : special[i];
    }
    Pair x = bench.of(fit, fit.length);
    Pair out = bench.out(fit.length);
    bench.check(
        op + " of special values",
        ROUNDED,
        List.of(x, out),
        (b, v) -> b.unary(op, v[0], v[1]),
        out);
  }

  @ParameterizedTest
  @EnumSource
  void binary(BinaryOp op) {
    for (int[] shape : SHAPES) {
      Pair a = op == BinaryOp.POW ? bench.positive(shape) : bench.normal(shape);
      checkBinary(op, a, bench.positive(shape), shape);
      checkBinary(op, bench.broadcast(bench.scalar(1.25), shape), bench.positive(shape), shape);
      checkBinary(op, a, bench.broadcast(bench.scalar(1.25), shape), shape);
      if (op != BinaryOp.POW && op != BinaryOp.DIV) {
        checkBinary(op, bench.strided(shape), bench.strided(shape), shape);
      }
      if (shape.length == 2) {
        checkBinary(op, a, bench.broadcast(bench.positive(shape[1]), shape), shape);
        checkBinary(op, a, bench.broadcast(bench.positive(shape[0], 1), shape), shape);
        Pair t = bench.transposed(bench.positive(shape[1], shape[0]));
        checkBinary(op, a, t, shape);
      }
    }
  }

  private void checkBinary(BinaryOp op, Pair a, Pair b, int... shape) {
    Pair out = bench.out(shape);
    bench.check(
        op + java.util.Arrays.toString(shape),
        ROUNDED,
        List.of(a, b, out),
        (backend, v) -> backend.binary(op, v[0], v[1], v[2]),
        out);
  }

  @Test
  void comparisonsWithNanAndInfinity() {
    double[] a = {Double.NaN, 1, Double.NaN, Double.POSITIVE_INFINITY, -0.0, 2, 3};
    double[] b = {1, Double.NaN, Double.NaN, 5, 0.0, 2, Double.NEGATIVE_INFINITY};
    for (BinaryOp op :
        new BinaryOp[] {
          BinaryOp.MAX, BinaryOp.MIN, BinaryOp.EQUAL, BinaryOp.GREATER, BinaryOp.RELU_GRAD
        }) {
      checkBinary(op, bench.of(a, a.length), bench.of(b, b.length), a.length);
    }
  }

  @ParameterizedTest
  @EnumSource
  void reduce(ReduceOp op) {
    for (int[] shape : SHAPES) {
      for (int mask = 0; mask < 1 << shape.length; mask++) {
        int[] reduced = shape.clone();
        for (int axis = 0; axis < shape.length; axis++) {
          reduced[axis] = (mask >> axis & 1) == 1 ? 1 : shape[axis];
        }
        checkReduce(op, bench.normal(shape), reduced);
        checkReduce(op, bench.strided(shape), reduced);
        checkReduce(op, bench.broadcast(bench.scalar(0.5), shape), reduced);
      }
    }
  }

  private void checkReduce(ReduceOp op, Pair x, int... reduced) {
    Pair out = bench.out(reduced);
    bench.check(
        op + " to " + java.util.Arrays.toString(reduced),
        1e-4,
        List.of(x, out),
        (b, v) -> b.reduce(op, v[0], v[1]),
        out);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 16, 17, 33, 64, 129})
  void gemm(int k) {
    for (int m : new int[] {0, 1, 5, 16, 31, 67}) {
      for (int n : new int[] {0, 1, 10, 16, 33, 65}) {
        Pair a = bench.normal(m, k);
        Pair at = bench.transposed(bench.normal(k, m));
        Pair b = bench.normal(k, n);
        Pair bt = bench.transposed(bench.normal(n, k));
        for (Pair left : new Pair[] {a, at}) {
          for (Pair right : new Pair[] {b, bt}) {
            checkGemm(m, n, k, left, right);
          }
        }
      }
    }
  }

  private void checkGemm(int m, int n, int k, Pair a, Pair b) {
    String what = "gemm " + m + "×" + n + "×" + k;
    Pair fresh = bench.out(m, n);
    bench.check(what, 2e-5, List.of(a, b, fresh), (x, v) -> x.gemm(v[0], v[1], 0, v[2]), fresh);
    Pair sum = bench.normal(m, n);
    bench.check(
        what + " added", 2e-5, List.of(a, b, sum), (x, v) -> x.gemm(v[0], v[1], 1, v[2]), sum);
  }

  @Test
  void gemmOfBroadcastFactors() {
    Pair a = bench.broadcast(bench.scalar(0.25), 9, 20);
    Pair b = bench.broadcast(bench.normal(20, 1), 20, 18);
    checkGemm(9, 18, 20, a, b);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 9, 10, 16, 17, 100, 1000})
  void softmaxAndItsDerivative(int classes) {
    for (int rows : new int[] {0, 1, 7, 64}) {
      Pair x = bench.normal(rows, classes);
      Pair y = bench.out(rows, classes);
      bench.check("logSoftmax", ROUNDED, List.of(x, y), (b, v) -> b.logSoftmax(v[0], v[1]), y);
      Pair xt = bench.transposed(bench.normal(classes, rows));
      Pair yt = bench.out(rows, classes);
      bench.check(
          "logSoftmax of a transpose",
          ROUNDED,
          List.of(xt, yt),
          (b, v) -> b.logSoftmax(v[0], v[1]),
          yt);
      for (Pair c :
          new Pair[] {
            bench.normal(rows, classes), bench.broadcast(bench.scalar(0.5), rows, classes)
          }) {
        Pair g = bench.out(rows, classes);
        bench.check(
            "logSoftmaxGrad",
            1e-4,
            List.of(c, y, g),
            (b, v) -> b.logSoftmaxGrad(v[0], v[1], v[2]),
            g);
      }
    }
  }

  @Test
  void softmaxOfLargeValuesIsStable() {
    Pair x = bench.of(new double[] {1000, 1001, 999, -1000, 0, 1000}, 2, 3);
    Pair y = bench.out(2, 3);
    bench.check("logSoftmax", ROUNDED, List.of(x, y), (b, v) -> b.logSoftmax(v[0], v[1]), y);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16, 37})
  void pickAndScatter(int rows) {
    Pair index = bench.labels(rows, 10);
    Pair x = bench.normal(rows, 10);
    Pair picked = bench.out(rows);
    bench.check(
        "pick", EXACT, List.of(x, index, picked), (b, v) -> b.pick(v[0], v[1], v[2]), picked);
    for (Pair c : new Pair[] {bench.normal(rows), bench.broadcast(bench.scalar(-0.5), rows)}) {
      Pair placed = bench.out(rows, 10);
      bench.check(
          "scatter",
          EXACT,
          List.of(c, index, placed),
          (b, v) -> b.scatter(v[0], v[1], v[2]),
          placed);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4})
  void indexOutOfRangeIsNamed(int classes) {
    Pair x = bench.normal(5, classes);
    Pair index = bench.labels(5, 1);
    int[] bad = {0, 1, classes, 0, 0};
    bench.subject.write(java.lang.foreign.MemorySegment.ofArray(bad), index.subject().storage());
    View out = bench.out(5).subject();
    Exception e =
        assertThrows(
            IndexOutOfBoundsException.class,
            () -> {
              bench.subject.pick(x.subject(), index.subject(), out);
              bench.subject.synchronize();
            });
    assertTrue(e.getMessage().contains(Integer.toString(classes)), e.getMessage());
    assertTrue(e.getMessage().contains("index[2]"), e.getMessage());
  }

  @Test
  void copyBetweenStrides() {
    for (int[] shape : SHAPES) {
      Pair x = bench.strided(shape);
      Pair out = bench.out(shape);
      bench.check("copy", 0, List.of(x, out), (b, v) -> b.copy(v[0], v[1]), out);
      Pair dense = bench.normal(shape);
      Pair target = bench.strided(shape);
      Pair back = bench.out(shape);
      bench.check(
          "copy to strides",
          0,
          List.of(dense, target, back),
          (b, v) -> {
            b.copy(v[0], v[1]);
            b.copy(v[1], v[2]);
          },
          back);
    }
  }

  @Test
  void fillOnlyItsView() {
    Pair whole = bench.normal(40);
    bench.check(
        "fill",
        0,
        List.of(whole),
        (b, v) -> b.fill(2.5, new View(v[0].storage(), 5, new int[] {17}, new int[] {1})),
        whole);
  }

  @ParameterizedTest
  @EnumSource
  void randomNumbersAreTheSameEverywhere(Distribution distribution) {
    for (int n : new int[] {0, 1, 5, 16, 1000}) {
      Pair out = bench.out(n);
      bench.check(
          "random", EXACT * 10, List.of(out), (b, v) -> b.random(distribution, 99, 3, v[0]), out);
    }
  }

  @Test
  void streamsDiffer() {
    View a = bench.out(100).subject();
    View b = bench.out(100).subject();
    bench.subject.random(Distribution.UNIFORM, 1, 1, a);
    bench.subject.random(Distribution.UNIFORM, 1, 2, b);
    double[] first = Bench.read(bench.subject, a);
    double[] second = Bench.read(bench.subject, b);
    int equal = 0;
    for (int i = 0; i < first.length; i++) {
      assertTrue(first[i] >= 0 && first[i] < 1);
      equal += first[i] == second[i] ? 1 : 0;
    }
    assertTrue(equal < 3, equal + " of 100 equal");
  }

  @Test
  void writtenIntegersAreReadBack() {
    var buffer = bench.subject.allocate(DType.I32, 3);
    int[] values = {Integer.MIN_VALUE, 7, Integer.MAX_VALUE};
    bench.subject.write(java.lang.foreign.MemorySegment.ofArray(values), buffer);
    int[] read = new int[3];
    bench.subject.read(View.contiguous(buffer, 3), java.lang.foreign.MemorySegment.ofArray(read));
    assertArrayEquals(values, read);
    bench.subject.free(buffer);
  }

  @Test
  void integersAreCopiedAsFloatsAre() {
    int[] values = {1, 2, 3, Integer.MIN_VALUE, 5, Integer.MAX_VALUE};
    var buffer = bench.subject.allocate(DType.I32, values.length);
    var copy = bench.subject.allocate(DType.I32, values.length);
    bench.subject.write(java.lang.foreign.MemorySegment.ofArray(values), buffer);
    View transposed = new View(buffer, 0, new int[] {3, 2}, new int[] {1, 3});
    bench.subject.copy(transposed, View.contiguous(copy, 3, 2));
    int[] read = new int[values.length];
    bench.subject.read(View.contiguous(copy, 6), java.lang.foreign.MemorySegment.ofArray(read));
    assertArrayEquals(new int[] {1, Integer.MIN_VALUE, 2, 5, 3, Integer.MAX_VALUE}, read);
    bench.subject.free(buffer);
    bench.subject.free(copy);
  }

  @Test
  void recordedWorkIsReplayedOnWhatItsStorageHolds() {
    Backend backend = bench.subject;
    if (!backend.canRecord()) {
      assertThrows(UnsupportedOperationException.class, backend::beginRecording);
      backend.abortRecording();
      return;
    }
    Pair a = bench.normal(5, 7);
    Pair b = bench.normal(7, 3);
    Pair product = bench.out(5, 3);
    Pair activated = bench.out(5, 3);
    Pair sums = bench.out(1, 3);
    backend.beginRecording();
    work(backend, List.of(a, b, product, activated, sums).stream().map(Pair::subject).toList());
    assertThrows(RecordingException.class, () -> backend.allocate(DType.F32, 1));
    assertThrows(RecordingException.class, () -> Bench.read(backend, sums.subject()));
    assertThrows(RecordingException.class, backend::synchronize);
    Recording recording;
    try {
      recording = backend.endRecording();
    } catch (RecordingException e) {
      throw new AssertionError("a refused call spoiled the recording", e);
    }
    assertTrue(recording.operations() >= 3, recording.operations() + " operations");
    for (double sum : Bench.read(backend, sums.subject())) {
      assertTrue(Double.isNaN(sum), "recording is not running");
    }
    for (int round = 0; round < 3; round++) {
      bench.overwrite(a);
      recording.replay();
      work(
          bench.oracle,
          List.of(a, b, product, activated, sums).stream().map(Pair::oracle).toList());
      for (Pair result : List.of(product, activated, sums)) {
        bench.compare("replay " + round, 1e-4, result);
      }
    }
    recording.close();
    recording.close();
  }

  private static void work(Backend backend, List<View> v) {
    backend.gemm(v.get(0), v.get(1), 0, v.get(2));
    backend.unary(UnaryOp.TANH, v.get(2), v.get(3));
    backend.reduce(ReduceOp.SUM, v.get(3), v.get(4));
  }

  @Test
  void abortedRecordingLeavesNoTrace() {
    Backend backend = bench.subject;
    if (!backend.canRecord()) {
      return;
    }
    Pair x = bench.normal(17);
    Pair y = bench.out(17);
    backend.beginRecording();
    backend.unary(UnaryOp.EXP, x.subject(), y.subject());
    backend.abortRecording();
    backend.abortRecording();
    for (double value : Bench.read(backend, y.subject())) {
      assertTrue(Double.isNaN(value));
    }
    checkUnary(UnaryOp.EXP, x, 17);
  }
}

package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.hypertape.kernels.elementwise.Elementwise;
import io.hypertape.kernels.lanes.BinaryOp;
import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Ints;
import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.lanes.ReduceOp;
import io.hypertape.kernels.lanes.Strided;
import io.hypertape.kernels.lanes.UnaryOp;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls are made once and run often. */
class ElementwiseCallsTest {

  private static final int ROWS = 30;
  private static final int COLS = 7;
  private static final int SIZE = ROWS * COLS;

  private final float[] x = Randoms.normal(SIZE, 1);
  private final float[] y = Randoms.positive(SIZE, 2);
  private final List<float[]> outputs = new ArrayList<>();

  private Strided out(int... shape) {
    outputs.add(new float[SIZE]);
    return Strided.dense(outputs.getLast(), 0, shape);
  }

  private Matrix rows() {
    return Matrix.dense(out(SIZE).array(), 0, ROWS, COLS);
  }

  /** One call of every way through the kernels. */
  private List<Call> calls(Elementwise kernels) {
    int[] shape = {ROWS, COLS};
    int[] cube = {5, 6, COLS};
    Strided a = Strided.dense(x, 0, shape);
    Strided b = Strided.dense(y, 0, shape);
    Strided turned = new Strided(x, 0, shape, new int[] {1, ROWS});
    Strided row = new Strided(y, 0, shape, new int[] {0, 1});
    Strided column = new Strided(y, 0, shape, new int[] {1, 0});
    Strided twice = new Strided(x, 0, cube, new int[] {6, 1, 0});
    Strided volume = Strided.dense(x, 0, cube);
    Ints index = new Ints(new int[ROWS], 0, ROWS);
    Strided one = Strided.dense(x, 3, new int[0]);
    List<Call> calls =
        new ArrayList<>(
            List.of(
                kernels.fill(Floats.of(out(SIZE).array()), 3),
                kernels.copy(a, out(shape)),
                kernels.copy(turned, out(shape)),
                kernels.copy(one, out()),
                kernels.binary(BinaryOp.ADD, a, b, out(shape)),
                kernels.binary(BinaryOp.MUL, turned, row, out(shape)),
                kernels.binary(BinaryOp.SUB, a, row, out(shape)),
                kernels.binary(BinaryOp.SUB, column, b, out(shape)),
                kernels.binary(BinaryOp.MAX, column, row, out(shape)),
                kernels.binary(BinaryOp.POW, Strided.dense(y, 0, new int[0]), one, out()),
                kernels.logSoftmax(Matrix.dense(x, 0, ROWS, COLS), rows()),
                kernels.logSoftmaxGrad(
                    Matrix.dense(x, 0, ROWS, COLS), Matrix.dense(y, 0, ROWS, COLS), rows()),
                kernels.pick(
                    Matrix.dense(x, 0, ROWS, COLS), index, new Floats(out(SIZE).array(), 0, ROWS)),
                kernels.scatter(Strided.dense(x, 0, new int[] {ROWS}), index, rows())));
    for (UnaryOp op : new UnaryOp[] {UnaryOp.NEG, UnaryOp.EXP}) {
      calls.add(kernels.unary(op, a, out(shape)));
      calls.add(kernels.unary(op, turned, out(shape)));
      calls.add(kernels.unary(op, column, out(shape)));
      calls.add(kernels.unary(op, one, out()));
    }
    for (ReduceOp op : ReduceOp.values()) {
      calls.add(kernels.reduce(op, a, out(1, 1)));
      calls.add(kernels.reduce(op, a, out(1, COLS)));
      calls.add(kernels.reduce(op, a, out(ROWS, 1)));
      calls.add(kernels.reduce(op, turned, out(ROWS, 1)));
      calls.add(kernels.reduce(op, twice, out(5, 1, 1)));
      calls.add(kernels.reduce(op, volume, out(1, 6, 1)));
      calls.add(kernels.reduce(op, one, out()));
    }
    return calls;
  }

  private float[][] run(List<Call> calls) {
    calls.forEach(Call::run);
    return outputs.stream().map(float[]::clone).toArray(float[][]::new);
  }

  /** What a call finds in its operands when it runs is what counts. */
  @ParameterizedTest
  @EnumSource
  void runAgainTheyComputeAnew(KernelMode mode) {
    try (Kernels kernels = Kernels.open(mode, 1)) {
      float[] former = x.clone();
      List<Call> calls = calls(kernels.elementwise());
      float[][] first = run(calls);
      System.arraycopy(Randoms.normal(SIZE, 5), 0, x, 0, SIZE);
      float[][] changed = run(calls);
      outputs.clear();
      float[][] expected = run(calls(kernels.elementwise()));
      for (int i = 0; i < expected.length; i++) {
        assertArrayEquals(expected[i], changed[i], "call " + i);
      }
      System.arraycopy(former, 0, x, 0, SIZE);
      outputs.clear();
      float[][] again = run(calls(kernels.elementwise()));
      for (int i = 0; i < again.length; i++) {
        assertArrayEquals(first[i], again[i], "call " + i);
      }
    }
  }

  /** Vectors are boxed until their loops are compiled, so only the scalar kernels can be judged. */
  @Test
  void runsLeaveNothingOnTheHeap() {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (Kernels kernels = Kernels.open(KernelMode.SCALAR, 1)) {
      List<Call> calls = calls(kernels.elementwise());
      calls.forEach(Call::run);
      for (int i = 0; i < calls.size(); i++) {
        Call call = calls.get(i);
        call.run();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int k = 0; k < 100; k++) {
          call.run();
        }
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        // The smallest object has 8 bytes or more; what measures leaves some, once.
        assertTrue(bytes < 100 * 8, bytes + " bytes of call " + i);
      }
    }
  }

  @Test
  void aCallThatRefusedAnIndexGoesOnWhenItIsMended() {
    try (Kernels kernels = Kernels.open(KernelMode.SCALAR, 1)) {
      int[] index = {1, 9};
      float[] out = new float[2];
      Matrix matrix = new Matrix(x, 0, 2, COLS, COLS, 1);
      Call pick = kernels.elementwise().pick(matrix, Ints.of(index), Floats.of(out));
      assertThrows(IndexOutOfBoundsException.class, pick::run);
      assertArrayEquals(new float[2], out);
      index[1] = 0;
      pick.run();
      assertArrayEquals(new float[] {x[1], x[COLS]}, out);
    }
  }
}

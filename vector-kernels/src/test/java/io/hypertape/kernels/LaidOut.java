package io.hypertape.kernels;

import io.hypertape.kernels.lanes.Strided;
import java.util.Arrays;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/** An operand for tests: layouts to try, and element access by the naive rule. */
record LaidOut(float[] array, int offset, int[] strides) {
  /** Layouts that a shape may lie in. */
  enum Layout {
    CONTIGUOUS,
    TRANSPOSED,
    SLICED,
    REVERSED,
    BROADCAST_FIRST,
    BROADCAST_LAST
  }

  static final float CANARY = 12345.678f;

  static LaidOut of(Layout layout, int[] shape, Random random) {
    int rank = shape.length;
    int[] strides = new int[rank];
    int next = layout == Layout.SLICED ? 2 : 1;
    for (int k = 0; k < rank; k++) {
      int axis = layout == Layout.TRANSPOSED ? k : rank - 1 - k;
      strides[axis] = next;
      next *= Math.max(1, shape[axis]) + (layout == Layout.SLICED ? 1 : 0);
    }
    int offset = layout == Layout.SLICED ? 3 : 0;
    if (layout == Layout.REVERSED && rank > 0) {
      offset = Math.max(0, shape[rank - 1] - 1);
      strides[rank - 1] = -1;
    }
    if (rank > 0 && layout == Layout.BROADCAST_FIRST) {
      strides[0] = 0;
    }
    if (rank > 0 && layout == Layout.BROADCAST_LAST) {
      strides[rank - 1] = 0;
    }
    float[] array = new float[offset + next + 5];
    for (int i = 0; i < array.length; i++) {
      array[i] = (float) random.nextGaussian();
    }
    return new LaidOut(array, offset, strides);
  }

  static LaidOut out(Layout layout, int[] shape) {
    LaidOut out = of(layout, shape, new Random(0));
    Arrays.fill(out.array, CANARY);
    return out;
  }

  /** As kernels take it. */
  Strided as(int... shape) {
    return new Strided(array, offset, shape, strides);
  }

  int at(int[] index) {
    int at = offset;
    for (int axis = 0; axis < index.length; axis++) {
      at += index[axis] * strides[axis];
    }
    return at;
  }

  float get(int[] index) {
    return array[at(index)];
  }

  /** Walks a shape in lexical order. */
  static void each(int[] shape, java.util.function.Consumer<int[]> body) {
    int elements = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    int[] index = new int[shape.length];
    for (int i = 0; i < elements; i++) {
      int rest = i;
      for (int axis = shape.length - 1; axis >= 0; axis--) {
        index[axis] = rest % shape[axis];
        rest /= shape[axis];
      }
      body.accept(index);
    }
  }

  /** Asserts every element of the shape, and that nothing else was written. */
  void assertEach(int[] shape, double tolerance, ToDoubleFunction<int[]> expected) {
    boolean[] written = new boolean[array.length];
    each(
        shape,
        index -> {
          written[at(index)] = true;
          Close.assertClose(
              expected.applyAsDouble(index), get(index), tolerance, () -> Arrays.toString(index));
        });
    for (int i = 0; i < array.length; i++) {
      if (!written[i] && array[i] != CANARY) {
        throw new AssertionError("element " + i + " outside the shape was written: " + array[i]);
      }
    }
  }
}

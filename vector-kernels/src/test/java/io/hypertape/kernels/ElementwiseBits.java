package io.hypertape.kernels;

import io.hypertape.kernels.elementwise.Elementwise;
import io.hypertape.kernels.lanes.BinaryOp;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.lanes.ReduceOp;
import io.hypertape.kernels.lanes.Strided;
import io.hypertape.kernels.lanes.UnaryOp;
import java.util.Arrays;
import java.util.Random;

/** Run by {@link ElementwiseBitsTest}: hashes of elementwise kernels, sums and layers of rows. */
final class ElementwiseBits {

  private static final int[] LENGTHS = {
    1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 23, 24, 31, 32, 33, 47, 48, 63, 64, 65, 79, 80, 100,
    127, 128, 130, 255, 500, 4095, 4096, 4097, 4111, 8200, 12_345
  };

  private static final float[] SPECIAL = {
    Float.NaN,
    Float.NEGATIVE_INFINITY,
    Float.POSITIVE_INFINITY,
    -0f,
    0f,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    Float.MIN_NORMAL,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    88.7f,
    -103.9f,
    0.625f,
    1f
  };

  private final Elementwise kernels;
  private final Random random = new Random(1);

  private ElementwiseBits(Kernels kernels) {
    this.kernels = kernels.elementwise();
  }

  public static void main(String[] args) {
    try (Kernels kernels = Kernels.open(KernelMode.valueOf(args[0]), 1)) {
      ElementwiseBits bits = new ElementwiseBits(kernels);
      bits.functions();
      for (int n : LENGTHS) {
        bits.sums(n);
        bits.tinyProducts(n);
        bits.softmax(n);
      }
      bits.axes();
      new CellBits(kernels).run();
    }
  }

  static void print(String name, float[] out) {
    System.out.println(name + " " + Arrays.hashCode(out));
  }

  private float[] normal(int n, float scale) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = scale * (float) random.nextGaussian();
    }
    return x;
  }

  private float[] wild(int n) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] =
          i % 5 == 0
              ? SPECIAL[random.nextInt(SPECIAL.length)]
              : i % 5 == 1
                  ? Float.intBitsToFloat(random.nextInt())
                  : 30 * (float) random.nextGaussian();
    }
    return x;
  }

  /** Of dense rows, of rows with gaps, and of one number. */
  private void functions() {
    for (int n : new int[] {1, 3, 16, 21, 40, 613}) {
      int[] shape = {n, 2};
      float[] x = wild(5 * n);
      float[] y = wild(5 * n);
      float[] out = new float[4 * n];
      Strided dense = Strided.dense(out, 0, shape);
      for (UnaryOp op : UnaryOp.values()) {
        kernels.unary(op, Strided.dense(x, 1, shape), dense).run();
        kernels
            .unary(op, new Strided(x, 0, shape, new int[] {5, 2}), Strided.dense(out, 2 * n, shape))
            .run();
        print(op + " " + n, out);
      }
      for (BinaryOp op : BinaryOp.values()) {
        kernels.binary(op, Strided.dense(x, 1, shape), Strided.dense(y, n, shape), dense).run();
        kernels
            .binary(
                op,
                new Strided(x, 0, shape, new int[] {5, 2}),
                new Strided(y, 0, shape, new int[] {0, 1}),
                Strided.dense(out, 2 * n, shape))
            .run();
        print(op + " " + n, out);
      }
    }
  }

  private void sums(int n) {
    int rows = 3;
    float[] x = normal(rows * n + 1, 1);
    float[] out = new float[rows + 1];
    for (ReduceOp op : ReduceOp.values()) {
      Strided some = Strided.dense(x, 1, new int[] {rows, n});
      kernels.reduce(op, some, Strided.dense(out, 0, new int[] {rows, 1})).run();
      kernels
          .reduce(op, Strided.dense(x, 1, new int[] {n}), Strided.dense(out, rows, new int[] {1}))
          .run();
      print(op + " of rows " + n, out);
    }
    out[0] = kernels.dot(new Floats(x, 0, n), new Floats(x, 2 * n, n));
    print("dot " + n, out);
    float[] columns = new float[n];
    kernels
        .reduce(
            ReduceOp.SUM,
            Strided.dense(x, 1, new int[] {rows, n}),
            Strided.dense(columns, 0, new int[] {1, n}))
        .run();
    print("columns " + n, columns);
  }

  /** All round to −0. */
  private void tinyProducts(int n) {
    float[] x = new float[n];
    float[] y = new float[n];
    Arrays.fill(x, Float.MIN_VALUE);
    Arrays.fill(y, -Float.MIN_VALUE);
    print("tiny products " + n, new float[] {kernels.dot(Floats.of(x), Floats.of(y))});
  }

  private void softmax(int cols) {
    int rows = 1 + random.nextInt(cols < 100 ? 19 : 2);
    float[] x = normal(rows * (cols + 2), 3);
    float[] g = normal(rows * (cols + 2), 1);
    if (cols < 100) {
      x[random.nextInt(x.length)] = SPECIAL[random.nextInt(SPECIAL.length)];
    }
    Matrix from = new Matrix(x, 0, rows, cols, cols + 2, 1);
    Matrix out = new Matrix(new float[x.length], 0, rows, cols, cols + 1, 1);
    kernels.logSoftmax(from, out).run();
    print("softmax " + rows + "x" + cols, out.array());
    Matrix cotangent = new Matrix(g, 0, rows, cols, cols + 2, 1);
    kernels.logSoftmaxGrad(out, cotangent, cotangent).run();
    print("softmax derivative " + rows + "x" + cols, g);
  }

  /** Of three axes that lie in any order, and of random numbers. */
  private void axes() {
    int[][] shapes = {{5, 3, 7}, {40, 16, 2}, {3, 70, 33}, {129, 2, 65}, {2, 530, 9}, {300, 10, 4}};
    int[][] orders = {{0, 1, 2}, {2, 1, 0}, {1, 0, 2}};
    for (int[] shape : shapes) {
      float[] x = normal(shape[0] * shape[1] * shape[2], 1);
      for (int[] order : orders) {
        int[] strides = new int[3];
        int step = 1;
        for (int i = 2; i >= 0; i--) {
          strides[order[i]] = step;
          step *= shape[order[i]];
        }
        for (int kept = 0; kept < 7; kept++) {
          int[] left = {1, 1, 1};
          int size = 1;
          for (int axis = 0; axis < 3; axis++) {
            left[axis] = (kept >> axis & 1) == 1 ? shape[axis] : 1;
            size *= left[axis];
          }
          float[] out = new float[size];
          for (ReduceOp op : ReduceOp.values()) {
            Strided some = new Strided(x, 0, shape, strides);
            kernels.reduce(op, some, Strided.dense(out, 0, left)).run();
            print(op + Arrays.toString(shape) + Arrays.toString(order) + kept, out);
          }
        }
      }
    }
    for (int first = 0; first < 9; first++) {
      float[] out = new float[101];
      kernels.uniform(7, 3, first, new Floats(out, 0, 50 + first)).run();
      kernels.normal(7, 3, first, new Floats(out, 60, 32 + first)).run();
      print("random numbers " + first, out);
    }
  }
}

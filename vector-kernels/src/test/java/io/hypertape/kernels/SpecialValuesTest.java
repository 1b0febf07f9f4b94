package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hypertape.kernels.lanes.BinaryOp;
import io.hypertape.kernels.lanes.Strided;
import io.hypertape.kernels.lanes.UnaryOp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The ends of the number line, and a sweep over it. */
@ParameterizedClass
@EnumSource(KernelMode.class)
class SpecialValuesTest {
  private static final float[] SPECIAL = {
    Float.NaN,
    Float.NEGATIVE_INFINITY,
    -Float.MAX_VALUE,
    -104f,
    -88.5f,
    -10f,
    -1f,
    -1e-3f,
    -Float.MIN_NORMAL,
    -Float.MIN_VALUE,
    -0f,
    0f,
    Float.MIN_VALUE,
    Float.MIN_NORMAL,
    1e-20f,
    1e-3f,
    0.5f,
    1f,
    Math.nextUp(1f),
    2f,
    10f,
    87f,
    88.5f,
    89f,
    1e20f,
    Float.MAX_VALUE,
    Float.POSITIVE_INFINITY
  };

  private final Kernels kernels;

  SpecialValuesTest(KernelMode mode) {
    kernels = Kernels.open(mode, 1);
    assertEquals(mode == KernelMode.VECTOR, kernels.selection().vectorized());
  }

  @AfterEach
  void close() {
    kernels.close();
  }

  @ParameterizedTest
  @EnumSource
  void unaryAtTheEnds(UnaryOp op) {
    float[] out = new float[SPECIAL.length];
    int n = SPECIAL.length;
    kernels
        .elementwise()
        .unary(op, Strided.dense(SPECIAL, 0, new int[] {n}), Strided.dense(out, 0, new int[] {n}))
        .run();
    for (int i = 0; i < out.length; i++) {
      float x = SPECIAL[i];
      Close.assertClose(Oracle.unary(op, x), out[i], 4, () -> op + "(" + x + ")");
    }
  }

  @ParameterizedTest
  @EnumSource
  void binaryAtTheEnds(BinaryOp op) {
    int n = SPECIAL.length;
    float[] out = new float[n * n];
    int[] shape = {n, n};
    Strided a = new Strided(SPECIAL, 0, shape, new int[] {1, 0});
    Strided b = new Strided(SPECIAL, 0, shape, new int[] {0, 1});
    kernels.elementwise().binary(op, a, b, Strided.dense(out, 0, new int[] {n, n})).run();
    for (int i = 0; i < n * n; i++) {
      float x = SPECIAL[i / n];
      float y = SPECIAL[i % n];
      // In float, as the operations are defined: b² may overflow where a·(1 − b²) in double would
      // not.
      double expected =
          switch (op) {
            case TANH_GRAD -> x * (1f - y * y);
            case SIGMOID_GRAD -> x * y * (1f - y);
            default -> Oracle.binary(op, x, y);
          };
      Close.assertClose(expected, out[i], 2, () -> op + "(" + x + ", " + y + ")");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"EXP", "LOG", "TANH", "SIGMOID"})
  void transcendentalsAreAccurateOverTheLine(UnaryOp op) {
    int n = 200_003;
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      float t = i * 2f / n - 1; // -1 to 1
      x[i] =
          op == UnaryOp.LOG
              ? (float) Math.exp(80 * t)
              : i % 2 == 0 ? 90 * t : (float) Math.pow(t, 9);
    }
    float[] out = new float[n];
    kernels
        .elementwise()
        .unary(op, Strided.dense(x, 0, new int[] {n}), Strided.dense(out, 0, new int[] {n}))
        .run();
    for (int i = 0; i < n; i++) {
      float at = x[i];
      Close.assertClose(Oracle.unary(op, at), out[i], 2, () -> op + "(" + at + ")");
    }
  }
}

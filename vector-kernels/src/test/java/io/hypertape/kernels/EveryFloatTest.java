package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hypertape.kernels.lanes.Strided;
import io.hypertape.kernels.lanes.UnaryOp;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Transcendental functions over the floats' bit patterns, every exponent, subnormal numbers,
 * infinities and NaN included: every 1009th pattern, or with {@code -Dhypertape.everyFloat=true}
 * all 2³² of them (minutes a function).
 */
class EveryFloatTest {

  private static final int STEP = Boolean.getBoolean("hypertape.everyFloat") ? 1 : 1009;
  private static final int BLOCK = 1 << 16;
  private static final double ULP = 2;

  private final float[] x = new float[BLOCK];
  private final float[] out = new float[BLOCK];

  @ParameterizedTest
  @CsvSource({
    "VECTOR,EXP",
    "VECTOR,LOG",
    "VECTOR,TANH",
    "VECTOR,SIGMOID",
    "SCALAR,EXP",
    "SCALAR,LOG",
    "SCALAR,TANH",
    "SCALAR,SIGMOID"
  })
  void withinTwoUnitsInTheLastPlace(KernelMode mode, UnaryOp op) {
    try (Kernels kernels = Kernels.open(mode, 1)) {
      assertEquals(mode == KernelMode.VECTOR, kernels.selection().vectorized());
      int n = 0;
      for (long bits = 0; bits < 1L << 32; bits += STEP) {
        x[n++] = Float.intBitsToFloat((int) bits);
        if (n == BLOCK) {
          check(kernels, op, n);
          n = 0;
        }
      }
      // Each exponent's first and last numbers, of either sign; those of 255 are ±∞ and NaN.
      for (int exponent = 0; exponent < 512; exponent++) {
        x[n++] = Float.intBitsToFloat(exponent << 23);
        x[n++] = Float.intBitsToFloat((exponent << 23) + 1);
        x[n++] = Float.intBitsToFloat((exponent << 23) + (1 << 23) - 1);
        if (n > BLOCK - 3) {
          check(kernels, op, n);
          n = 0;
        }
      }
      check(kernels, op, n);
    }
  }

  private void check(Kernels kernels, UnaryOp op, int n) {
    kernels
        .elementwise()
        .unary(op, Strided.dense(x, 0, new int[] {n}), Strided.dense(out, 0, new int[] {n}))
        .run();
    for (int i = 0; i < n; i++) {
      float at = x[i];
      Close.assertClose(Oracle.unary(op, at), out[i], ULP, () -> op + "(" + at + ")");
      // The function of one number has its bits in every kernel.
      assertEquals(op.of(at), out[i], () -> op + "(" + at + ")");
    }
  }

  /** One number by itself takes a shorter way through some functions, to the same bits. */
  @ParameterizedTest
  @CsvSource({"VECTOR,EXP", "VECTOR,LOG", "VECTOR,TANH", "VECTOR,SIGMOID", "SCALAR,EXP"})
  void oneNumberHasTheBitsThatItHasInARow(KernelMode mode, UnaryOp op) {
    try (Kernels kernels = Kernels.open(mode, 1)) {
      int n = 0;
      for (int exponent = 0; exponent < 512; exponent++) {
        for (int k = 0; k < 24; k++) {
          x[n++] = Float.intBitsToFloat((exponent << 23) + k * 349_525);
        }
      }
      for (float at = -110; at < 95; at += 0.037f) {
        x[n++] = at;
      }
      kernels
          .elementwise()
          .unary(op, Strided.dense(x, 0, new int[] {n}), Strided.dense(out, 0, new int[] {n}))
          .run();
      float[] one = new float[1];
      for (int i = 0; i < n; i++) {
        kernels
            .elementwise()
            .unary(op, Strided.dense(x, i, new int[0]), Strided.dense(one, 0, new int[0]))
            .run();
        float at = x[i];
        assertEquals(out[i], one[0], () -> op + "(" + at + ")");
      }
    }
  }
}

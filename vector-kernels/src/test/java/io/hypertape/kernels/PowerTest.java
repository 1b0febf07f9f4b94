package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hypertape.kernels.lanes.Power;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Powers have the bits of StrictMath's, rounded. */
class PowerTest {

  private static void assertSame(float a, float b) {
    assertEquals((float) StrictMath.pow(a, b), Power.pow(a, b), () -> a + "^" + b);
  }

  @Test
  void specialValues() {
    float[] all = {
      0,
      -0f,
      1,
      -1,
      2,
      -2,
      3,
      -3,
      0.5f,
      -0.5f,
      1.5f,
      1e-30f,
      -1e-30f,
      1e30f,
      127,
      128,
      -149,
      -150,
      16_777_215,
      16_777_216,
      -16_777_217,
      Float.MIN_VALUE,
      -Float.MIN_VALUE,
      Float.MIN_NORMAL,
      Float.MAX_VALUE,
      -Float.MAX_VALUE,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      Float.NaN,
      Math.nextUp(1f),
      Math.nextDown(1f)
    };
    for (float a : all) {
      for (float b : all) {
        assertSame(a, b);
      }
    }
  }

  @Test
  void numbersOfAnySize() {
    Random random = new Random(4);
    for (int i = 0; i < 1_000_000; i++) {
      assertSame(Float.intBitsToFloat(random.nextInt()), Float.intBitsToFloat(random.nextInt()));
      float a = (float) Math.exp(6 * random.nextGaussian());
      assertSame(a, (float) (3 * random.nextGaussian()));
      assertSame(
          (float) Math.exp(0.1 * random.nextGaussian()), (float) (1000 * random.nextGaussian()));
    }
  }

  /** Squares of floats lie in the middle of two, roots of such squares are floats. */
  @Test
  void squaresAndRoots() {
    Random random = new Random(5);
    for (int i = 0; i < 200_000; i++) {
      float x = random.nextInt(1 << 24) * 0x1p-12f;
      assertSame(x, 2);
      assertSame(x, 0.5f);
      assertSame(random.nextInt(1 << 12) + 1, -1);
      assertSame(random.nextInt(1 << 12) * 0x1p-12f, 3);
    }
  }

  /** About where floats end, above and below. */
  @Test
  void edgesOfTheRange() {
    Random random = new Random(6);
    for (int i = 0; i < 200_000; i++) {
      assertSame(2 + random.nextFloat(), 78 + 52 * random.nextFloat());
      assertSame(2 + random.nextFloat(), -76 - 78 * random.nextFloat());
    }
  }
}

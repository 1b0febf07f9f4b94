package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hypertape.kernels.lanes.Fma;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FmaTest {

  private static void assertSame(float a, float b, float c) {
    int bits = Float.floatToIntBits(Math.fma(a, b, c));
    assertEquals(bits, Float.floatToIntBits(Fma.fma(a, b, c)), () -> a + " * " + b + " + " + c);
    assertEquals(
        bits, Float.floatToIntBits(Fma.emulated(a, b, c)), () -> a + " * " + b + " + " + c);
  }

  @Test
  void edgesAreThoseOfTheJdk() {
    float[] edges = {
      0f,
      -0f,
      1f,
      -1f,
      Float.MIN_VALUE,
      -Float.MIN_VALUE,
      Float.MIN_NORMAL,
      Math.nextDown(Float.MIN_NORMAL),
      Float.MAX_VALUE,
      -Float.MAX_VALUE,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      Float.NaN,
      Math.nextUp(1f),
      Math.nextDown(1f),
      0x1p-24f,
      0x1.000002p-24f,
      3f,
      1e19f,
      -1e-30f
    };
    for (float a : edges) {
      for (float b : edges) {
        for (float c : edges) {
          assertSame(a, b, c);
        }
      }
    }
  }

  /** Near ties of the second rounding, which rounding twice would get wrong, among others. */
  @Test
  void bitsAreThoseOfTheJdk() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 200_000; i++) {
      float a = Float.intBitsToFloat(random.nextInt());
      float b = Float.intBitsToFloat(random.nextInt());
      assertSame(a, b, Float.intBitsToFloat(random.nextInt()));
      float x = 1 + random.nextInt(1 << 23) * 0x1p-23f;
      float y = 1 + random.nextInt(1 << 23) * 0x1p-23f;
      assertSame(
          x, y, (float) (random.nextInt(-4, 4) * 0x1p-24 * Math.scalb(1.0, random.nextInt(60))));
      assertSame(x, y * 0x1p-24f, random.nextInt(1 << 24) * 0x1p-23f);
      assertSame(x, y * 0x1p-60f, -x);
      assertSame(x * 0x1p-70f, y * 0x1p-58f, (random.nextInt(1 << 24) - (1 << 23)) * 0x1p-149f);
    }
  }

  /** 1 + 2^-24 is a tie; the last bit of the product decides it, beyond double's reach. */
  @Test
  void whatDoublePrecisionCutsOffCounts() {
    float a = 0x1.000002p-12f;
    float b = 0x1.fffffep-13f;
    assertSame(a, b, 1f);
    assertSame(0x1.fffffep-1f, 0x1.000002p-24f, 1f);
    assertEquals(
        Math.nextUp(1f),
        Fma.emulated(0x1.0002p-60f, 1f, Fma.emulated(0x1p-24f, 0x1.000002p0f, 1f)));
  }
}

package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hypertape.kernels.lanes.Philox;
import org.junit.jupiter.api.Test;

class PhiloxTest {
  /** The known answers that Random123 publishes for philox4x32-10. */
  @Test
  void knownAnswers() {
    check(0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
    check(-1, -1, -1, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
    check(
        0x85a308d3_243f6a88L,
        0x03707344_13198a2eL,
        0x299f31d0_a4093822L,
        0xd16cfe09,
        0x94fdcceb,
        0x5001e420,
        0x24126ea1);
  }

  private static void check(long low, long high, long key, int... expected) {
    int[] out = new int[4];
    Philox.block(key, (int) low, (int) (low >>> 32), (int) high, (int) (high >>> 32), out);
    assertArrayEquals(expected, out);
  }

  @Test
  void singleNumbersAreThoseOfTheArrays() {
    float[] uniform = new float[100];
    float[] normal = new float[100];
    Philox.uniform(4, 2, 0, uniform, 0, 100);
    Philox.normal(4, 2, 0, normal, 0, 100);
    for (int i = 0; i < 100; i++) {
      assertEquals(uniform[i], Philox.uniformFloat(4, 2, i));
      assertEquals(normal[i], (float) Philox.normal(4, 2, i));
    }
  }

  @Test
  void normalNumbersStayFiniteAtTheEnds() {
    assertEquals(6.76, Philox.toNormal(0, 0), 0.01);
    assertEquals(0, Philox.toNormal(-1, 0), 1e-4);
    assertEquals(-6.76, Philox.toNormal(0, Integer.MIN_VALUE), 0.01);
  }
}

package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Ints;
import io.hypertape.kernels.lanes.Philox;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@EnumSource(KernelMode.class)
class DropoutMaskTest {
  private final Kernels kernels;

  DropoutMaskTest(KernelMode mode) {
    kernels = Kernels.open(mode, 1);
    assertEquals(mode == KernelMode.VECTOR, kernels.selection().vectorized());
  }

  @AfterEach
  void close() {
    kernels.close();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0x1p-24, 0.1, 0.5, 0.9, 1})
  void comparesTheSequenceOfUniformNumbers(double keep) {
    long seed = 0x1234_5678_9ABC_DEF0L;
    long stream = 0xFFFF_FFFFL;
    for (int n : new int[] {0, 1, 31, 32, 33, 1003}) {
      float[] out = new float[n + 2];
      int[] counter = {7, (int) stream, 7};
      Ints one = new Ints(counter, 1, 1);
      kernels.layers().dropoutMask(keep, seed, one, new Floats(out, 1, n)).run();
      for (int i = 0; i < n; i++) {
        boolean kept = Philox.uniformFloat(seed, stream, i) < keep;
        assertEquals(kept ? (float) (1 / keep) : 0f, out[i + 1], n + " at " + i);
      }
      assertTrue(out[0] == 0 && out[n + 1] == 0);
      assertArrayEquals(new int[] {7, 0, 7}, counter, "counted up");
    }
  }

  @Test
  void keepsTheShare() {
    int n = 100_000;
    float[] out = new float[n];
    kernels.layers().dropoutMask(0.7, 1, Ints.of(2), Floats.of(out)).run();
    double sum = 0;
    for (float x : out) {
      sum += x;
    }
    // Four standard deviations of the mean.
    assertEquals(1, sum / n, 4 * Math.sqrt(0.3 / 0.7 / n));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, 1.0001, Double.NaN})
  void otherProbabilitiesAreRefused(double keep) {
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> kernels.layers().dropoutMask(keep, 1, Ints.of(2), Floats.of(0)));
    assertTrue(e.getMessage().contains("keep is " + keep), e.getMessage());
  }
}

package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.kernels.lanes.Philox;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@EnumSource(
    value = KernelMode.class,
    names = {"SCALAR", "VECTOR"})
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
      kernels.dropoutMask(keep, seed, stream, out, 1, n);
      for (int i = 0; i < n; i++) {
        boolean kept = Philox.uniformFloat(seed, stream, i) < keep;
        assertEquals(kept ? (float) (1 / keep) : 0f, out[i + 1], n + " at " + i);
      }
      assertTrue(out[0] == 0 && out[n + 1] == 0);
    }
  }

  @Test
  void keepsTheShare() {
    int n = 100_000;
    float[] out = new float[n];
    kernels.dropoutMask(0.7, 1, 2, out, 0, n);
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
            () -> kernels.dropoutMask(keep, 1, 2, new float[1], 0, 1));
    assertTrue(e.getMessage().contains("keep is " + keep), e.getMessage());
  }
}

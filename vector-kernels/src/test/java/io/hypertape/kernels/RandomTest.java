package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Philox;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(KernelMode.class)
class RandomTest {
  private static final long SEED = 0x1234_5678_9ABC_DEF0L;
  private static final long STREAM = -3;

  private final Kernels kernels;

  RandomTest(KernelMode mode) {
    kernels = Kernels.open(mode, 1);
    assertEquals(mode == KernelMode.VECTOR, kernels.selection().vectorized());
  }

  @AfterEach
  void close() {
    kernels.close();
  }

  private float[] uniform(long first, int n) {
    float[] out = new float[n];
    kernels.elementwise().uniform(SEED, STREAM, first, Floats.of(out)).run();
    return out;
  }

  private float[] normal(long first, int n) {
    float[] out = new float[n];
    kernels.elementwise().normal(SEED, STREAM, first, Floats.of(out)).run();
    return out;
  }

  @Test
  void anySplitGivesTheSameBits() {
    float[] uniform = uniform(0, 1013);
    float[] normal = normal(0, 1013);
    for (int from = 0; from < 70; from++) {
      for (int n : new int[] {0, 1, 2, 3, 5, 17, 64, 200, 943}) {
        assertArrayEquals(Arrays.copyOfRange(uniform, from, from + n), uniform(from, n));
        assertArrayEquals(Arrays.copyOfRange(normal, from, from + n), normal(from, n));
      }
    }
  }

  @Test
  void uniformIsTheUpperPartOfTheWords() {
    for (long first : new long[] {0, 3, (1L << 34) - 7, Long.MAX_VALUE - 200}) {
      float[] out = uniform(first, 150);
      int[] words = new int[4];
      for (int i = 0; i < out.length; i++) {
        long block = (first + i) >>> 2;
        Philox.block(
            SEED, (int) block, (int) (block >>> 32), (int) STREAM, (int) (STREAM >> 32), words);
        assertEquals((words[(int) (first + i & 3)] >>> 8) / (float) (1 << 24), out[i]);
      }
    }
  }

  @Test
  void momentsAreRight() {
    int n = 1 << 18;
    moments(uniform(0, n), 0.5, 1 / 12.0, 0, 1.8);
    moments(normal(0, n), 0, 1, 0, 3);
  }

  /** Mean, variance, skewness and kurtosis within about five standard errors. */
  private static void moments(
      float[] x, double mean, double variance, double skewness, double kurtosis) {
    double[] sums = new double[5];
    for (float v : x) {
      double z = (v - mean) / Math.sqrt(variance);
      for (int k = 1; k < 5; k++) {
        sums[k] += Math.pow(z, k) / x.length;
      }
    }
    double error = 5 / Math.sqrt(x.length);
    assertEquals(0, sums[1], error);
    assertEquals(1, sums[2], 1.5 * error);
    assertEquals(skewness, sums[3], 4 * error);
    assertEquals(kurtosis, sums[4], 10 * error);
  }

  @Test
  void seedsAndStreamsDiffer() {
    float[] a = new float[8];
    float[] b = new float[8];
    kernels.elementwise().uniform(1, 0, 0, Floats.of(a)).run();
    kernels.elementwise().uniform(1, 1, 0, Floats.of(b)).run();
    assertFalse(Arrays.equals(a, b));
    kernels.elementwise().uniform(2, 0, 0, Floats.of(b)).run();
    assertFalse(Arrays.equals(a, b));
    for (float v : uniform(0, 100_000)) {
      assertTrue(v >= 0 && v < 1);
    }
  }

  @Test
  void negativeIndicesAreRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> kernels.elementwise().uniform(0, 0, -1, Floats.of(0)));
    assertThrows(
        IllegalArgumentException.class,
        () -> kernels.elementwise().normal(0, 0, Long.MAX_VALUE, Floats.of(0)));
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> kernels.elementwise().normal(0, 0, 0, new Floats(new float[1], 1, 1)));
  }
}

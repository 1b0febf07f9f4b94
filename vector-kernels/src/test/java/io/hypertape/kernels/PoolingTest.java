package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Ints;
import io.hypertape.kernels.layers.Layers;
import io.hypertape.kernels.layers.PoolingShape;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@EnumSource(KernelMode.class)
class PoolingTest {
  private final Kernels kernels;
  private final Layers layers;

  PoolingTest(KernelMode mode) {
    kernels = Kernels.open(mode, 1);
    assertEquals(mode == KernelMode.VECTOR, kernels.selection().vectorized());
    layers = kernels.layers();
  }

  @AfterEach
  void close() {
    kernels.close();
  }

  static Stream<PoolingShape> shapes() {
    return Stream.of(
        new PoolingShape(0, 4, 4, 2, 2, 2, 2, 0, 0),
        new PoolingShape(1, 1, 1, 1, 1, 1, 1, 0, 0),
        new PoolingShape(2, 1, 1, 2, 2, 1, 1, 1, 1),
        new PoolingShape(3, 28, 28, 2, 2, 2, 2, 0, 0),
        new PoolingShape(3, 14, 14, 2, 2, 2, 2, 0, 0),
        new PoolingShape(2, 7, 67, 3, 3, 2, 2, 1, 1),
        new PoolingShape(2, 9, 40, 3, 3, 1, 1, 1, 1),
        new PoolingShape(2, 9, 40, 5, 4, 1, 2, 2, 2),
        new PoolingShape(2, 11, 50, 3, 3, 3, 3, 0, 0),
        new PoolingShape(2, 5, 130, 2, 7, 1, 5, 1, 3),
        new PoolingShape(3, 8, 8, 8, 8, 8, 8, 0, 0),
        new PoolingShape(3, 5, 7, 5, 7, 1, 1, 0, 0),
        new PoolingShape(1, 6, 6, 1, 1, 2, 2, 0, 0));
  }

  /** Elements of a window in row-major order. */
  private static int[] window(PoolingShape s, int p, int q) {
    int top = p * s.strideHeight() - s.padHeight();
    int left = q * s.strideWidth() - s.padWidth();
    int[] found = new int[s.windowHeight() * s.windowWidth()];
    int n = 0;
    for (int row = top; row < top + s.windowHeight(); row++) {
      for (int column = left; column < left + s.windowWidth(); column++) {
        if (row >= 0 && row < s.height() && column >= 0 && column < s.width()) {
          found[n++] = row * s.width() + column;
        }
      }
    }
    return Arrays.copyOf(found, n);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void maximumTakesTheFirstOfEquals(PoolingShape s) {
    float[] x = Randoms.normal(s.planes() * s.plane() + 1, 1);
    for (int i = 0; i < x.length; i++) {
      // Few values, so that windows have equals; a NaN and an infinity now and then.
      x[i] = i % 29 == 7 ? Float.NaN : i % 31 == 3 ? Float.NEGATIVE_INFINITY : Math.round(x[i]);
    }
    int n = s.planes() * s.outPlane();
    float[] y = new float[n + 2];
    int[] index = new int[n + 2];
    y[n + 1] = y[0] = 77;
    index[n + 1] = index[0] = 77;
    int m = s.planes() * s.plane();
    layers.maxPool(s, new Floats(x, 1, m), new Floats(y, 1, n), new Ints(index, 1, n)).run();
    int at = 1;
    for (int plane = 0; plane < s.planes(); plane++) {
      for (int p = 0; p < s.outHeight(); p++) {
        for (int q = 0; q < s.outWidth(); q++, at++) {
          int best = -1;
          for (int i : window(s, p, q)) {
            float value = x[1 + plane * s.plane() + i];
            float most = best < 0 ? 0 : x[1 + plane * s.plane() + best];
            // Float.compare puts NaN above all, and here no zero is negative but by rounding.
            if (best < 0 || Float.compare(value + 0f, most + 0f) > 0) {
              best = i;
            }
          }
          assertEquals(best, index[at], s + " at " + p + ", " + q);
          assertEquals(x[1 + plane * s.plane() + best], y[at]);
        }
      }
    }
    assertTrue(y[0] == 77 && y[n + 1] == 77 && index[0] == 77 && index[n + 1] == 77);
  }

  @Test
  void aWindowOfMinusInfinityHasItsFirstElement() {
    var s = new PoolingShape(1, 2, 70, 2, 2, 2, 2, 0, 0);
    float[] x = new float[140];
    Arrays.fill(x, Float.NEGATIVE_INFINITY);
    float[] y = new float[35];
    int[] index = new int[35];
    layers.maxPool(s, Floats.of(x), Floats.of(y), Ints.of(index)).run();
    for (int q = 0; q < 35; q++) {
      assertEquals(Float.NEGATIVE_INFINITY, y[q]);
      assertEquals(2 * q, index[q]);
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void scatterIsGathersAdjoint(PoolingShape s) {
    int n = s.planes() * s.outPlane();
    int m = s.planes() * s.plane();
    float[] x = Randoms.normal(m + 1, 1);
    float[] y = new float[n];
    int[] index = new int[n + 1];
    Floats in = new Floats(x, 1, m);
    Ints places = new Ints(index, 1, n);
    layers.maxPool(s, in, Floats.of(y), places).run();
    float[] gathered = new float[n + 1];
    layers.maxPoolGather(s, in, places, new Floats(gathered, 1, n)).run();
    assertArrayEquals(y, Arrays.copyOfRange(gathered, 1, n + 1));
    float[] g = Randoms.normal(n + 1, 2);
    float[] dx = new float[m + 1];
    Arrays.fill(dx, 5);
    layers.maxPoolScatter(s, new Floats(g, 1, n), places, new Floats(dx, 1, m)).run();
    double[] expected = new double[m];
    for (int i = 0; i < n; i++) {
      expected[i / s.outPlane() * s.plane() + index[i + 1]] += g[i + 1];
    }
    for (int i = 0; i < m; i++) {
      Close.assertWithin(expected[i], dx[i + 1], 2e-6, s::toString);
    }
    assertEquals(5, dx[0]);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void averageCountsPaddingAndHasItsAdjoint(PoolingShape s) {
    int n = s.planes() * s.outPlane();
    int m = s.planes() * s.plane();
    float[] x = Randoms.normal(m + 1, 1);
    float[] g = Randoms.normal(n + 1, 2);
    float[] y = new float[n + 1];
    float[] dx = new float[m + 1];
    Arrays.fill(dx, 5);
    layers.averagePool(s, new Floats(x, 1, m), new Floats(y, 1, n)).run();
    layers.averagePoolAdjoint(s, new Floats(g, 1, n), new Floats(dx, 1, m)).run();
    double[] adjoint = new double[m];
    int at = 1;
    double count = s.windowHeight() * s.windowWidth();
    for (int plane = 0; plane < s.planes(); plane++) {
      for (int p = 0; p < s.outHeight(); p++) {
        for (int q = 0; q < s.outWidth(); q++, at++) {
          double sum = 0;
          for (int i : window(s, p, q)) {
            sum += x[1 + plane * s.plane() + i];
            adjoint[plane * s.plane() + i] += g[at] / count;
          }
          Close.assertWithin(sum / count, y[at], 1e-6, s::toString);
        }
      }
    }
    for (int i = 0; i < m; i++) {
      Close.assertWithin(adjoint[i], dx[i + 1], 2e-6, s::toString);
    }
    assertTrue(dx[0] == 5 && y[0] == 0);
  }

  @Test
  void badIndicesAreNamedBeforeAnythingIsWritten() {
    var s = new PoolingShape(1, 2, 2, 1, 1, 1, 1, 0, 0);
    float[] out = {7, 7, 7, 7};
    Floats zeros = Floats.of(new float[4]);
    for (int bad : new int[] {4, -1, Integer.MIN_VALUE}) {
      Ints index = Ints.of(0, 1, bad, 3);
      var scatter =
          assertThrows(
              IndexOutOfBoundsException.class,
              layers.maxPoolScatter(s, zeros, index, Floats.of(out))::run);
      assertEquals("index[2] is " + bad + ", allowed are 0 to 3", scatter.getMessage());
      assertThrows(
          IndexOutOfBoundsException.class,
          layers.maxPoolGather(s, zeros, index, Floats.of(out))::run);
    }
    assertArrayEquals(new float[] {7, 7, 7, 7}, out);
  }
}

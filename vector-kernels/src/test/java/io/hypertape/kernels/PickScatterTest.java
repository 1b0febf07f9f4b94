package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(
    value = KernelMode.class,
    names = {"SCALAR", "VECTOR"})
class PickScatterTest {
  private final Kernels kernels;

  PickScatterTest(KernelMode mode) {
    kernels = Kernels.open(mode, 1);
    assertEquals(mode == KernelMode.VECTOR, kernels.selection().vectorized());
  }

  @AfterEach
  void close() {
    kernels.close();
  }

  @Test
  void pickTakesOneElementOfEachRow() {
    float[] x = {9, 1, 2, 3, 9, 4, 5, 6};
    float[] out = {7, 7, 7};
    kernels.pick(2, 3, x, 1, 4, new int[] {8, 2, 0}, 1, out, 1);
    assertArrayEquals(new float[] {7, 3, 4}, out);
    kernels.pick(0, 3, x, 0, 4, new int[0], 0, out, 0);
  }

  @Test
  void scatterIsItsAdjoint() {
    float[] out = {7, 7, 7, 7, 7, 7, 7};
    kernels.scatter(2, 3, new float[] {0, 1, 0, 2}, 1, 2, new int[] {2, 0}, 0, out, 1);
    assertArrayEquals(new float[] {7, 0, 0, 1, 2, 0, 0}, out);
    kernels.scatter(2, 3, new float[] {5}, 0, 0, new int[] {1, 1}, 0, out, 1);
    assertArrayEquals(new float[] {7, 0, 5, 0, 0, 5, 0}, out);
  }

  @Test
  void badIndicesAreNamedBeforeAnythingIsWritten() {
    float[] out = {7, 7, 7, 7, 7, 7};
    for (int bad : new int[] {3, -1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      int[] index = {0, bad};
      var pick =
          assertThrows(
              IndexOutOfBoundsException.class,
              () -> kernels.pick(2, 3, new float[6], 0, 3, index, 0, out, 0));
      assertEquals("index[1] is " + bad + ", allowed are 0 to 2", pick.getMessage());
      var scatter =
          assertThrows(
              IndexOutOfBoundsException.class,
              () -> kernels.scatter(2, 3, new float[6], 0, 1, index, 0, out, 0));
      assertTrue(scatter.getMessage().startsWith("index[1] is " + bad), scatter.getMessage());
    }
    assertArrayEquals(new float[] {7, 7, 7, 7, 7, 7}, out);
  }
}

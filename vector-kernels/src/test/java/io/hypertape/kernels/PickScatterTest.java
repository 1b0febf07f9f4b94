package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.kernels.elementwise.Elementwise;
import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Ints;
import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.lanes.Strided;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(KernelMode.class)
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
    Ints index = new Ints(new int[] {8, 2, 0}, 1, 2);
    Elementwise elementwise = kernels.elementwise();
    elementwise.pick(new Matrix(x, 1, 2, 3, 4, 1), index, new Floats(out, 1, 2)).run();
    assertArrayEquals(new float[] {7, 3, 4}, out);
    elementwise.pick(Matrix.dense(x, 0, 0, 3), Ints.of(), new Floats(out, 0, 0)).run();
    // From a transpose.
    elementwise.pick(new Matrix(x, 1, 2, 3, 1, 2), index, new Floats(out, 1, 2)).run();
    assertArrayEquals(new float[] {7, 4, 2}, out);
  }

  @Test
  void scatterIsItsAdjoint() {
    float[] out = {7, 7, 7, 7, 7, 7, 7};
    Matrix to = Matrix.dense(out, 1, 2, 3);
    Strided x = new Strided(new float[] {0, 1, 0, 2}, 1, new int[] {2}, new int[] {2});
    kernels.elementwise().scatter(x, Ints.of(2, 0), to).run();
    assertArrayEquals(new float[] {7, 0, 0, 1, 2, 0, 0}, out);
    Strided five = new Strided(new float[] {5}, 0, new int[] {2}, new int[] {0});
    kernels.elementwise().scatter(five, Ints.of(1, 1), to).run();
    assertArrayEquals(new float[] {7, 0, 5, 0, 0, 5, 0}, out);
  }

  @Test
  void badIndicesAreNamedBeforeAnythingIsWritten() {
    float[] out = {7, 7, 7, 7, 7, 7};
    for (int bad : new int[] {3, -1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      Ints index = Ints.of(0, bad);
      Matrix x = Matrix.dense(new float[6], 0, 2, 3);
      Call picks = kernels.elementwise().pick(x, index, new Floats(out, 0, 2));
      var pick = assertThrows(IndexOutOfBoundsException.class, picks::run);
      assertEquals("index[1] is " + bad + ", allowed are 0 to 2", pick.getMessage());
      Strided two = Strided.dense(new float[6], 0, new int[] {2});
      Call scatters = kernels.elementwise().scatter(two, index, Matrix.dense(out, 0, 2, 3));
      var scatter = assertThrows(IndexOutOfBoundsException.class, scatters::run);
      assertTrue(scatter.getMessage().startsWith("index[1] is " + bad), scatter.getMessage());
    }
    assertArrayEquals(new float[] {7, 7, 7, 7, 7, 7}, out);
  }
}

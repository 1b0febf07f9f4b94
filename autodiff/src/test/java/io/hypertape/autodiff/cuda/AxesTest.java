package io.hypertape.autodiff.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.backend.View;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AxesTest {

  private final Axes axes = new Axes(Arena.ofAuto());

  @Test
  void denseAxesBecomeOne() {
    int[] strides = View.rowMajorStrides(2, 3, 4);
    axes.of(new int[] {2, 3, 4}, strides, strides);
    assertEquals(1, axes.rank());
    assertEquals(24, axes.length(0));
    assertTrue(axes.isDense(0));
  }

  @Test
  void aRepeatedNumberIsOneAxisToo() {
    axes.of(new int[] {2, 3}, new int[] {0, 0}, View.rowMajorStrides(2, 3));
    assertEquals(1, axes.rank());
    assertEquals(0, axes.stride(0, 0));
    assertFalse(axes.isDense(0));
    assertTrue(axes.isDense(1));
  }

  @Test
  void axesOfLengthOneHaveNoStride() {
    axes.of(new int[] {1, 5, 1}, new int[] {77, 1, 99}, new int[] {5, 1, 1});
    assertEquals(1, axes.rank());
    assertTrue(axes.isDense(0));
    axes.of(new int[0], new int[0], new int[0]);
    assertEquals(0, axes.rank());
    assertEquals(1, axes.size());
    assertTrue(axes.isDense(0));
  }

  @Test
  void whatOneOperandSeparatesStaysApart() {
    axes.of(new int[] {4, 6}, new int[] {6, 1}, new int[] {0, 1}, new int[] {6, 1});
    assertEquals(2, axes.rank());
    int[] struct = axes.struct("binary").toArray(ValueLayout.JAVA_INT);
    assertEquals(2, struct[0]);
    assertArrayEquals(new int[] {4, 6}, Arrays.copyOfRange(struct, 1, 3));
    assertArrayEquals(new int[] {6, 1}, Arrays.copyOfRange(struct, 9, 11));
    assertArrayEquals(new int[] {0, 1}, Arrays.copyOfRange(struct, 17, 19));
    assertArrayEquals(new int[] {6, 1}, Arrays.copyOfRange(struct, 25, 27));
  }

  @Test
  void moreThanEightAxesAreRefusedByName() {
    axes.clear();
    for (int axis = 0; axis < 9; axis++) {
      axes.append(2, 3, 5, 7);
    }
    Exception e = assertThrows(IllegalArgumentException.class, () -> axes.struct("copy"));
    assertTrue(e.getMessage().startsWith("copy: "), e.getMessage());
    assertTrue(e.getMessage().contains("not 9"), e.getMessage());
  }
}

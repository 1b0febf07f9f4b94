package io.hypertape.autodiff.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class HostCopyTest {

  @Test
  void arraysOfOneType() {
    double[] doubles = {1, 2, 3, 4, 5};
    double[] some = new double[4];
    MemorySegment from = MemorySegment.ofArray(doubles).asSlice(8, 32);
    MemorySegment to = MemorySegment.ofArray(some).asSlice(8);
    HostCopy.copy(from, 8, to, 8, 16);
    assertArrayEquals(new double[] {0, 0, 3, 4}, some);
    float[] floats = new float[3];
    HostCopy.copy(
        MemorySegment.ofArray(new float[] {7, 8}), 4, MemorySegment.ofArray(floats), 8, 4);
    assertArrayEquals(new float[] {0, 0, 8}, floats);
    int[] ints = {1, 2, 3, 4};
    HostCopy.copy(MemorySegment.ofArray(ints), 0, MemorySegment.ofArray(ints), 4, 12);
    assertArrayEquals(new int[] {1, 1, 2, 3}, ints);
  }

  @Test
  void everythingElse() {
    float[] floats = new float[2];
    byte[] bytes = new byte[8];
    HostCopy.copy(
        MemorySegment.ofArray(new float[] {3, -1}).asReadOnly(),
        0,
        MemorySegment.ofArray(floats),
        0,
        8);
    assertArrayEquals(new float[] {3, -1}, floats);
    HostCopy.copy(MemorySegment.ofArray(floats), 0, MemorySegment.ofArray(bytes), 0, 8);
    assertEquals(-1, MemorySegment.ofArray(bytes).get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment outside = arena.allocate(8);
      HostCopy.copy(MemorySegment.ofArray(floats), 4, outside, 0, 4);
      assertEquals(-1, outside.get(ValueLayout.JAVA_FLOAT, 0));
    }
    byte[] shifted = new byte[9];
    HostCopy.copy(MemorySegment.ofArray(bytes), 1, MemorySegment.ofArray(shifted), 2, 7);
    assertEquals(bytes[7], shifted[8]);
  }

  @Test
  void whatIsOutsideIsRefused() {
    MemorySegment part = MemorySegment.ofArray(new double[9]).asSlice(8, 16);
    MemorySegment whole = MemorySegment.ofArray(new double[9]);
    assertThrows(IndexOutOfBoundsException.class, () -> HostCopy.copy(part, 8, whole, 0, 16));
    assertThrows(IndexOutOfBoundsException.class, () -> HostCopy.copy(whole, 0, part, 0, 24));
    assertThrows(IndexOutOfBoundsException.class, () -> HostCopy.copy(whole, -8, part, 0, 8));
    assertThrows(RuntimeException.class, () -> HostCopy.copy(whole, 0, part.asReadOnly(), 0, 8));
  }
}

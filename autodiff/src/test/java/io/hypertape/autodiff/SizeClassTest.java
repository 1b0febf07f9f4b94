package io.hypertape.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SizeClassTest {

  private static void assertFits(int size) {
    int roomy = SizeClass.roundUp(size);
    assertTrue(roomy >= size, size + " in " + roomy);
    assertTrue(roomy - size <= Math.max(15, size / 8), size + " in " + roomy);
    assertEquals(SizeClass.of(size), SizeClass.of(roomy));
    assertEquals(roomy, SizeClass.roundUp(roomy));
    assertEquals(SizeClass.of(roomy), SizeClass.within(roomy));
    int number = SizeClass.of(size);
    assertTrue(number >= 0 && number < SizeClass.COUNT, size + " is of class " + number);
  }

  @Test
  void everySizeFitsItsClassAndWastesLittle() {
    int last = 0;
    for (int size = 0; size < 1 << 17; size++) {
      assertFits(size);
      int number = SizeClass.of(size);
      assertTrue(number == last || number == last + 1, "classes have no gaps");
      last = number;
    }
    for (long power = 1L << 17; power <= 1L << 30; power <<= 1) {
      for (long size = power - 2; size <= power + 2; size++) {
        assertFits((int) size);
      }
    }
    assertEquals(0, SizeClass.roundUp(0));
    assertEquals(16, SizeClass.roundUp(1));
    assertEquals(Integer.MAX_VALUE - 8, SizeClass.roundUp(2_100_000_000));
    assertEquals(Integer.MAX_VALUE, SizeClass.roundUp(Integer.MAX_VALUE));
    assertTrue(SizeClass.of(Integer.MAX_VALUE) < SizeClass.COUNT);
  }

  @Test
  void storageOfAnotherSizeServesWhatSurelyFits() {
    for (int capacity = 0; capacity < 2000; capacity++) {
      int number = SizeClass.within(capacity);
      for (int size = 0; size <= 2000; size++) {
        if (SizeClass.of(size) == number) {
          assertTrue(size <= capacity, size + " does not fit into " + capacity);
        }
      }
    }
  }
}

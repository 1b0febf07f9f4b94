package io.hypertape.autodiff.cpu.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.kernels.KernelSelection;
import org.junit.jupiter.api.Test;

class KernelCheckTest {
  @Test
  void measuresBothTwins() {
    KernelCheck check = KernelCheck.measure();
    assertTrue(check.selection().vectorized(), check.selection().reason());
    assertTrue(check.vectorGflops() > 0 && check.scalarGflops() > 0, check.toString());
  }

  @Test
  void intrinsicsShowBySpeed() {
    var selection = new KernelSelection(true, 512, 1, "vector kernels, 512 bits");
    assertTrue(new KernelCheck(selection, 100, 4, 1).intrinsic());
    assertFalse(new KernelCheck(selection, 1, 4, 1).intrinsic());
    var scalar = new KernelSelection(false, 32, 1, "scalar kernels, as asked");
    assertFalse(new KernelCheck(scalar, 0, 4, 0).intrinsic());
    assertEquals(0, new KernelCheck(scalar, 0, 4, 0).vectorGflops());
  }
}

package io.hypertape.benchmarks.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ChipTest {

  @Test
  void isKnownByItsName() {
    assertEquals("H100", Chip.of("cuda backend: NVIDIA H100 80GB HBM3, compute").get().name());
    assertEquals("H100 PCIe", Chip.of("cuda backend: NVIDIA H100 PCIe, compute").get().name());
    assertEquals("L40S", Chip.of("cuda backend: NVIDIA L40S").get().name());
    assertTrue(Chip.of("cuda backend: Hypertape test double 0").isEmpty());
  }

  @Test
  void theFloorIsTheLargerOfComputingAndMoving() {
    Chip chip = new Chip("X", 10e12, 100e12, 1e12);
    assertEquals(1e-3, chip.floor(10e9, 1e6, false), 1e-12);
    assertEquals(1e-4, chip.floor(10e9, 1e6, true), 1e-12);
    assertEquals(1e-3, chip.floor(10e3, 1e9, true), 1e-12);
  }
}

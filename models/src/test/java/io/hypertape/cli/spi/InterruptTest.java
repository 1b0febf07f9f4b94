package io.hypertape.cli.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class InterruptTest {

  @Test
  void aRequestInterruptsWhoWaitsForIt() {
    try (Interrupt interrupt = new Interrupt()) {
      assertFalse(interrupt.isRequested());
      assertFalse(Thread.interrupted());
      interrupt.request();
      assertTrue(interrupt.isRequested());
      assertTrue(Thread.interrupted());
    }
  }

  @Test
  void whereNothingIsToBeSavedTheEndComesSoon() {
    try (Interrupt interrupt = new Interrupt()) {
      assertTrue(interrupt.patience() < 1000);
      interrupt.expectSaving();
      assertEquals(20_000, interrupt.patience());
    }
  }
}

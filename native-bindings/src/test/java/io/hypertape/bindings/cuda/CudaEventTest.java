package io.hypertape.bindings.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.bindings.testing.CudaDouble;
import org.junit.jupiter.api.Test;

class CudaEventTest extends CudaTestCase {

  @Test
  void theTimeBetweenTwoMarksIsTaken() {
    try (CudaEvent start = CudaEvent.create(device, CudaEvent.Timing.ON);
        CudaEvent end = CudaEvent.create(device, CudaEvent.Timing.ON);
        DeviceMemory a = pool.allocate(1 << 20)) {
      start.record(stream);
      stream.fillBytes(a.address(), 1, a.bytes());
      end.record(stream);
      end.synchronize();
      double milliseconds = end.millisecondsSince(start);
      assertTrue(milliseconds >= 0 && milliseconds < 60_000, "" + milliseconds);
    }
  }

  @Test
  void aMarkIsPassedWhenTheWorkBeforeItIsDone() {
    try (CudaEvent event = CudaEvent.create(device, CudaEvent.Timing.OFF);
        DeviceMemory a = pool.allocate(1 << 20)) {
      assertTrue(event.isDone(), "never recorded");
      stream.fillBytes(a.address(), 1, a.bytes());
      event.record(stream);
      while (!event.isDone()) {
        Thread.onSpinWait();
      }
      assertTrue(event.isDone());
    }
  }

  @Test
  void anEventWithoutTimeHasNone() {
    CudaDouble.requireDouble();
    expectViolation("cudaEventElapsedTime");
    try (CudaEvent start = CudaEvent.create(device, CudaEvent.Timing.OFF);
        CudaEvent end = CudaEvent.create(device, CudaEvent.Timing.OFF)) {
      start.record(stream);
      end.record(stream);
      stream.synchronize();
      CudaException e = assertThrows(CudaException.class, () -> end.millisecondsSince(start));
      assertEquals("cudaEventElapsedTime", e.call());
      assertEquals("cudaErrorInvalidResourceHandle", e.codeName());
    }
  }

  @Test
  void aClosedEventIsRefused() {
    CudaEvent event = CudaEvent.create(device, CudaEvent.Timing.OFF);
    event.close();
    event.close();
    assertThrows(IllegalStateException.class, () -> event.record(stream));
    assertThrows(IllegalStateException.class, () -> stream.waitFor(event));
    assertThrows(IllegalStateException.class, event::synchronize);
  }
}

package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkersTest {
  @Test
  void everyPartRunsOnceAlsoAfterTheWorkersHaveParked() throws InterruptedException {
    try (var workers = new Workers(4)) {
      var counts = new AtomicIntegerArray(4);
      for (int i = 0; i < 20_000; i++) {
        workers.run((part, parts) -> counts.addAndGet(part, parts));
        if (i % 5000 == 0) {
          Thread.sleep(2);
        }
      }
      assertEquals("[80000, 80000, 80000, 80000]", counts.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void aFailureReachesTheCallerAndThePoolLivesOn(int failing) {
    try (var workers = new Workers(3)) {
      var failure = new IllegalArgumentException("part " + failing);
      var thrown =
          assertThrows(
              RuntimeException.class,
              () ->
                  workers.run(
                      (part, parts) -> {
                        if (part == failing) {
                          throw failure;
                        }
                      }));
      assertSame(failure, failing == 0 ? thrown : thrown.getCause());
      var counts = new AtomicIntegerArray(3);
      workers.run((part, parts) -> counts.incrementAndGet(part));
      assertEquals("[1, 1, 1]", counts.toString());
    }
  }

  @Test
  void aLoneThreadNeedsNoWorker() {
    try (var workers = new Workers(1)) {
      var counts = new AtomicIntegerArray(1);
      workers.run((part, parts) -> counts.incrementAndGet(part));
      assertEquals("[1]", counts.toString());
      assertEquals(1, workers.count());
    }
  }
}

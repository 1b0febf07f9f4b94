package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.Stream;
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

  private static List<Thread> threads() {
    Thread[] all = new Thread[Thread.activeCount() + 50];
    int count = Thread.enumerate(all);
    return Stream.of(all)
        .limit(count)
        .filter(thread -> thread.getName().startsWith("hypertape-kernel-"))
        .toList();
  }

  /** Waits for the end of threads that were not there before. */
  private static void assertEnd(List<Thread> before) throws InterruptedException {
    for (Thread thread : threads()) {
      if (!before.contains(thread)) {
        thread.join(Duration.ofSeconds(60));
        assertFalse(thread.isAlive(), thread + " lives on");
      }
    }
  }

  @Test
  void threadsThatNobodyCallsEndAndOthersTakeTheirPlace() throws InterruptedException {
    List<Thread> before = threads();
    // Never closed.
    var workers = new Workers(4, TimeUnit.MILLISECONDS.toNanos(20));
    var counts = new AtomicIntegerArray(4);
    for (int round = 1; round <= 3; round++) {
      workers.run((part, parts) -> counts.addAndGet(part, parts));
      assertEnd(before);
      int sum = 4 * round;
      assertEquals("[%1$d, %1$d, %1$d, %1$d]".formatted(sum), counts.toString());
    }
  }

  @Test
  void aCallThatComesAsAThreadEndsIsServed() throws InterruptedException {
    // Threads end after no time at all, so that calls meet them at every moment of their end.
    var workers = new Workers(3, 0);
    var counts = new AtomicIntegerArray(3);
    for (int i = 0; i < 500; i++) {
      workers.run((part, parts) -> counts.incrementAndGet(part));
      for (int k = 10 * i; k > 0; k--) {
        Thread.onSpinWait();
      }
    }
    assertEquals("[500, 500, 500]", counts.toString());
  }

  @Test
  void closingEndsTheThreads() throws InterruptedException {
    List<Thread> before = threads();
    try (var workers = new Workers(4, TimeUnit.DAYS.toNanos(1))) {
      workers.run((part, parts) -> {});
    }
    assertEnd(before);
  }
}

package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.kernels.lanes.Workers;
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

  /** What a run of parts throws that fail where an exception is given for them. */
  private static Throwable failureOf(Workers workers, Throwable... failures) {
    return assertThrows(
        Throwable.class,
        () ->
            workers.run(
                (part, parts) -> {
                  if (failures[part] != null) {
                    throw unchecked(failures[part]);
                  }
                }));
  }

  private static RuntimeException unchecked(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return (RuntimeException) failure;
  }

  @Test
  void aFailureBelongsToItsCallAlsoIfTheCallersPartFailsToo() {
    try (var workers = new Workers(3)) {
      var own = new IllegalArgumentException("part 0");
      var other = new OutOfMemoryError("part 2");
      assertSame(own, failureOf(workers, own, null, other));
      assertEquals(List.of(other), List.of(own.getSuppressed()));
      var counts = new AtomicIntegerArray(3);
      workers.run((part, parts) -> counts.incrementAndGet(part));
      assertEquals("[1, 1, 1]", counts.toString());
    }
  }

  @Test
  void allFailuresAreToldOnceAndTogether() {
    try (var workers = new Workers(3)) {
      var one = new IllegalArgumentException("part 1");
      var two = new IllegalArgumentException("part 2");
      Throwable first = failureOf(workers, null, one, two).getCause();
      assertEquals(List.of(first == one ? two : one), List.of(first.getSuppressed()));
      var shared = new IllegalArgumentException("thrown by each part");
      assertSame(shared, failureOf(workers, shared, shared, shared));
      assertEquals(0, shared.getSuppressed().length);
      workers.run((part, parts) -> {});
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void aCallWithinACallIsRefused(int threads) {
    try (var workers = new Workers(threads)) {
      var thrown =
          assertThrows(
              IllegalStateException.class,
              () ->
                  workers.run(
                      (part, parts) -> {
                        if (part == 0) {
                          workers.run((p, n) -> {});
                        }
                      }));
      assertTrue(thrown.getMessage().contains("in a call already"), thrown.getMessage());
      workers.run((part, parts) -> {});
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void aCallAfterCloseIsRefusedAndStartsNoThread(int threads) throws InterruptedException {
    List<Thread> before = threads();
    var workers = new Workers(threads, TimeUnit.DAYS.toNanos(1));
    workers.run((part, parts) -> {});
    workers.close();
    workers.close();
    var counts = new AtomicIntegerArray(threads);
    for (int i = 0; i < 3; i++) {
      var thrown =
          assertThrows(
              IllegalStateException.class,
              () -> workers.run((part, parts) -> counts.incrementAndGet(part)));
      assertTrue(thrown.getMessage().contains("closed"), thrown.getMessage());
    }
    assertEquals(new AtomicIntegerArray(threads).toString(), counts.toString());
    assertEnd(before);
  }

  @Test
  void aCallDuringWhichItIsClosedIsDoneToItsEnd() throws InterruptedException {
    List<Thread> before = threads();
    for (int i = 0; i < 200; i++) {
      var workers = new Workers(3, TimeUnit.DAYS.toNanos(1));
      var counts = new AtomicIntegerArray(3);
      int spins = 50 * i;
      Thread closer =
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int k = spins; k > 0; k--) {
                      Thread.onSpinWait();
                    }
                    workers.close();
                    workers.close();
                  });
      int calls = 0;
      try {
        for (; ; calls++) {
          workers.run((part, parts) -> counts.incrementAndGet(part));
        }
      } catch (IllegalStateException e) {
        assertTrue(e.getMessage().contains("closed"), e.getMessage());
      }
      assertEquals(List.of(calls, calls, calls).toString(), counts.toString());
      closer.join();
    }
    assertEnd(before);
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
      assertEquals(List.of(sum, sum, sum, sum).toString(), counts.toString());
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

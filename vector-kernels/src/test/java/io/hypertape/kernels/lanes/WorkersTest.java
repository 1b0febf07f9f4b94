package io.hypertape.kernels.lanes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Of threads, whose number is counted. */
@Isolated
class WorkersTest {

  /** As many as are wanted, also where there are fewer processors. */
  private static Helpers helpers(long idleNanos) {
    return new Helpers(1000, idleNanos);
  }

  @Test
  void everyPartRunsOnceAlsoAfterTheWorkersHaveParked() throws InterruptedException {
    try (var workers = new Workers(4, helpers(TimeUnit.SECONDS.toNanos(5)))) {
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
    try (var workers = new Workers(3, helpers(TimeUnit.SECONDS.toNanos(5)))) {
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
    try (var workers = new Workers(3, helpers(TimeUnit.SECONDS.toNanos(5)))) {
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
    try (var workers = new Workers(3, helpers(TimeUnit.SECONDS.toNanos(5)))) {
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
    var workers = new Workers(threads, helpers(TimeUnit.DAYS.toNanos(1)));
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
      var workers = new Workers(3, helpers(TimeUnit.DAYS.toNanos(1)));
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
    var workers = new Workers(4, helpers(TimeUnit.MILLISECONDS.toNanos(20)));
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
    var workers = new Workers(3, helpers(0));
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
    try (var workers = new Workers(4, helpers(TimeUnit.DAYS.toNanos(1)))) {
      workers.run((part, parts) -> {});
    }
    assertEnd(before);
  }

  @Test
  void whereNoThreadHelpsTheCallerDoesAllParts() {
    try (var workers = new Workers(5, new Helpers(0, 0))) {
      var counts = new AtomicIntegerArray(5);
      Thread caller = Thread.currentThread();
      for (int i = 0; i < 1000; i++) {
        workers.run(
            (part, parts) -> {
              assertSame(caller, Thread.currentThread());
              counts.addAndGet(part, parts);
            });
      }
      assertEquals("[5000, 5000, 5000, 5000, 5000]", counts.toString());
    }
  }

  @Test
  void aCallWaitsForNoThreadThatIsInAnothersCall() throws InterruptedException {
    Helpers helpers = new Helpers(1, TimeUnit.DAYS.toNanos(1));
    try (var one = new Workers(2, helpers);
        var other = new Workers(2, helpers)) {
      var begun = new CountDownLatch(1);
      var end = new CountDownLatch(1);
      Thread longCaller =
          Thread.ofPlatform()
              .start(
                  () ->
                      one.run(
                          (part, parts) -> {
                            begun.countDown();
                            await(end);
                          }));
      await(begun);
      var counts = new AtomicIntegerArray(2);
      for (int i = 0; i < 1000; i++) {
        other.run((part, parts) -> counts.incrementAndGet(part));
      }
      assertEquals("[1000, 1000]", counts.toString());
      end.countDown();
      longCaller.join();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void callersShareFewThreadsWhichEndWithTheLastOfThem() throws InterruptedException {
    List<Thread> before = threads();
    Helpers helpers = new Helpers(2, TimeUnit.DAYS.toNanos(1));
    int callers = 4;
    var counts = new AtomicIntegerArray(callers);
    var most = new AtomicInteger();
    List<Thread> running = new ArrayList<>();
    List<Workers> opened = new ArrayList<>();
    for (int caller = 0; caller < callers; caller++) {
      int index = caller;
      var workers = new Workers(3, helpers);
      opened.add(workers);
      running.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < 5000; i++) {
                      workers.run((part, parts) -> counts.incrementAndGet(index));
                      if (i % 100 == 0) {
                        int now = threads().size() - before.size();
                        most.accumulateAndGet(now, Math::max);
                      }
                    }
                  }));
    }
    for (Thread thread : running) {
      thread.join();
    }
    assertEquals("[15000, 15000, 15000, 15000]", counts.toString());
    assertTrue(most.get() <= 2, most + " threads");
    for (int i = 0; i < callers - 1; i++) {
      opened.get(i).close();
    }
    opened.getLast().run((part, parts) -> counts.incrementAndGet(0));
    assertEquals(15_003, counts.get(0));
    opened.getLast().close();
    assertEnd(before);
  }

  @Test
  void aThreadThatHelpsTakesNothingOfTheCallersProgram() {
    var loader = new ClassLoader() {};
    var seen = new AtomicReference<ClassLoader>();
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try (var workers = new Workers(2, helpers(TimeUnit.DAYS.toNanos(1)))) {
      Thread.currentThread().setContextClassLoader(loader);
      Thread caller = Thread.currentThread();
      var helped = new CountDownLatch(1);
      workers.run(
          (part, parts) -> {
            if (Thread.currentThread() != caller) {
              seen.set(Thread.currentThread().getContextClassLoader());
              helped.countDown();
            } else {
              await(helped);
            }
          });
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
    assertNull(seen.get());
  }
}

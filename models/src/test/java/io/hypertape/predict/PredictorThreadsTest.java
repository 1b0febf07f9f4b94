package io.hypertape.predict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One predictor, many threads. */
@Isolated("the memory and the threads of the whole JVM are counted")
@Timeout(120)
class PredictorThreadsTest {

  private static final int INPUTS = 40;
  private static final int EXAMPLES = 50;

  private final float[][] examples = new float[EXAMPLES][];
  private final float[][] expected = new float[EXAMPLES][];

  private Predictor predictor(PredictorOptions options) {
    Predictor predictor;
    var scalar = SessionOptions.of(Device.CPU).withThreads(1).withSimd(SessionOptions.Simd.SCALAR);
    try (Session session = Session.open(scalar)) {
      Mlp model = Mlp.create(session, MlpSpec.tanh(INPUTS, 64, 10), 1);
      predictor = Predictor.of(model, options.withSession(scalar));
      try (Predictor single = Predictor.of(model, PredictorOptions.DEFAULTS.withLanes(1))) {
        for (int i = 0; i < EXAMPLES; i++) {
          examples[i] = Arrays.copyOf(PredictorTest.numbers(INPUTS + i), INPUTS);
          expected[i] = single.predict(examples[i]);
        }
      }
    }
    return predictor;
  }

  private static void await(List<Future<?>> calls) throws Exception {
    for (Future<?> call : calls) {
      call.get();
    }
  }

  private void predictAll(Predictor predictor, int first) {
    for (int k = 0; k < EXAMPLES; k++) {
      int i = (first + k) % EXAMPLES;
      assertArrayEquals(expected[i], predictor.predict(examples[i]), "example " + i);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8})
  void platformThreadsGetTheirOwnAnswers(int lanes) throws Exception {
    try (Predictor predictor = predictor(PredictorOptions.DEFAULTS.withLanes(lanes));
        ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<?>> calls = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        int first = 5 * t;
        calls.add(
            threads.submit(
                () -> {
                  for (int round = 0; round < 20; round++) {
                    predictAll(predictor, first);
                  }
                }));
      }
      await(calls);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16})
  void aThousandVirtualThreadsDo(int most) throws Exception {
    var options =
        PredictorOptions.DEFAULTS
            .withLanes(2)
            .withBatching(most == 1 ? Batching.NONE : new Batching(most, Duration.ofMillis(1)));
    try (Predictor predictor = predictor(options);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> calls = new ArrayList<>();
      for (int t = 0; t < 1000; t++) {
        int i = t % EXAMPLES;
        calls.add(
            threads.submit(
                () -> {
                  for (int k = 0; k < 5; k++) {
                    assertArrayEquals(expected[i], predictor.predict(examples[i]));
                  }
                }));
      }
      await(calls);
    }
  }

  /** With one lane and threads that never pause, each gets its turns. */
  @Test
  void nobodyStarves() throws Exception {
    AtomicLongArray done = new AtomicLongArray(6);
    try (Predictor predictor = predictor(PredictorOptions.DEFAULTS.withLanes(1));
        ExecutorService threads = Executors.newFixedThreadPool(done.length())) {
      long end = System.nanoTime() + 1_000_000_000;
      List<Future<?>> calls = new ArrayList<>();
      for (int t = 0; t < done.length(); t++) {
        int number = t;
        calls.add(
            threads.submit(
                () -> {
                  while (System.nanoTime() < end) {
                    predictor.predict(examples[0]);
                    done.incrementAndGet(number);
                  }
                }));
      }
      await(calls);
    }
    for (int t = 0; t < done.length(); t++) {
      assertTrue(done.get(t) >= 3, done.toString());
    }
  }

  @Test
  void callsAreJoinedInTheSameBits() throws Exception {
    var batching = new Batching(8, Duration.ofSeconds(20));
    try (Predictor predictor = predictor(PredictorOptions.DEFAULTS.withBatching(batching));
        ExecutorService threads = Executors.newFixedThreadPool(8)) {
      long begin = System.nanoTime();
      for (int round = 0; round < 5; round++) {
        List<Future<?>> calls = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
          int i = 8 * round + t;
          calls.add(
              threads.submit(() -> assertArrayEquals(expected[i], predictor.predict(examples[i]))));
        }
        await(calls);
      }
      // Eight are enough: nobody waits for the delay to end.
      assertTrue(System.nanoTime() - begin < 20_000_000_000L);
    }
  }

  @Test
  void aLoneCallWaitsForOthersNoLongerThanAllowed() {
    var batching = new Batching(8, Duration.ofMillis(50));
    try (Predictor predictor = predictor(PredictorOptions.DEFAULTS.withBatching(batching))) {
      long begin = System.nanoTime();
      assertArrayEquals(expected[3], predictor.predict(examples[3]));
      assertTrue(System.nanoTime() - begin >= 50_000_000);
      assertThrows(IllegalArgumentException.class, () -> predictor.predict(new float[3]));
      // Several in one call are a batch already.
      assertEquals(20, predictor.predict(new float[2 * INPUTS], 2).length);
    }
  }

  /** Who leads a group and is interrupted computes it at once; who follows leaves it. */
  @Test
  void joinedCallsCanBeInterrupted() throws Exception {
    var batching = new Batching(8, Duration.ofMinutes(1));
    try (Predictor predictor = predictor(PredictorOptions.DEFAULTS.withBatching(batching))) {
      AtomicReference<Object> led = new AtomicReference<>();
      Thread leader =
          Thread.ofPlatform()
              .start(
                  () -> {
                    float[] result = predictor.predict(examples[1]);
                    led.set(Thread.interrupted() ? result : "not interrupted");
                  });
      awaitWaiting(leader);
      AtomicReference<Object> followed = new AtomicReference<>();
      Thread follower = Thread.ofPlatform().start(() -> followed.set(caught(predictor)));
      awaitWaiting(follower);
      AtomicReference<float[]> other = new AtomicReference<>();
      Thread second = Thread.ofPlatform().start(() -> other.set(predictor.predict(examples[2])));
      awaitWaiting(second);
      follower.interrupt();
      follower.join();
      assertInstanceOf(CancellationException.class, followed.get());
      leader.interrupt();
      leader.join();
      second.join();
      assertArrayEquals(expected[1], assertInstanceOf(float[].class, led.get()));
      assertArrayEquals(expected[2], other.get());
    }
  }

  private Object caught(Predictor predictor) {
    try {
      return predictor.predict(examples[0]);
    } catch (CancellationException e) {
      return Thread.interrupted() ? e : "the status is lost";
    }
  }

  private static void awaitWaiting(Thread thread) throws InterruptedException {
    while (thread.getState() != Thread.State.TIMED_WAITING
        && thread.getState() != Thread.State.WAITING) {
      Thread.sleep(1);
    }
  }

  @Test
  void closingWaitsForCallsAndRefusesLaterOnes() throws Exception {
    Predictor predictor = predictor(PredictorOptions.DEFAULTS.withLanes(2));
    AtomicLong answers = new AtomicLong();
    CountDownLatch running = new CountDownLatch(4);
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> calls = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        int i = t;
        calls.add(
            threads.submit(
                () -> {
                  try {
                    for (; ; ) {
                      assertArrayEquals(expected[i], predictor.predict(examples[i]));
                      answers.incrementAndGet();
                      running.countDown();
                    }
                  } catch (IllegalStateException e) {
                    assertEquals("predict: this predictor is closed", e.getMessage());
                  }
                }));
      }
      running.await();
      predictor.close();
      long then = answers.get();
      await(calls);
      // A call that had its answer may not have counted it yet.
      assertTrue(answers.get() <= then + 4, then + " then " + answers);
    }
    predictor.close();
    assertThrows(IllegalStateException.class, () -> predictor.predict(examples[0]));
  }

  /** Who waits for others when it ends gets an answer at once. */
  @Test
  void closingComputesWhatWaitsForOthers() throws Exception {
    var batching = new Batching(8, Duration.ofMinutes(1));
    Predictor predictor = predictor(PredictorOptions.DEFAULTS.withBatching(batching));
    AtomicReference<float[]> got = new AtomicReference<>();
    Thread caller = Thread.ofPlatform().start(() -> got.set(predictor.predict(examples[4])));
    awaitWaiting(caller);
    predictor.close();
    caller.join();
    assertArrayEquals(expected[4], got.get());
    assertThrows(IllegalStateException.class, () -> predictor.predict(examples[4]));
  }

  @Test
  void waitingForALaneCanBeInterrupted() throws Exception {
    try (Predictor predictor = predictor(PredictorOptions.DEFAULTS.withLanes(1));
        Lanes lanes = new Lanes(List.of())) {
      AtomicReference<Object> got = new AtomicReference<>();
      Thread waiting =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      got.set(lanes.take());
                    } catch (CancellationException e) {
                      got.set(Thread.interrupted() ? e : "the status is lost");
                    }
                  });
      while (waiting.getState() != Thread.State.WAITING) {
        Thread.sleep(1);
      }
      waiting.interrupt();
      waiting.join();
      assertInstanceOf(CancellationException.class, got.get());
      assertArrayEquals(expected[0], predictor.predict(examples[0]));
    }
  }

  /** Scalar kernels: vectors are boxed until their loops are compiled. */
  @Test
  void aCallLeavesNothingButItsResult() {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (Predictor predictor = predictor(PredictorOptions.DEFAULTS.withLanes(1))) {
      float[] into = new float[10];
      float[] many = new float[32 * INPUTS];
      float[] results = new float[320];
      for (int i = 0; i < 10; i++) {
        predictor.predict(examples[0], 1, into);
        predictor.predict(many, 32, results);
      }
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 1000; i++) {
        predictor.predict(examples[0], 1, into);
        predictor.predict(many, 32, results);
      }
      long nothing = threads.getCurrentThreadAllocatedBytes() - before;
      // The smallest object has 8 bytes or more; what measures leaves some, once.
      assertTrue(nothing < 2000 * 8, nothing + " bytes");
      before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 1000; i++) {
        predictor.predict(examples[0]);
      }
      long results40 = threads.getCurrentThreadAllocatedBytes() - before;
      // An array of ten numbers has 40 bytes and a head.
      assertTrue(results40 <= 1000 * 64 + 8000, results40 + " bytes");
    }
  }

  @Test
  void memoryIsFlatOverManyCalls() {
    try (Predictor predictor = predictor(PredictorOptions.DEFAULTS.withLanes(2))) {
      float[] into = new float[10];
      predictor.predict(examples[0], 1, into);
      long before = usedAfterCollection();
      for (int i = 0; i < 100_000; i++) {
        predictor.predict(examples[i % EXAMPLES], 1, into);
      }
      long grown = usedAfterCollection() - before;
      assertTrue(grown < 2_000_000, grown + " bytes more");
    }
  }

  private static long usedAfterCollection() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }

  @Test
  void callersEndWithoutATrace() throws Exception {
    try (Predictor predictor = predictor(PredictorOptions.DEFAULTS.withLanes(2))) {
      int before = Thread.activeCount();
      for (int t = 0; t < 100; t++) {
        Thread caller = Thread.ofPlatform().start(() -> predictor.predict(examples[0]));
        caller.join(TimeUnit.SECONDS.toMillis(10));
      }
      assertTrue(Thread.activeCount() <= before, "threads are the callers' alone");
    }
  }
}

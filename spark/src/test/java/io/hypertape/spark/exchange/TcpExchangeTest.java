package io.hypertape.spark.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.shards.Exchange;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sums over threads that are connected as processes would be. */
@Timeout(60)
class TcpExchangeTest {

  private static final int[] LENGTHS = {
    0, 1, 2, 3, 7, 8, 100, 2047, 2048, 2049, 4099, 65_530, 65_536, 70_001, 300_007
  };

  /** Whoever waits for another waiter has a sixteenth more patience, which has to be a while. */
  private static final ExchangeOptions IMPATIENT =
      ExchangeOptions.DEFAULT
          .withPatience(Duration.ofMillis(4000))
          .withMeeting(Duration.ofSeconds(10));

  @AfterEach
  void noThreadIsLeft() {
    assertEquals(List.of(), LoopbackWorkers.threads());
  }

  private static float[] values(int worker, int sum, int length) {
    Random random = new Random(31L * sum + worker);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      // Of unlike sizes, so that another order would show.
      values[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(8) - 4));
    }
    return values;
  }

  private static float[] expected(int workers, int sum, int length) {
    List<float[]> all = new ArrayList<>();
    for (int i = 0; i < workers; i++) {
      all.add(values(i, sum, length));
    }
    return LoopbackWorkers.tree(all);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8})
  void sumsAreThoseOfTheTree(int workers) throws Exception {
    List<List<float[]>> results =
        LoopbackWorkers.all(
            workers,
            ExchangeOptions.DEFAULT,
            exchange -> {
              assertEquals(workers, exchange.workers());
              List<float[]> sums = new ArrayList<>();
              List<Exchange.Sum> underWay = new ArrayList<>();
              // All begun before the first is awaited, which is the last one.
              for (int i = 0; i < LENGTHS.length; i++) {
                sums.add(values(exchange.worker(), i, LENGTHS[i]));
                underWay.add(exchange.sum(sums.get(i), 0, LENGTHS[i]));
              }
              underWay.reversed().forEach(Exchange.Sum::await);
              underWay.forEach(Exchange.Sum::await);
              return sums;
            });
    for (List<float[]> sums : results) {
      for (int i = 0; i < LENGTHS.length; i++) {
        assertArrayEquals(expected(workers, i, LENGTHS[i]), sums.get(i), "length " + LENGTHS[i]);
      }
    }
  }

  @Test
  void randomPartsOfArrays() throws Exception {
    int workers = 4;
    int rounds = 60;
    List<Boolean> right =
        LoopbackWorkers.all(
            workers,
            ExchangeOptions.DEFAULT,
            exchange -> {
              Random same = new Random(1);
              for (int round = 0; round < rounds; round++) {
                int length = (int) Math.exp(same.nextDouble() * 11);
                int offset = same.nextInt(50);
                float[] sum = new float[offset + length + 3];
                System.arraycopy(values(exchange.worker(), round, length), 0, sum, offset, length);
                sum[offset + length] = exchange.worker();
                exchange.sum(sum, offset, length).await();
                float[] all = new float[sum.length];
                System.arraycopy(expected(workers, round, length), 0, all, offset, length);
                all[offset + length] = exchange.worker();
                assertArrayEquals(all, sum, "length " + length);
              }
              return true;
            });
    assertEquals(workers, right.size());
  }

  @Test
  void whatItCostsIsCounted() throws Exception {
    int length = 100_000;
    List<ExchangeReport> reports =
        LoopbackWorkers.all(
            4,
            ExchangeOptions.DEFAULT,
            exchange -> {
              exchange.sum(new float[length], 0, length).await();
              exchange.sum(new float[10], 0, 10).await();
              return exchange.report();
            });
    for (ExchangeReport report : reports) {
      long bytes = 2 * 3 * length + 2 * 10 * 4 + 6 * Frame.BYTES;
      assertEquals(bytes, report.sentBytes());
      assertEquals(bytes, report.receivedBytes());
      assertEquals(2, report.sums());
      assertTrue(report.moving().toNanos() > 0, report.toString());
      assertTrue(report.lost().toNanos() > 0, report.toString());
    }
  }

  @Test
  void aHungWorkerIsNamed() throws Exception {
    CountDownLatch end = new CountDownLatch(3);
    List<LoopbackWorkers.Outcome<String>> outcomes =
        LoopbackWorkers.outcomes(
            4,
            IMPATIENT,
            exchange -> {
              if (exchange.worker() == 3) {
                end.await();
                return "hung";
              }
              try {
                exchange.sum(new float[5000], 0, 5000).await();
              } finally {
                end.countDown();
              }
              return "done";
            });
    for (LoopbackWorkers.Outcome<String> outcome : outcomes.subList(0, 3)) {
      assertTrue(
          outcome.message().matches(".*sum 0 of 5000 numbers.* worker 3 .*sent nothing.*"),
          outcome.message());
    }
  }

  @Test
  void whoLeavesSaysWhy() throws Exception {
    List<LoopbackWorkers.Outcome<String>> outcomes =
        LoopbackWorkers.outcomes(
            8,
            ExchangeOptions.DEFAULT,
            exchange -> {
              for (int i = 0; i < 3; i++) {
                exchange.sum(new float[5000], 0, 5000).await();
              }
              if (exchange.worker() == 5) {
                exchange.leave("a step failed");
                assertThrows(ExchangeException.class, () -> exchange.sum(new float[1], 0, 1));
                return "left";
              }
              exchange.sum(new float[5000], 0, 5000).await();
              return "done";
            });
    for (int i = 0; i < 8; i++) {
      if (i != 5) {
        assertEquals("worker 5: a step failed", outcomes.get(i).message());
      }
    }
  }

  @Test
  void whoIsGoneIsMissedAtOnce() throws Exception {
    long start = System.nanoTime();
    List<LoopbackWorkers.Outcome<String>> outcomes =
        LoopbackWorkers.outcomes(
            4,
            ExchangeOptions.DEFAULT,
            exchange -> {
              if (exchange.worker() != 2) {
                exchange.sum(new float[1_000_000], 0, 1_000_000).await();
              }
              return "done";
            });
    for (int i : new int[] {0, 1, 3}) {
      assertTrue(outcomes.get(i).message().contains("worker 2 ("), outcomes.get(i).message());
      assertTrue(outcomes.get(i).message().contains("has left"), outcomes.get(i).message());
    }
    assertTrue(System.nanoTime() - start < 20_000_000_000L, "not before patience ends");
  }

  @Test
  void whoAsksForAnotherSumIsNamed() throws Exception {
    List<LoopbackWorkers.Outcome<String>> outcomes =
        LoopbackWorkers.outcomes(
            2,
            ExchangeOptions.DEFAULT,
            exchange -> {
              int length = 10 + exchange.worker();
              exchange.sum(new float[length], 0, length).await();
              return "done";
            });
    String all = outcomes.get(0).message() + outcomes.get(1).message();
    assertTrue(all.contains("is at sum 0 of 1"), all);
    assertTrue(all.contains("the same sums in the same order"), all);
  }

  @Test
  void whoIsInterruptedLeaves() throws Exception {
    List<LoopbackWorkers.Outcome<String>> outcomes =
        LoopbackWorkers.outcomes(
            2,
            ExchangeOptions.DEFAULT,
            exchange -> {
              if (exchange.worker() == 0) {
                Thread self = Thread.currentThread();
                Thread.ofPlatform()
                    .start(
                        () -> {
                          while (self.getState() != Thread.State.WAITING) {
                            Thread.onSpinWait();
                          }
                          self.interrupt();
                        });
                try {
                  exchange.sum(new float[10], 0, 10).await();
                } finally {
                  assertTrue(Thread.interrupted(), "its status is kept");
                }
              }
              while (true) {
                exchange.sum(new float[5], 0, 5).await();
              }
            });
    assertTrue(outcomes.get(0).thrown() instanceof CancellationException, outcomes.toString());
    assertTrue(
        outcomes.get(1).message().contains("interrupted")
            || outcomes.get(1).message().contains("the same sums"),
        outcomes.get(1).message());
  }

  @Test
  void closedFromElsewhereAndTwice() throws Exception {
    List<LoopbackWorkers.Outcome<String>> outcomes =
        LoopbackWorkers.outcomes(
            2,
            ExchangeOptions.DEFAULT,
            exchange -> {
              if (exchange.worker() == 1) {
                Thread closing = Thread.ofPlatform().start(exchange::close);
                closing.join();
                exchange.close();
                assertThrows(IllegalStateException.class, () -> exchange.sum(new float[1], 0, 1));
                return "closed";
              }
              exchange.sum(new float[10_000], 0, 10_000).await();
              return "done";
            });
    assertEquals("closed", outcomes.get(1).result());
    assertTrue(outcomes.get(0).message().contains("worker 1 ("), outcomes.get(0).message());
  }

  @Test
  void noPortIsLeft() throws Exception {
    List<InetSocketAddress> addresses = new ArrayList<>();
    List<Port> ports = List.of(Port.open(LoopbackWorkers.HERE), Port.open(LoopbackWorkers.HERE));
    ports.forEach(port -> addresses.add(port.address()));
    List<LoopbackWorkers.Outcome<String>> outcomes =
        LoopbackWorkers.run(
            List.of(
                () -> meet(ports.get(0), 0, addresses), () -> meet(ports.get(1), 1, addresses)));
    assertEquals("met", outcomes.get(0).result(), outcomes.get(0).message());
    assertEquals("met", outcomes.get(1).result(), outcomes.get(1).message());
  }

  private static String meet(Port port, int worker, List<InetSocketAddress> addresses)
      throws IOException {
    try (TcpExchange exchange =
        port.join(LoopbackWorkers.member(worker), addresses, ExchangeOptions.DEFAULT)) {
      exchange.sum(new float[1], 0, 1).await();
      // Nobody can connect to it any more, even while the exchange is open.
      InetSocketAddress there = port.address();
      assertThrows(
          IOException.class, () -> new Socket(there.getAddress(), there.getPort()).close());
    }
    return "met";
  }

  @Test
  void partsHaveToBeThere() throws Exception {
    LoopbackWorkers.all(
        1,
        ExchangeOptions.DEFAULT,
        exchange -> {
          assertThrows(
              IllegalArgumentException.class, () -> exchange.sum(new float[3], 1, 3).await());
          assertThrows(NullPointerException.class, () -> exchange.sum(null, 0, 0));
          return 0;
        });
  }
}

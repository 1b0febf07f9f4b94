package io.hypertape.spark.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.ObjectOutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A worker whose process ends without a word. */
@Timeout(60)
class KilledWorkerTest {

  @Test
  void itIsMissedAtOnce() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                DoomedWorker.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader said =
            new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        ObjectOutputStream tell = new ObjectOutputStream(process.getOutputStream());
        Port port = Port.open(LoopbackWorkers.HERE)) {
      InetSocketAddress second =
          new InetSocketAddress(LoopbackWorkers.HERE, Integer.parseInt(said.readLine()));
      JobToken token = JobToken.random();
      tell.writeObject(token);
      tell.writeInt(port.address().getPort());
      tell.flush();
      Member self = new Member(token, 0, 0, new Fingerprint(Map.of()));
      try (TcpExchange exchange =
          port.join(self, List.of(port.address(), second), ExchangeOptions.DEFAULT)) {
        for (int i = 0; i < 20; i++) {
          exchange.sum(new float[100_000], 0, 100_000).await();
        }
        process.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
        long start = System.nanoTime();
        ExchangeException missed =
            assertThrows(
                ExchangeException.class,
                () -> {
                  while (true) {
                    exchange.sum(new float[100_000], 0, 100_000).await();
                  }
                });
        assertTrue(
            missed.getMessage().contains("worker 1 (" + second.getAddress().getHostAddress()),
            missed.toString());
        assertTrue(missed.getMessage().contains("has left"), missed.toString());
        assertTrue(System.nanoTime() - start < 20_000_000_000L, "not when patience ends");
      }
    } finally {
      process.destroyForcibly();
    }
    assertEquals(List.of(), LoopbackWorkers.threads());
  }
}

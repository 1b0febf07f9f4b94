package io.hypertape.run.follow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.optim.TowerOptimizer;
import io.hypertape.run.Evaluation;
import io.hypertape.run.TrainingListener;
import io.hypertape.run.follow.MlflowListener.Status;
import io.hypertape.run.follow.TrackingServer.Instead;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that are slow, fail, go away, refuse, or are none of MLflow's. */
@ResourceLock("what MlflowListener logs")
class MlflowFailureTest extends TrackedRuns {

  // Servers that do not work.

  @Test
  void failuresThatPassCostNothing() throws IOException {
    AtomicInteger failures = new AtomicInteger();
    server.instead =
        what ->
            failures.incrementAndGet() % 2 == 1
                ? Instead.of(what.startsWith("runs/log") ? 503 : 500, "<html>busy")
                : Optional.empty();
    Evaluation score = finished(listener());
    assertWhole(server.onlyRun(), score);
  }

  @Test
  void aServerThatGoesAwayCostsAWarningAndComesBack() throws IOException {
    int port = server.port();
    TrackingServer first = server;
    try (MlflowListener mlflow = listener()) {
      FollowedRuns.run(
          2,
          new TrainingListener() {
            @Override
            public void begin(TowerOptimizer optimizer) throws IOException {
              mlflow.begin(optimizer);
              server.close();
            }

            @Override
            public void step(long step, double loss, TowerOptimizer optimizer) {
              mlflow.step(step, loss, optimizer);
              if (step == 1) {
                waitFor("no answer");
              }
            }
          });
      server = new TrackingServer(port);
      server.runs.putAll(first.runs);
      mlflow.end(Status.FINISHED);
    }
    assertEquals("FINISHED", server.onlyRun().status);
    assertEquals(10, server.onlyRun().of("train/loss").size());
    assertTrue(
        said.getFirst().startsWith("WARNING " + server.uri() + ": runs/log-batch: no answer"));
    assertTrue(said.get(1).endsWith("takes numbers again"), said.toString());
    assertEquals(2, said.size(), said.toString());
  }

  private void waitFor(String part) {
    while (said.stream().noneMatch(line -> line.contains(part))) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aServerThatStaysAwayCostsThePatienceInTheEnd() throws IOException {
    Evaluation score;
    long begin;
    try (MlflowListener mlflow =
        listener(MlflowOptions.of(server.uri()).withPatience(Duration.ofSeconds(2)))) {
      score =
          FollowedRuns.run(
              2,
              new TrainingListener() {
                @Override
                public void begin(TowerOptimizer optimizer) throws IOException {
                  mlflow.begin(optimizer);
                  server.close();
                }

                @Override
                public void step(long step, double loss, TowerOptimizer optimizer) {
                  mlflow.step(step, loss, optimizer);
                }
              });
      begin = System.nanoTime();
      mlflow.end(Status.FINISHED);
    }
    assertTrue(System.nanoTime() - begin < 20e9, "ended within its time");
    assertTrue(score.error() <= 1);
    assertTrue(said.getLast().contains("nor how it has ended"), said.toString());
  }

  @Test
  void aServerThatKeepsUsWaitingHoldsNothingUp() throws IOException {
    long begin;
    try (MlflowListener mlflow =
        listener(MlflowOptions.of(server.uri()).withPatience(Duration.ofSeconds(2)))) {
      FollowedRuns.run(
          2,
          new TrainingListener() {
            @Override
            public void begin(TowerOptimizer optimizer) throws IOException {
              mlflow.begin(optimizer);
              server.delayMillis = 60_000;
            }

            @Override
            public void step(long step, double loss, TowerOptimizer optimizer) {
              mlflow.step(step, loss, optimizer);
            }
          });
      begin = System.nanoTime();
      mlflow.end(Status.FINISHED);
    }
    assertTrue(System.nanoTime() - begin < 30e9, "ended within its time");
    assertTrue(said.getLast().contains("nor how it has ended"), said.toString());
  }

  @Test
  void aSlowServerGetsEverything() throws IOException {
    server.delayMillis = 300;
    Evaluation score = finished(listener());
    assertWhole(server.onlyRun(), score);
    assertEquals(List.of(), said);
  }

  @Test
  void numbersThatAreRefusedAreLostAndTheRunGoesOn() throws IOException {
    MlflowListener mlflow = listener();
    try (mlflow) {
      FollowedRuns.run(
          2,
          new TrainingListener() {
            @Override
            public void begin(TowerOptimizer optimizer) throws IOException {
              mlflow.begin(optimizer);
              server.instead =
                  what ->
                      what.endsWith("log-batch")
                          ? Instead.of(403, "{\"message\":\"no more\"}")
                          : Optional.empty();
            }

            @Override
            public void step(long step, double loss, TowerOptimizer optimizer) {
              mlflow.step(step, loss, optimizer);
            }
          });
      mlflow.end(Status.FINISHED);
    }
    assertEquals("FINISHED", server.onlyRun().status);
    assertTrue(said.getFirst().contains("HTTP 403: no more"), said.toString());
    assertTrue(said.getLast().contains("has not got"), said.toString());
  }

  // What is told before a run begins.

  @Test
  void aRedirectIsToldAndNotFollowed() throws IOException {
    try (TrackingServer other = new TrackingServer()) {
      server.instead =
          what -> Optional.of(new Instead(308, "", Map.of("Location", other.uri() + "/there")));
      String message =
          refused(
              new MlflowListener(
                  MlflowOptions.of(server.uri()), Map.of("MLFLOW_TRACKING_TOKEN", "secret")));
      assertTrue(message.contains("elsewhere: " + other.uri() + "/there"), message);
      assertEquals(List.of(), other.asked);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404})
  void aRefusalIsTold(int status) {
    server.instead = what -> Instead.of(status, "not you");
    String message = refused(listener());
    assertTrue(message.startsWith(server.uri() + ": experiments/get-by-name"), message);
    assertTrue(message.contains("HTTP " + status + ": not you"), message);
    assertEquals(1, server.asked.size());
  }

  @Test
  void anotherServerIsTold() {
    server.instead = what -> Instead.of(200, "<html>hello</html>");
    assertTrue(refused(listener()).contains("none of MLflow's"));
    server.instead = what -> Instead.of(200, "x".repeat(2 << 20));
    assertTrue(refused(listener()).contains("more than 1048576 bytes"));
    server.instead = what -> Instead.of(200, "{}");
    assertTrue(refused(listener()).contains("names no experiment"));
  }

  @Test
  void nobodyThereIsTold() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    String message = refused(listener(MlflowOptions.of(URI.create("http://127.0.0.1:" + free))));
    assertTrue(message.contains("127.0.0.1:" + free) && message.contains("no answer"), message);
  }

  @Test
  void whatMakesNoDescriptionIsToldAndTheRunIsFailed() {
    server.instead = what -> what.endsWith("log-batch") ? Instead.of(400, "{}") : Optional.empty();
    assertTrue(refused(listener()).contains("HTTP 400"));
    assertEquals("FAILED", server.onlyRun().status);
  }
}

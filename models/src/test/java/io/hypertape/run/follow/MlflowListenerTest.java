package io.hypertape.run.follow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.optim.TowerOptimizer;
import io.hypertape.run.Evaluation;
import io.hypertape.run.RunState;
import io.hypertape.run.TrainingListener;
import io.hypertape.run.follow.MlflowListener.Status;
import io.hypertape.run.follow.TrackingServer.Instead;
import io.hypertape.run.follow.TrackingServer.Run;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that a server of MLflow's kind is told of. */
@ResourceLock("what MlflowListener logs")
class MlflowListenerTest extends TrackedRuns {

  @TempDir private Path folder;

  @Test
  void aRunIsThereWithAllOfItsNumbers() throws IOException {
    long before = System.currentTimeMillis();
    MlflowListener mlflow =
        listener(
            MlflowOptions.of(server.uri())
                .withExperiment("digits & more/ä")
                .withRunName("first")
                .withParams(Map.of("batch", "50", "tower", "x".repeat(2000)))
                .withTags(Map.of("team", "vision")));
    assertEquals(Optional.empty(), mlflow.runId());
    Evaluation score = finished(mlflow);
    Run run = server.onlyRun();
    assertEquals(Optional.of(server.runs.keySet().iterator().next()), mlflow.runId());
    assertWhole(run, score);
    assertEquals(server.experiments.get("digits & more/ä"), run.experiment);
    assertEquals("first", run.made.path("run_name").asText());
    assertEquals("50", run.params.get("batch"));
    assertEquals("0.001", run.params.get("L1.adam.alpha"));
    assertEquals(500, run.params.get("tower").length());
    assertEquals("vision", run.tags.get("team"));
    assertEquals("hypertape", run.tags.get("mlflow.source.name"));
    assertFalse(run.tags.containsKey("hypertape.resumed_after_steps"));
    assertTrue(run.endTime >= before);
    assertTrue(run.metrics.stream().allMatch(t -> t.timestamp() >= before));
    assertEquals(List.of(), said);
    assertTrue(server.authorizations.stream().allMatch(String::isEmpty));
    // Nothing of it goes on.
    assertTrue(
        Thread.getAllStackTraces().keySet().stream()
            .noneMatch(t -> t.getName().equals("hypertape-mlflow")));
  }

  @Test
  void judgementsWithinEpochsAreThere() throws IOException {
    List<Evaluation> scores;
    try (MlflowListener mlflow = listener()) {
      scores = FollowedRuns.judged(mlflow);
      mlflow.end(Status.FINISHED);
    }
    Run run = server.onlyRun();
    for (String name : List.of("test/loss", "train/mean_loss")) {
      assertEquals(
          List.of(3L, 5L, 6L, 9L, 10L),
          run.of(name).stream().map(TrackingServer.Told::step).toList(),
          name);
    }
    assertEquals(
        scores.stream().map(Evaluation::loss).toList(),
        run.of("test/loss").stream().map(TrackingServer.Told::value).toList());
    assertEquals(2, run.of("train/epoch").size());
  }

  @Test
  void theUsualExperimentIsTakenAndAnotherRunGoesIntoAKnownOne() throws IOException {
    finished(listener());
    assertEquals("0", server.onlyRun().experiment);
    finished(listener(MlflowOptions.of(server.uri()).withExperiment("x")));
    finished(listener(MlflowOptions.of(server.uri()).withExperiment("x")));
    assertEquals(2, server.experiments.size());
  }

  @Test
  void hundredsOfParametersAndThousandsOfNumbersGoInPortions() throws IOException {
    Map<String, String> params = new TreeMap<>();
    for (int k = 0; k < 250; k++) {
      params.put("p" + k, "v" + k);
    }
    MlflowClient client = new MlflowClient(server.uri(), Optional.empty(), Duration.ofSeconds(9));
    MlflowRun run = MlflowRun.create(client, MlflowOptions.of(server.uri()));
    run.describe(client, params, Map.of(), Duration.ofSeconds(9));
    assertEquals(250, server.onlyRun().params.size());
    MlflowSender sender = new MlflowSender(client, run);
    for (int k = 1; k <= 2500; k++) {
      double value = k == 7 ? Double.NaN : k == 8 ? Double.NEGATIVE_INFINITY : k;
      sender.offer(List.of(new MlflowRun.Value("x", value, 1, k)));
    }
    sender.start();
    sender.end(Status.FINISHED, Duration.ofSeconds(60));
    assertEquals(List.of(1000, 1000, 500), server.onlyRun().batches);
    assertEquals(2500, server.onlyRun().metrics.size());
    assertTrue(Double.isNaN(server.onlyRun().metrics.get(6).value()));
    assertEquals("FINISHED", server.onlyRun().status);
  }

  @Test
  void whatFindsNoRoomIsLostAndTold() throws IOException {
    MlflowClient client = new MlflowClient(server.uri(), Optional.empty(), Duration.ofSeconds(9));
    MlflowRun run = MlflowRun.create(client, MlflowOptions.of(server.uri()));
    MlflowSender sender = new MlflowSender(client, run);
    List<MlflowRun.Value> many = new ArrayList<>();
    for (int k = 0; k < 60_000; k++) {
      many.add(new MlflowRun.Value("x", k, 1, k));
    }
    server.instead = what -> what.endsWith("log-batch") ? Instead.of(200, "{}") : Optional.empty();
    sender.offer(many);
    sender.offer(many);
    sender.start();
    sender.end(Status.KILLED, Duration.ofSeconds(60));
    assertEquals("KILLED", server.onlyRun().status);
    assertEquals(1, said.size(), said.toString());
    assertTrue(
        said.getFirst().contains("has not got 20000 of the 120000 numbers"), said.toString());
  }

  @Test
  void aRunThatGoesOnIsARunOfItsOwn() throws IOException {
    Path state = folder.resolve("state");
    TrainingListener keeper =
        new TrainingListener() {
          @Override
          public void checkpoint(Supplier<RunState> now) throws IOException {
            now.get().write(state);
          }
        };
    FollowedRuns.run(1, keeper);
    try (MlflowListener mlflow = listener()) {
      FollowedRuns.run(2, state, mlflow);
    }
    assertEquals("5", server.onlyRun().tags.get("hypertape.resumed_after_steps"));
    // Nobody has said that it went well.
    assertEquals("FAILED", server.onlyRun().status);
  }

  @Test
  void anInterruptedRunIsKilledAndItsNumbersAreThere() throws IOException {
    try (MlflowListener mlflow = listener()) {
      FollowedRuns.run(
          2,
          new TrainingListener() {
            @Override
            public void begin(TowerOptimizer optimizer) throws IOException {
              mlflow.begin(optimizer);
            }

            @Override
            public void step(long step, double loss, TowerOptimizer optimizer) {
              mlflow.step(step, loss, optimizer);
              if (step == 3) {
                Thread.currentThread().interrupt();
              }
            }
          });
    }
    assertTrue(Thread.interrupted(), "kept");
    assertEquals("KILLED", server.onlyRun().status);
    assertEquals(3, server.onlyRun().of("train/loss").size());
  }

  @Test
  void credentialsAreToldToTheServerAlone() throws IOException {
    MlflowOptions options = MlflowOptions.of(server.uri());
    String token = "MLFLOW_TRACKING_TOKEN";
    finished(new MlflowListener(options, Map.of(token, "abc")));
    assertTrue(server.authorizations.stream().allMatch("Bearer abc"::equals));
    server.authorizations.clear();
    finished(
        new MlflowListener(
            options,
            Map.of("MLFLOW_TRACKING_USERNAME", "me", "MLFLOW_TRACKING_PASSWORD", "pässword")));
    assertTrue(server.authorizations.stream().allMatch("Basic bWU6cMOkc3N3b3Jk"::equals));
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> new MlflowListener(options, Map.of(token, "se\ncret")))
            .getMessage();
    assertTrue(message.contains(token) && !message.contains("cret\""), message);
    server.instead = what -> Instead.of(401, "no");
    assertFalse(refused(new MlflowListener(options, Map.of(token, "abc"))).contains("abc"));
    assertEquals(List.of(), said);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost:5000",
        "file:///mlruns",
        "http:///x",
        "http://h?x=1",
        "http://me:secret@host",
        "ftp://h"
      })
  void noServersAddress(String text) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> MlflowOptions.of(URI.create(text)))
            .getMessage();
    assertFalse(message.contains("secret"), message);
  }

  @Test
  void aServersPathIsPartOfItsAddress() throws IOException {
    String message = refused(listener(MlflowOptions.of(URI.create(server.uri() + "/tracking/"))));
    assertTrue(message.contains("HTTP 404") || message.contains("HTTP 405"), message);
    assertEquals("/tracking/api/2.0/mlflow/experiments/get-by-name", server.asked.getFirst());
  }
}

package io.hypertape.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code train} with others who are told of the run. */
class TrackingCommandTest {

  @TempDir private Path folder;

  private CommandResult train(String... more) {
    List<String> args =
        new ArrayList<>(List.of("train", "--backend", "cpu", "--threads", "1", "--limit", "100"));
    args.addAll(List.of("--batch", "20", "--hidden", "8", "--optimizer", "adam(1e-3)"));
    args.addAll(Arrays.asList(more));
    return CommandResult.of(args.toArray(String[]::new));
  }

  private String run() {
    return folder.resolve("run").toString();
  }

  private List<Path> events() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("run"))) {
      return files.filter(file -> file.toString().contains(".tfevents.")).sorted().toList();
    }
  }

  @Test
  void tensorBoardsFilesLieInTheFolderAndTheRunGoesOnWithThem() throws IOException {
    train("--epochs", "1", "--out", run(), "--tensorboard").assertDone();
    assertEquals(1, events().size());
    assertTrue(Files.size(events().getFirst()) > 500);
    CommandResult.of("train", "--resume", run(), "--epochs", "2").assertDone();
    assertEquals(2, events().size());
    CommandResult.of("train", "--resume", run(), "--epochs", "3", "--tensorboard").assertDone();
    assertEquals(3, events().size());
  }

  /** As much of a server as says yes to everything. */
  private static HttpServer server(List<String> asked) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/api/2.0/mlflow/",
        exchange -> {
          try (exchange) {
            String body =
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            asked.add(exchange.getRequestURI().toString().substring(16) + " " + body);
            byte[] yes =
                """
                {"experiment": {"experiment_id": "7"}, "run": {"info": {"run_id": "abc"}}}"""
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, yes.length);
            exchange.getResponseBody().write(yes);
          }
        });
    server.start();
    return server;
  }

  @Test
  void mlflowIsToldAndAskedForAnew() throws IOException {
    List<String> asked = new CopyOnWriteArrayList<>();
    HttpServer server = server(asked);
    try {
      String uri = "http://127.0.0.1:" + server.getAddress().getPort();
      train("--epochs", "1", "--out", run(), "--mlflow", uri, "--mlflow-experiment", "x y")
          .assertDone();
      assertEquals("experiments/get-by-name?experiment_name=x+y ", asked.getFirst());
      String all = String.join("\n", asked);
      assertTrue(all.contains("\"run_name\":\"run\""), all);
      assertTrue(all.contains("{\"key\":\"batch\",\"value\":\"20\"}"), all);
      assertTrue(all.contains("\"key\":\"train/loss\""), all);
      assertTrue(all.contains("\"key\":\"test/error\""), all);
      assertTrue(asked.getLast().contains("\"status\":\"FINISHED\""), all);
      // What a folder says sends nobody's credentials anywhere.
      assertFalse(Files.readString(folder.resolve("run/config.json")).contains(uri));
      int before = asked.size();
      CommandResult.of("train", "--resume", run(), "--epochs", "2").assertDone();
      assertEquals(before, asked.size());
      CommandResult.of("train", "--resume", run(), "--epochs", "3", "--mlflow", uri).assertDone();
      assertTrue(String.join("\n", asked).contains("hypertape.resumed_after_steps"));
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aServerThatIsNotThereEndsTheRunBeforeItBegins() {
    train("--epochs", "1", "--out", run(), "--mlflow", "http://127.0.0.1:1")
        .assertFails(1, "http://127.0.0.1:1", "no answer");
    assertFalse(Files.exists(folder.resolve("run/config.json")));
    train("--mlflow", "http://me:secret@h").assertFails(2, "--mlflow: ", "environment variables");
    train("--mlflow", "nowhere").assertFails(2, "--mlflow: ", "http://localhost:5000");
    train("--mlflow-experiment", "x").assertFails(2, "--mlflow-experiment goes with --mlflow");
    train("--demo", "--tensorboard").assertFails(2, "--demo makes one picture");
  }
}

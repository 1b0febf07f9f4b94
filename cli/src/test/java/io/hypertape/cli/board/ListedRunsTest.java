package io.hypertape.cli.board;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hypertape.run.folder.RunLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The list of runs, as they come, grow and go. */
class ListedRunsTest {

  @TempDir private Path folder;

  private static List<String> names(JsonNode list) {
    return list.path("runs").findValuesAsText("name");
  }

  @Test
  void aRunIsToldInShort() throws IOException {
    BoardRun run = BoardRun.begin(folder.resolve("a"), "sgd(0.01)/sgd(0.1)").rows(1, 250);
    Files.writeString(
        folder.resolve("a/epochs.csv"),
        "epoch,step,train_loss,test_error\n1,100,1.5,0.5\n2,200,1.1,0.25\n3,3");
    try (BoardClient client = new BoardClient(folder)) {
      JsonNode told = client.runs().path("runs").path(0);
      assertEquals("a", told.path("name").asText());
      assertEquals("sgd(0.01)/sgd(0.1)", told.path("optimizer").asText());
      assertEquals("mlp", told.path("model").asText());
      assertEquals("strokes", told.path("data").asText());
      assertEquals(1000, told.path("planned").asInt());
      assertEquals(250, told.path("steps").asInt());
      assertEquals(2.0 / 3.5, told.path("loss").asDouble());
      assertEquals(0.25, told.path("epoch").path("test_error").asDouble());
      assertEquals(0, told.path("problems").size(), told.toString());
      assertFalse(told.path("running").asBoolean());
      // More than is read at its end.
      run.rows(251, 9000);
      assertEquals(9000, client.runs().path("runs").path(0).path("steps").asInt());
    }
  }

  @Test
  void onlyWhatHasChangedIsSentAndAllOnceSomethingHasGone() throws IOException {
    BoardRun a = BoardRun.begin(folder.resolve("a"), "sgd(1)").rows(1, 2);
    BoardRun b = BoardRun.begin(folder.resolve("of/today/b"), "sgd(2)").rows(1, 2);
    try (BoardClient client = new BoardClient(folder)) {
      JsonNode first = client.runs();
      String board = first.path("board").asText();
      assertTrue(first.path("whole").asBoolean());
      assertEquals(List.of("a", "of/today/b"), names(first));
      JsonNode same = client.runs(board, first.path("revision").asLong());
      assertFalse(same.path("whole").asBoolean());
      assertEquals(List.of(), names(same));
      b.rows(3, 3);
      BoardRun.begin(folder.resolve("c"), "sgd(3)");
      JsonNode grown = client.runs(board, same.path("revision").asLong());
      assertEquals(List.of("c", "of/today/b"), names(grown));
      for (Path file : List.of(a.metrics(), folder.resolve("a/config.json"), a.folder())) {
        Files.delete(file);
      }
      JsonNode gone = client.runs(board, grown.path("revision").asLong());
      assertTrue(gone.path("whole").asBoolean());
      assertEquals(List.of("c", "of/today/b"), names(gone));
      assertEquals(404, client.get("/api/rows?run=a").status());
      // A page that knows another server's list.
      assertTrue(client.runs("other", 1).path("whole").asBoolean());
    }
  }

  @Test
  void theFolderMayComeLaterAndGo() throws IOException {
    Path later = folder.resolve("runs");
    try (BoardClient client = new BoardClient(later)) {
      assertEquals(later + " is not there", client.runs().path("problem").asText());
      BoardRun run = BoardRun.begin(later, "sgd(1)").rows(1, 4);
      JsonNode one = client.runs();
      assertEquals(List.of(""), names(one), "the folder of one run");
      assertFalse(one.has("problem"));
      assertEquals(4, client.metrics("", "").path("rows").asInt());
      Files.delete(run.metrics());
      Files.delete(later.resolve("config.json"));
      assertEquals(List.of(), names(client.runs()));
      BoardRun.begin(later.resolve("x"), "sgd(1)");
      assertEquals(List.of("x"), names(client.runs()));
    }
  }

  @Test
  void aRunAtWorkIsToldAndAKilledOneIsNone() throws IOException {
    BoardRun run = BoardRun.begin(folder.resolve("a"), "sgd(1)");
    try (BoardClient client = new BoardClient(folder)) {
      try (RunLock unused = RunLock.take(run.folder())) {
        assertTrue(client.runs().path("runs").path(0).path("running").asBoolean());
      }
      assertFalse(client.runs().path("runs").path(0).path("running").asBoolean());
      String host = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
      Files.writeString(
          run.folder().resolve(RunLock.FILE),
          "process 999999999\nstarted unknown\nhost " + host + "\n");
      assertFalse(client.runs().path("runs").path(0).path("running").asBoolean());
    }
  }

  @Test
  void damageIsToldAtItsRunAlone() throws IOException {
    BoardRun.begin(folder.resolve("a"), "sgd(1)").rows(1, 5);
    Files.writeString(
        BoardRun.begin(folder.resolve("b"), "sgd(1)").rows(1, 5).folder().resolve("config.json"),
        "{\"command\": ");
    BoardRun.begin(folder.resolve("c"), "sgd(1)").rows(1, 5).append("6,\0\0\0\n");
    Files.delete(BoardRun.begin(folder.resolve("d"), "x").folder().resolve("config.json"));
    try (BoardClient client = new BoardClient(folder)) {
      JsonNode runs = client.runs().path("runs");
      assertEquals("[]", runs.path(0).path("problems").toString());
      assertTrue(runs.path(1).path("problems").path(0).asText().startsWith("config.json: not "));
      assertEquals(5, runs.path(1).path("steps").asInt());
      assertEquals(
          "metrics.csv is damaged: its last line is no row of 4 numbers",
          runs.path(2).path("problems").path(0).asText());
      assertEquals("config.json is not there", runs.path(3).path("problems").path(0).asText());
      assertEquals(5, client.metrics("b", "").path("rows").asInt());
    }
  }

  /** Thousands of runs cost a look at each, and no reading of what is as it was. */
  @Test
  void manyRunsAreCheap() throws IOException {
    int many = 1000;
    for (int i = 0; i < many; i++) {
      Path run = Files.createDirectories(folder.resolve("group" + i % 10 + "/run" + i));
      Files.writeString(run.resolve("metrics.csv"), "step,loss\n1,2\n");
    }
    ListedRuns runs = new ListedRuns(folder);
    ObjectNode first = JsonNodeFactory.instance.objectNode();
    runs.write(first, "", 0);
    assertEquals(many, first.path("runs").size());
    Files.writeString(folder.resolve("group3/run3/metrics.csv"), "step,loss\n1,2\n2,1\n");
    ObjectNode next = JsonNodeFactory.instance.objectNode();
    runs.lookAgain();
    runs.write(next, first.path("board").asText(), first.path("revision").asLong());
    assertEquals(List.of("group3/run3"), names(next), "what has another revision was read");
  }
}

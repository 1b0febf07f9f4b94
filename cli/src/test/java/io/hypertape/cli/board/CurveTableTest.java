package io.hypertape.cli.board;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.hypertape.run.folder.MetricsCsv;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table that grows, over HTTP: what is new, and only that. */
class CurveTableTest {

  @TempDir private Path folder;
  private BoardRun run;
  private BoardClient client;

  @BeforeEach
  void serve() throws IOException {
    run = BoardRun.begin(folder.resolve("a"), "sgd(0.01)/sgd(0.1)");
    client = new BoardClient(folder);
    client.runs();
  }

  @AfterEach
  void end() {
    client.close();
  }

  private JsonNode rows(String known) throws IOException {
    return client.metrics("a", known);
  }

  private static String state(JsonNode table) {
    return table.path("state").asText();
  }

  private static String generation(JsonNode table) {
    return state(table).substring(0, state(table).indexOf('.'));
  }

  @Test
  void rowsComeAsTheyAreAppended() throws IOException {
    run.rows(1, 3);
    JsonNode first = rows("");
    assertEquals("[1.0,2.0,3.0]", first.path("x").toString());
    assertEquals(
        List.of("loss", "L1.sgd.alpha", "L2.sgd.alpha"),
        first.path("columns").findValuesAsText("name"));
    assertEquals(2 / 1.01, first.at("/columns/0/y/0").asDouble());
    run.rows(4, 5);
    JsonNode second = rows(state(first));
    assertEquals(2, second.path("from").asInt());
    assertEquals("[3.0,4.0,5.0]", second.path("x").toString());
    assertEquals(5, second.path("rows").asInt());
    assertEquals("[5.0]", rows(state(second)).path("x").toString());
    // Who has nothing, or has slept through another server's time, gets all.
    for (String known : List.of("", "9.1.2", "nonsense", state(first).replace('.', '_'))) {
      assertEquals(5, rows(known).path("x").size(), known);
    }
  }

  @Test
  void aLineWithoutItsEndIsNoRow() throws IOException {
    run.rows(1, 2).append("3,0.5,0.01");
    JsonNode first = rows("");
    assertEquals(2, first.path("rows").asInt());
    assertFalse(first.has("problem"));
    run.append("5,0.25\n");
    JsonNode second = rows(state(first));
    assertEquals(3, second.path("rows").asInt());
    assertEquals(0.015, second.at("/columns/1/y/1").asDouble());
  }

  @Test
  void aTableBeforeItsHeaderIsEmpty() throws IOException {
    Files.writeString(run.metrics(), "step,lo");
    JsonNode table = rows("");
    assertEquals(0, table.path("columns").size());
    assertFalse(table.has("problem"), table.toString());
  }

  @Test
  void aResumedRunIsReadAnew() throws IOException {
    run.rows(1, 50);
    JsonNode before = rows("");
    // As --resume does.
    MetricsCsv.goBack(run.metrics(), 20);
    JsonNode back = rows(state(before));
    assertEquals(0, back.path("from").asInt());
    assertEquals(20, back.path("rows").asInt());
    assertNotEquals(generation(before), generation(back));
    run.rows(21, 80);
    JsonNode on = rows(state(back));
    assertEquals(generation(back), generation(on));
    assertEquals(80, on.path("rows").asInt());
    assertEquals(19, on.path("from").asInt());
  }

  /** Shorter and grown again between two looks, in the same file. */
  @Test
  void aFileThatWasWrittenAnewIsNoticed() throws IOException {
    run.rows(1, 50);
    JsonNode before = rows("");
    StringBuilder other = new StringBuilder(BoardRun.COLUMNS + "\n");
    for (int step = 1; step <= 90; step++) {
      other.append(BoardRun.row(step, 7));
    }
    Files.writeString(run.metrics(), other);
    JsonNode after = rows(state(before));
    assertNotEquals(generation(before), generation(after));
    assertEquals(90, after.path("rows").asInt());
    assertEquals(7, after.at("/columns/0/y/0").asInt());
    Files.delete(run.metrics());
    assertFalse(rows(state(after)).has("state"));
    run = BoardRun.begin(run.folder(), "sgd(1)").rows(1, 4);
    assertEquals(4, rows(state(after)).path("x").size());
  }

  @Test
  void whatComesBeforeDamageIsShown() throws IOException {
    run.rows(1, 9).append("10,1,x,3\n").rows(11, 20);
    JsonNode table = rows("");
    assertEquals(9, table.path("rows").asInt());
    assertEquals(
        "metrics.csv is damaged: line 11 is no row of 4 numbers that goes on; the rows before it"
            + " are shown",
        table.path("problem").asText());
    for (String line : List.of("9,1,2,3", "NaN,1,2,3", "10,1,2", "10,1,2,3,4", "", "\0\0\0")) {
      BoardRun.begin(run.folder(), "sgd(1)").rows(1, 9).append(line + "\n");
      assertTrue(rows("").has("problem"), line);
      assertEquals(9, rows("").path("rows").asInt(), line);
    }
    // Mended, as by a resume.
    MetricsCsv.goBack(run.metrics(), 100);
    run.rows(10, 12);
    assertFalse(rows("").has("problem"));
    assertEquals(12, rows("").path("rows").asInt());
    Files.writeString(run.metrics(), "\0\0\0\n");
    assertEquals(
        "metrics.csv is damaged: its first line names no column step",
        rows("").path("problem").asText());
  }

  @Test
  void numbersThatAreNoneAreCounted() throws IOException {
    run.append("1,2.5,0.1,0.1\n2,NaN,0.1,0.1\n3,Infinity,0.1,0.1\n");
    JsonNode loss = rows("").at("/columns/0");
    assertEquals("[2.5,\"NaN\",\"NaN\"]", loss.path("y").toString());
    assertEquals(2, loss.path("odd").asInt());
    assertEquals("Infinity", loss.path("last").asText());
  }

  @Test
  void epochsAreATableOfTheirOwn() throws IOException {
    run.rows(1, 20);
    Map<String, ?> query = Map.of("run", "a");
    assertEquals("{}", client.json("/api/rows", query).path("epochs").toString());
    Files.writeString(
        run.folder().resolve("epochs.csv"),
        "epoch,step,train_loss,test_loss,test_error\n1,10,1.5,1.6,0.5\n2,20,1.2,1.3,0.25\n");
    JsonNode epochs = client.json("/api/rows", query).path("epochs");
    assertEquals("[10.0,20.0]", epochs.path("x").toString());
    assertEquals(
        List.of("train_loss", "test_loss", "test_error"),
        epochs.path("columns").findValuesAsText("name"));
  }

  @Test
  void aLongTableComesThinnedWithItsPeaksAndInPieces() throws IOException {
    StringBuilder rows = new StringBuilder();
    int n = 300_000;
    for (int step = 1; step <= n; step++) {
      double loss = step == 123_456 ? 99 : step == 234_567 ? -99 : Math.sin(step * 0.001);
      rows.append(BoardRun.row(step, loss));
    }
    run.append(rows.toString());
    JsonNode table = rows("");
    int pieces = 1;
    while (table.path("more").asBoolean()) {
      table = rows(state(table));
      pieces++;
    }
    assertEquals(Files.size(run.metrics()) / CurveTable.PIECE + 1, pieces);
    table = rows("");
    assertEquals(n, table.path("rows").asInt());
    assertTrue(table.path("x").size() <= ThinnedCurves.BUCKETS);
    JsonNode y = table.at("/columns/0/y");
    double most = 0;
    double least = 0;
    for (JsonNode value : y) {
      if (value.asDouble() == 99) {
        most = y.size();
      }
      least = value.asDouble() == -99 ? -99 : least;
    }
    assertTrue(most > 0 && least < 0, "both peaks");
    JsonNode same = rows(state(table));
    assertEquals(1, same.path("x").size(), "an open bucket and no more");
    run.rows(n + 1, n + 5000);
    JsonNode next = rows(state(table));
    assertEquals(table.path("x").size() - 1, next.path("from").asInt());
    assertTrue(next.path("x").size() < 20, "only what is new");
  }
}

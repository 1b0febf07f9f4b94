package io.hypertape.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.data.table.DataTable;
import io.hypertape.data.table.Missing;
import io.hypertape.data.table.Schema;
import io.hypertape.data.table.TableEncoder;
import io.hypertape.io.SafetensorsException;
import io.hypertape.models.FeedForward;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.predict.Predictor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TablePredictionsTest {

  private static final DataTable HOUSES = TableTrainingTest.HOUSES;

  @TempDir private Path folder;
  private final Session session = Session.open(Device.REFERENCE);

  @AfterEach
  void close() {
    session.close();
  }

  private static String csv(TablePredictions predictions) throws IOException {
    StringBuilder csv = new StringBuilder();
    predictions.write(csv);
    return csv.toString();
  }

  @Test
  void theEncoderGoesWithTheModel() throws IOException {
    TableEncoder encoder = TableEncoder.fit(TableTrainingTest.schema().classes("kind"), HOUSES);
    Mlp model = Mlp.create(session, MlpSpec.relu(encoder.inputs(), 8, 2), 1);
    Path file = folder.resolve("model.safetensors");
    Checkpoint.write(file, model, Checkpoint.notes(encoder));
    Map<String, ?> cells = Map.of("town", List.of("town 0", "x"), "size", new int[] {90, 20});
    DataTable rows = DataTable.of("new", cells);
    String before = csv(TablePredictions.of(session, model, encoder, rows));
    Checkpoint stored = Checkpoint.read(session, file);
    assertEquals(encoder, stored.encoder().orElseThrow());
    TablePredictions after =
        TablePredictions.of(session, (Mlp) stored.model(), stored.encoder().orElseThrow(), rows);
    assertEquals(before, csv(after));
    assertTrue(before.matches("kind,kind=cheap,kind=dear\n(\\w+,0\\.\\d+,0\\.\\d+\n){2}"), before);
    assertEquals(2, after.rows());
    assertEquals(1, Arrays.stream(after.values(0)).sum(), 1e-6);
    double[] p = after.values(1);
    assertEquals(p[0] > p[1] ? "cheap" : "dear", after.likeliest(1));
  }

  /** Numbers, in their own units, from a file that a service opens. */
  @Test
  void predictorsForetellTables() throws IOException {
    TableEncoder encoder = TableEncoder.fit(TableTrainingTest.schema().numbers("price"), HOUSES);
    FeedForward model = FeedForward.create(session, MlpSpec.relu(encoder.inputs(), 8, 1), 1);
    Path file = folder.resolve("model.safetensors");
    Checkpoint.write(file, model, Checkpoint.notes(encoder));
    Map<String, ?> cells = Map.of("town", List.of("town 0", "x"), "size", new int[] {90, 20});
    DataTable rows = DataTable.of("new", cells);
    try (Predictor predictor = Predictor.open(file)) {
      TablePredictions found = TablePredictions.of(predictor::predict, encoder, rows);
      TablePredictions expected = TablePredictions.of(session, model, encoder, rows);
      for (int row = 0; row < 2; row++) {
        assertEquals(expected.values(row)[0], found.values(row)[0], 1e-3);
      }
    }
    TablePredictions.RowFunction none = (x, n) -> new float[n + 1];
    var e =
        assertThrows(
            IllegalArgumentException.class, () -> TablePredictions.of(none, encoder, rows));
    assertEquals(
        "the model gives 3 numbers for 2 rows; as many for each row are needed", e.getMessage());
  }

  @Test
  void anEncoderForAnotherModelIsRefused() throws IOException {
    TableEncoder encoder = TableEncoder.fit(TableTrainingTest.schema().classes("kind"), HOUSES);
    Path file = folder.resolve("model.safetensors");
    Mlp other = Mlp.create(session, MlpSpec.relu(3, 2), 1);
    for (String text : List.of("{", encoder.text())) {
      Checkpoint.write(file, other, Map.of("table", text));
      Checkpoint wrong = Checkpoint.read(session, file);
      Exception e = assertThrows(SafetensorsException.class, wrong::encoder);
      assertTrue(e.getMessage().startsWith("metadata table: "), e.getMessage());
    }
    Checkpoint.write(file, other, Map.of());
    assertTrue(Checkpoint.read(session, file).encoder().isEmpty());
  }

  @Test
  void rowsThatAreLeftOutHaveEmptyCells() throws IOException {
    Schema schema =
        Schema.of(HOUSES).features("size").numbers("price", "w").id("id").missing(Missing.SKIP);
    TableEncoder encoder = TableEncoder.fit(schema, HOUSES);
    FeedForward model = FeedForward.create(session, MlpSpec.relu(1, 4, 2), 1);
    Map<String, ?> cells =
        Map.of("id", List.of("a,b", "c\"d", "e"), "size", Arrays.asList(50.0, null, 60.0));
    DataTable rows = DataTable.of("new", cells);
    TablePredictions found = TablePredictions.of(session, model, encoder, rows);
    List<String> lines = csv(found).lines().toList();
    assertEquals("id,price,w", lines.get(0));
    assertTrue(lines.get(1).matches("\"a,b\",[0-9.E-]+,[0-9.E-]+"), lines.get(1));
    assertEquals("\"c\"\"d\",,", lines.get(2));
    assertEquals(0, found.values(1).length);
    assertThrows(IllegalStateException.class, () -> found.likeliest(0));
    FeedForward three = FeedForward.create(session, MlpSpec.relu(1, 4, 3), 1);
    assertThrows(
        IllegalArgumentException.class, () -> TablePredictions.of(session, three, encoder, rows));
  }

  @Test
  void labelsHaveProbabilities() {
    TableEncoder encoder =
        TableEncoder.fit(TableTrainingTest.schema().labels("large", "second"), HOUSES);
    FeedForward model = FeedForward.create(session, MlpSpec.relu(encoder.inputs(), 2), 1);
    TablePredictions found = TablePredictions.of(session, model, encoder, HOUSES);
    assertEquals(List.of("id", "large", "second"), found.columns());
    assertEquals(1500, found.rows());
    assertTrue(Arrays.stream(found.values(1499)).allMatch(p -> p > 0 && p < 1));
  }
}

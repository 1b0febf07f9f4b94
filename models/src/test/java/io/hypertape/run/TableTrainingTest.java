package io.hypertape.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.data.Preparation;
import io.hypertape.data.Shares;
import io.hypertape.data.table.DataTable;
import io.hypertape.data.table.Missing;
import io.hypertape.data.table.Schema;
import io.hypertape.data.table.TableData;
import io.hypertape.metrics.Measure;
import io.hypertape.models.FeedForward;
import io.hypertape.models.Huber;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.models.Network;
import io.hypertape.models.QuantileLoss;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tables are trained on as images are: with towers, states to go on from, and metrics. */
class TableTrainingTest {

  private static final Tower TOWER = Tower.parse("adam(3e-3)/sgd(1e-5)");
  static final DataTable HOUSES = houses(1500);

  private final Session session = Session.open(SessionOptions.of(Device.CPU).withThreads(1));

  @AfterEach
  void close() {
    session.close();
  }

  /** A price of a size, a town and a little noise; some sizes are missing. */
  private static DataTable houses(int rows) {
    Random random = new Random(3);
    List<List<?>> cells = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      double size = 50 + 20 * random.nextGaussian();
      String town = "town " + random.nextInt(3);
      double price = 1000 * size * (town.endsWith("0") ? 2 : 1) + 5000 * random.nextGaussian();
      cells.add(
          Arrays.asList(
              "h" + i,
              i % 17 == 0 ? null : size,
              town,
              price,
              price > 70_000 ? "dear" : "cheap",
              size > 50 ? 1 : 0,
              town.endsWith("2") ? "yes" : "no",
              1 + i % 3));
    }
    return DataTable.ofRows(
        "houses",
        List.of("id", "size", "town", "price", "kind", "large", "second", "w"),
        cells.iterator());
  }

  static Schema schema() {
    return Schema.of(HOUSES).features("size", "town").id("id").missing(Missing.FILL);
  }

  private static TableData prices() {
    return TableData.of(HOUSES, schema().numbers("price"), Shares.usual());
  }

  private Network model(TableData data, int outputs) {
    int inputs = data.encoder().inputs();
    return FeedForward.create(session, MlpSpec.relu(inputs, 32, outputs), 1);
  }

  private Trainer trainer(TableData data, Network model) {
    return new Trainer(session, model, data).epochs(12).batch(64).seed(1);
  }

  @Test
  void numbersAreJudgedInTheirOwnUnits() throws IOException {
    TableData data = prices();
    Evaluation found = trainer(data, model(data, 1)).run(TOWER);
    assertEquals(data.test().size(), found.examples());
    assertEquals(
        List.of(Measure.LOSS, Measure.RMSE, Measure.MAE, Measure.R2),
        List.copyOf(found.measures().keySet()));
    assertTrue(found.measure(Measure.R2) > 0.8, found.toString());
    double rmse = found.measure(Measure.RMSE);
    assertTrue(rmse > 4000 && rmse < 20_000, found.toString());
    assertTrue(Double.isNaN(found.error()));
    assertTrue(found.valid().orElseThrow().measure(Measure.R2) > 0.8);
    assertTrue(found.text().matches("valid rmse .*  valid r2 .*  test rmse .*  test r2 0\\..*"));
  }

  @Test
  void classesAndLabels() throws IOException {
    TableData classes = TableData.of(HOUSES, schema().classes("kind"), Shares.usual());
    Mlp mlp = Mlp.create(session, MlpSpec.relu(classes.encoder().inputs(), 16, 2), 1);
    Evaluation found = trainer(classes, mlp).run(TOWER);
    assertTrue(found.error() < 0.15 && found.measure(Measure.AUC) > 0.9, found.toString());
    ClassErrors errors = ClassErrors.of(session, mlp, classes.test());
    assertEquals(
        List.of("cheap", "dear"),
        errors.classes().stream().map(ClassErrors.OfClass::name).toList());
    assertEquals(found.error(), errors.all().error());

    Schema labels = schema().labels("large", "second").weight("w");
    TableData several = TableData.of(HOUSES, labels, new Shares(0, 0.2));
    assertTrue(several.train().isWeighted());
    found = trainer(several, model(several, 2)).parts(3).run(TOWER);
    assertTrue(found.measure(Measure.EXACT_MATCH) > 0.8, found.toString());
    assertTrue(found.valid().isEmpty());
    assertTrue(found.text().startsWith("test f1 "), found.text());
  }

  /** The gradient of a batch is that of its parts, each by its weight. */
  @Test
  void partsOfWeightedBatchesAreTheWhole() throws IOException {
    TableData data = TableData.of(HOUSES, schema().numbers("price").weight("w"), Shares.usual());
    List<float[]> weights = new ArrayList<>();
    for (int parts : new int[] {1, 5}) {
      Network model = model(data, 1);
      trainer(data, model).epochs(1).parts(parts).run(Tower.parse("sgd(0.05)"));
      weights.add(floats(model, 0));
    }
    assertArrayEquals(weights.get(0), weights.get(1), 1e-5f);
  }

  @Test
  void lossesMayBeChosen() throws IOException {
    TableData data = prices();
    Evaluation robust = trainer(data, model(data, 1)).loss(new Huber(0.5)).run(TOWER);
    assertTrue(robust.measure(Measure.R2) > 0.8, robust.toString());
    Network quantiles = model(data, 3);
    QuantileLoss loss = new QuantileLoss(List.of(0.1, 0.5, 0.9));
    Evaluation median = trainer(data, quantiles).loss(loss).run(TOWER);
    assertTrue(median.measure(Measure.R2) > 0.75, median.toString());
    TablePredictions found = TablePredictions.of(session, quantiles, data.encoder(), HOUSES);
    assertEquals(List.of("id", "price 1", "price 2", "price 3"), found.columns());
    int within = 0;
    for (int i = 0; i < found.rows(); i++) {
      double price = HOUSES.column("price").number(i);
      double[] q = found.values(i);
      within += q[0] <= price && price <= q[2] ? 1 : 0;
    }
    assertEquals(0.8, (double) within / found.rows(), 0.1);
  }

  @Test
  void aResumedRunHasTheBitsOfOneThatWasNeverStopped() throws IOException {
    TableData data = TableData.of(HOUSES, schema().numbers("price").weight("w"), Shares.usual());
    List<RunState> states = new ArrayList<>();
    TrainingListener keeper =
        new TrainingListener() {
          @Override
          public void checkpoint(Supplier<RunState> state) {
            states.add(state.get());
          }
        };
    Network whole = model(data, 1);
    Evaluation once = trainer(data, whole).epochs(5).listener(keeper).run(TOWER);
    Network resumed = model(data, 1);
    Evaluation twice = trainer(data, resumed).epochs(5).resume(TOWER, states.get(2));
    assertEquals(once, twice);
    for (int k = 0; k < whole.parameters().size(); k++) {
      assertArrayEquals(floats(whole, k), floats(resumed, k));
    }
  }

  private static float[] floats(Network model, int k) {
    return model.parameters().get(k).value().toFloats();
  }

  @Test
  void runsEndWhenAMeasureStopsImproving() throws IOException {
    TableData data = prices();
    for (Metric metric : List.of(Metric.VALID_R2, Metric.VALID_RMSE, Metric.TEST_LOSS)) {
      List<Double> values = new ArrayList<>();
      TrainingListener watcher =
          new TrainingListener() {
            @Override
            public void epoch(int epoch, double loss, Score score, TowerOptimizer optimizer) {
              values.add(metric.of(loss, score));
            }
          };
      trainer(data, model(data, 1))
          .epochs(100)
          .listener(watcher)
          .coolDown(CoolDown.onceStalled(metric))
          .run(TOWER);
      assertTrue(values.size() < 100, metric + " " + values.size());
      assertTrue(values.getLast() < values.getFirst(), metric.text());
    }
    Trainer wrong =
        trainer(data, model(data, 1)).coolDown(CoolDown.onceStalled(Metric.VALID_ERROR));
    Exception e = assertThrows(IllegalArgumentException.class, () -> wrong.run(TOWER));
    assertEquals(
        "a model of numbers has no valid error; it has train loss, valid loss, valid rmse, valid mae,"
            + " valid r2, test loss, test rmse, test mae, test r2",
        e.getMessage());
  }

  private String refused(TableData data, Network model) {
    return assertThrows(IllegalArgumentException.class, () -> trainer(data, model)).getMessage();
  }

  @Test
  void aModelThatDoesNotFitIsRefused() {
    TableData data = prices();
    assertEquals(
        "feed-forward for inputs of [2] and 1 outputs; houses train has [5] and a number",
        refused(data, FeedForward.create(session, MlpSpec.relu(2, 1), 1)));
    assertEquals(
        "mlp tells classes apart; houses train has a number, for which FeedForward or layers of"
            + " your own fit",
        refused(data, Mlp.create(session, MlpSpec.relu(5, 1), 1)));
    Trainer trainer = trainer(data, model(data, 1));
    Exception e =
        assertThrows(IllegalArgumentException.class, () -> trainer.prepared(Preparation.none(1)));
    assertTrue(e.getMessage().startsWith("houses: no images"), e.getMessage());
  }
}

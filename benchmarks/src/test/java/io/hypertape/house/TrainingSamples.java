package io.hypertape.house;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.data.DataParts;
import io.hypertape.data.Dataset;
import io.hypertape.data.Example;
import io.hypertape.data.Examples;
import io.hypertape.data.ShardPlan;
import io.hypertape.data.Shares;
import io.hypertape.data.Standardization;
import io.hypertape.data.Targets;
import io.hypertape.data.TrainingData;
import io.hypertape.data.table.CsvForm;
import io.hypertape.data.table.DataTable;
import io.hypertape.data.table.EncodedTable;
import io.hypertape.data.table.Schema;
import io.hypertape.data.table.TableColumn;
import io.hypertape.data.table.TableData;
import io.hypertape.data.table.TableEncoder;
import io.hypertape.metrics.Calibration;
import io.hypertape.metrics.ConfusionMatrix;
import io.hypertape.metrics.LabelCounts;
import io.hypertape.metrics.RegressionErrors;
import io.hypertape.metrics.RocAuc;
import io.hypertape.metrics.TopK;
import io.hypertape.models.BinaryCrossEntropy;
import io.hypertape.models.CrossEntropy;
import io.hypertape.models.FeedForward;
import io.hypertape.models.Huber;
import io.hypertape.models.Loss;
import io.hypertape.models.MlpSpec;
import io.hypertape.models.Network;
import io.hypertape.models.QuantileLoss;
import io.hypertape.models.SquaredError;
import io.hypertape.run.TablePredictions;
import io.hypertape.run.TrainingControl;
import io.hypertape.shards.Shards;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** {@link Samples} of data that are no images, losses and metrics. */
final class TrainingSamples {

  private TrainingSamples() {}

  static void put(Samples samples) {
    samples.put(TrainingControl.class, new TrainingControl());
    data(samples);
    samples.put(OptionalInt.class, OptionalInt.empty());
    samples.put(Loss.class, new SquaredError());
    samples.put(CrossEntropy.class, CrossEntropy.ofLogits());
    samples.put(BinaryCrossEntropy.class, new BinaryCrossEntropy());
    samples.put(SquaredError.class, new SquaredError());
    samples.put(Huber.class, new Huber(1));
    samples.put(QuantileLoss.class, new QuantileLoss(0.5));
    samples.put(ConfusionMatrix.class, new ConfusionMatrix(1));
    samples.put(TopK.class, new TopK(1));
    samples.put(RocAuc.class, new RocAuc());
    samples.put(RegressionErrors.class, new RegressionErrors(1));
    samples.put(Calibration.class, new Calibration());
    samples.put(LabelCounts.class, new LabelCounts(1));
    FollowingSamples.put(samples);
    SparkSamples.put(samples);
  }

  private static void data(Samples samples) {
    Targets.Classes two = new Targets.Classes(2, List.of());
    Examples one = Examples.of("one", List.of(1), two, new float[1], 1);
    samples.put(Examples.class, one);
    samples.put(Dataset.class, one);
    samples.put(ShardPlan.class, ShardPlan.of(one, Shards.of(1), 1));
    samples.put(TrainingData.class, new DataParts("one", one, one));
    samples.put(DataParts.class, new DataParts("one", one, one));
    samples.put(Targets.class, new Targets.Labels(List.of("x")));
    samples.put(Targets.Classes.class, two);
    samples.put(Standardization.class, Standardization.none(1));
    samples.put(Example.class, Example.ofClass(0, 1));
    samples.put(Shares.class, Shares.usual());
    samples.put(CsvForm.class, CsvForm.usual());
    DataTable table = DataTable.of("table", Map.of("x", List.of("a", "b"), "y", new int[] {0, 1}));
    Schema schema = Schema.of(table).numbers("y");
    TableEncoder encoder = TableEncoder.fit(schema, table);
    samples.put(DataTable.class, table);
    samples.put(TableColumn.class, table.column("x"));
    samples.put(Schema.class, schema);
    samples.put(TableEncoder.class, encoder);
    samples.put(EncodedTable.class, encoder.dataset(table));
    samples.put(TableData.class, TableData.of(table, table, schema));
    try (Session session = Session.open(Device.REFERENCE)) {
      Network model = FeedForward.create(session, MlpSpec.relu(2, 1), 1);
      samples.put(TablePredictions.class, TablePredictions.of(session, model, encoder, table));
    }
  }
}

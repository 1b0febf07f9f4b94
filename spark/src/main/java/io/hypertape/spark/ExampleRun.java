package io.hypertape.spark;

import io.hypertape.autodiff.Session;
import io.hypertape.data.DataParts;
import io.hypertape.data.Targets;
import io.hypertape.models.Layer;
import io.hypertape.run.Trainer;
import io.hypertape.run.TrainingListener;
import io.hypertape.shards.Shards;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.broadcast.Broadcast;

/**
 * Training on examples.
 *
 * @param shape lengths of an example's axes
 * @param form what is to be foretold
 * @param test what is judged by
 * @param factory makes the model
 * @param settings how to train
 */
record ExampleRun(
    ArrayList<Integer> shape,
    TargetForm form,
    Broadcast<ArrayList<SparkExample>> test,
    ModelFactory factory,
    TrainerSettings settings)
    implements WorkerRun<SparkExample> {

  private SparkExamples examples(String name, List<SparkExample> rows) {
    Targets targets = form.targets();
    return new SparkExamples(name, shape, targets, rows);
  }

  @Override
  public Made in(
      Session session, Iterator<SparkExample> rows, Shards shards, TrainingListener listener) {
    List<SparkExample> own = new ArrayList<>();
    rows.forEachRemaining(own::add);
    DataParts data =
        new DataParts("rows", examples("rows", own), examples("rows to judge by", test.value()));
    Layer model = WorkerRun.given(factory.create(session), "the factory of models gives");
    Trainer trainer =
        WorkerRun.given(settings.of(new Trainer(session, model, data)), "the settings give");
    return new Made(
        trainer.shards(shards).listener(listener), () -> WeightBytes.of(model), model::close);
  }
}

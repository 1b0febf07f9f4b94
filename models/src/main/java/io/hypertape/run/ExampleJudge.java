package io.hypertape.run;

import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.data.Augmentation;
import io.hypertape.data.Batches;
import io.hypertape.data.Dataset;
import io.hypertape.data.LabeledImages;
import io.hypertape.data.Normalization;
import io.hypertape.data.Preparation;
import io.hypertape.data.Targets;
import io.hypertape.metrics.Measure;
import io.hypertape.models.Layer;
import io.hypertape.models.Loss;
import io.hypertape.models.Mode;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/** Shows a set to a model, batch by batch, and adds up how it does. */
final class ExampleJudge {

  private static final int BATCH = 1000;

  /** Values a batch has at the most: a convolution's outputs are many times its inputs. */
  private static final int MAX_VALUES = 1 << 19;

  /** MNIST's 784 values an image are few; models of larger images are deep. */
  private static final int SMALL_IMAGE = 1024;

  private final Session session;
  private final Layer model;
  private final Dataset data;
  private final Batches batches;
  private final Loss loss;
  private final TargetScores scores;
  private double sum;
  private double weight;

  private ExampleJudge(Session session, Layer model, Dataset data, Batches batches, Loss loss) {
    this.session = session;
    this.model = model;
    this.data = data;
    this.batches = batches;
    this.loss = loss;
    this.scores = TargetScores.of(data.targets(), loss);
  }

  /** Of a set as it is. */
  static ExampleJudge of(Session session, Layer model, Dataset data, Loss loss) {
    DataChecks.check(model, data);
    Batches batches = new Batches(data, batch(data), Batches.LastBatch.KEEP);
    return new ExampleJudge(session, model, data, batches, loss).judged();
  }

  /** Of images, whose pixels are normalized. */
  static ExampleJudge of(
      Session session, Layer model, LabeledImages images, Loss loss, Normalization normalization) {
    DataChecks.check(model, images);
    Preparation preparation = new Preparation(normalization, Augmentation.NONE);
    Batches batches = new Batches(images, batch(images), Batches.LastBatch.KEEP, preparation);
    return new ExampleJudge(session, model, images, batches, loss).judged();
  }

  private static int batch(Dataset data) {
    return data.features() <= SMALL_IMAGE
        ? BATCH
        : Math.clamp(MAX_VALUES / data.features(), 1, BATCH);
  }

  private ExampleJudge judged() {
    while (batches.next()) {
      if (Thread.currentThread().isInterrupted()) {
        throw new CancellationException("the evaluation of " + data.name() + " was interrupted");
      }
      add();
    }
    return this;
  }

  private void add() {
    int rows = batches.rows();
    boolean weighted = batches.weights().length > 0;
    float[] weights = weighted ? batches.weights() : new float[rows];
    if (!weighted) {
      Arrays.fill(weights, 1);
    }
    double all = rows;
    if (weighted) {
      all = 0;
      for (float each : weights) {
        all += each;
      }
    }
    try (Scope unused = session.scratch()) {
      Tensor input = session.tensor(batches.x(), BatchInputs.shape(data, rows));
      Tensor output = Asked.forward(model, input, Mode.EVALUATE);
      if (all > 0) {
        Optional<Tensor> w =
            weighted ? Optional.of(session.tensor(weights, rows)) : Optional.empty();
        sum += all * Asked.loss(loss, output, target(rows), w).item();
        weight += all;
      }
      scores.add(output.toFloats(), batches.y(), batches.targets(), weights);
    }
  }

  private Tensor target(int rows) {
    return data.targets() instanceof Targets.Classes
        ? session.indices(batches.y())
        : session.tensor(batches.targets(), rows, data.targets().outputs());
  }

  TargetScores scores() {
    return scores;
  }

  Evaluation evaluation() {
    Map<Measure, Double> measures = new EnumMap<>(Measure.class);
    measures.put(Measure.LOSS, sum / weight);
    measures.putAll(scores.measures());
    return new Evaluation(data.size(), measures, Optional.empty());
  }

  /** What is said of a model that has not been judged. */
  static Evaluation none(Targets targets, Loss loss) {
    Map<Measure, Double> measures = new EnumMap<>(Measure.class);
    measures.put(Measure.LOSS, Double.NaN);
    TargetScores.of(targets, loss).measures().keySet().forEach(m -> measures.put(m, Double.NaN));
    return new Evaluation(0, measures, Optional.empty());
  }
}

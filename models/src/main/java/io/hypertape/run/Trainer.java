package io.hypertape.run;

import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.data.BatchLoader;
import io.hypertape.data.Batches;
import io.hypertape.data.DataSplit;
import io.hypertape.models.Layer;
import io.hypertape.models.Losses;
import io.hypertape.optim.Input;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.optim.TrainingStep;
import java.io.IOException;

/** Trains a classifier with a tower of optimizers: shuffled epochs, and a test after each. */
public final class Trainer {

  private final Session session;
  private final Layer model;
  private final DataSplit data;
  private final TrainingOptions options;
  private final TrainingListener listener;
  private String mode = "no step has run";

  /**
   * Prepares a run.
   *
   * @param session the model's
   * @param model from [batch, features] to log-probabilities [batch, classes]
   * @param data what to learn from and to judge by
   * @param options how long and in what portions
   * @param listener follows the run
   */
  public Trainer(
      Session session,
      Layer model,
      DataSplit data,
      TrainingOptions options,
      TrainingListener listener) {
    this.session = session;
    this.model = model;
    this.data = data;
    this.options = options;
    this.listener = listener;
  }

  /**
   * Steps that a whole run takes.
   *
   * @param data the data
   * @param options the options
   * @return their number
   */
  public static long steps(DataSplit data, TrainingOptions options) {
    return (long) options.epochs()
        * ((data.train().size() + options.batch() - 1) / options.batch());
  }

  /**
   * Trains.
   *
   * @param tower the optimizers
   * @return how the model does on the test set in the end, or when it was stopped
   * @throws DivergedException at the step whose loss is no finite number; nothing is updated then
   * @throws IOException if the listener fails
   */
  public Evaluation run(Tower tower) throws IOException {
    try (BatchLoader batches =
            new BatchLoader(data.train(), options.batch(), Batches.LastBatch.KEEP);
        TowerOptimizer optimizer = tower.bind(session, model.parameters())) {
      TrainingStep prepared =
          optimizer.prepare(in -> Losses.nll(model.forward(in.get(0)), in.get(1)));
      Evaluation test = null;
      for (int epoch = 1; epoch <= options.epochs(); epoch++) {
        batches.shuffle(options.seed(), epoch);
        double sum = 0;
        int steps = 0;
        while (!listener.stops() && batches.next()) {
          double loss = step(prepared, optimizer, batches);
          sum += loss;
          steps++;
          listener.step(optimizer.steps(), loss, optimizer);
        }
        if (listener.stops()) {
          break;
        }
        mode = prepared.mode();
        test = Evaluation.of(session, model, data.test());
        listener.epoch(epoch, sum / Math.max(steps, 1), test, optimizer);
      }
      return test != null && !listener.stops() ? test : Evaluation.of(session, model, data.test());
    }
  }

  /**
   * How the steps of the last whole epoch ran: replayed, or operation by operation and why.
   *
   * @return a line for people
   */
  public String mode() {
    return mode;
  }

  private double step(TrainingStep prepared, TowerOptimizer optimizer, BatchLoader batches) {
    float[] x = batches.x();
    double[] loss = new double[1];
    prepared.run(
        value -> loss[0] = checked(value, optimizer, x),
        Input.floats(x, batches.rows(), data.train().features()),
        Input.indices(batches.y()));
    return loss[0];
  }

  static double checked(Tensor loss, TowerOptimizer optimizer, float[] x) {
    double value = loss.item();
    if (!Double.isFinite(value)) {
      throw new DivergedException(
          optimizer.steps() + 1,
          value,
          optimizer.hyperparameters(),
          hasNan(x) ? "the batch holds NaN" : "");
    }
    return value;
  }

  private static boolean hasNan(float[] x) {
    for (float value : x) {
      if (Float.isNaN(value)) {
        return true;
      }
    }
    return false;
  }
}

package io.hypertape.run;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import io.hypertape.data.BatchLoader;
import io.hypertape.data.Batches;
import io.hypertape.data.DataSplit;
import io.hypertape.data.LabeledImages;
import io.hypertape.data.Preparation;
import io.hypertape.models.Layer;
import io.hypertape.models.Losses;
import io.hypertape.models.Mode;
import io.hypertape.optim.Input;
import io.hypertape.optim.Tower;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Trains a classifier of images with a tower of optimizers: shuffled epochs, and a test after each.
 */
public final class Trainer implements Training {

  private final Session session;
  private final Layer model;
  private final DataSplit data;
  private final Preparation preparation;
  private final TrainingOptions options;
  private final TrainingLoop<Evaluation> loop;

  /**
   * Prepares a run on pixels in [0, 1].
   *
   * @param session the model's
   * @param model from [batch, channels, height, width] to log-probabilities [batch, classes]
   * @param data what to learn from and to judge by
   * @param options how long and in what portions
   * @param listener follows the run
   * @throws IllegalArgumentException if the model cannot learn from these data: there are none, or
   *     none to judge by, they have another form or more classes than it, or an epoch's last batch
   *     would leave batch norm a single value
   */
  public Trainer(
      Session session,
      Layer model,
      DataSplit data,
      TrainingOptions options,
      TrainingListener listener) {
    this(
        session,
        model,
        data,
        Preparation.none(Nulls.check(data, "trainer: data").train().channels()),
        options,
        listener);
  }

  /**
   * Prepares a run.
   *
   * @param session the model's
   * @param model from [batch, channels, height, width] to log-probabilities [batch, classes]
   * @param data what to learn from and to judge by
   * @param preparation what becomes of images; the test set's are only normalized
   * @param options how long and in what portions
   * @param listener follows the run
   * @throws IllegalArgumentException if the model cannot learn from these data: there are none, or
   *     none to judge by, they have another form or more classes than it, or an epoch's last batch
   *     would leave batch norm a single value
   */
  public Trainer(
      Session session,
      Layer model,
      DataSplit data,
      Preparation preparation,
      TrainingOptions options,
      TrainingListener listener) {
    Nulls.check(session, "trainer: session");
    Nulls.check(model, "trainer: model");
    Nulls.check(data, "trainer: data");
    Nulls.check(preparation, "trainer: preparation");
    Nulls.check(options, "trainer: options");
    Nulls.check(listener, "trainer: listener");
    this.session = session;
    this.model = model;
    this.data = data;
    this.preparation = preparation;
    this.options = options;
    this.loop = new TrainingLoop<>(session, options, listener);
    DataChecks.check(model, data);
    preparation.checkFits(data.train());
    DataChecks.checkLastBatch(
        session, model, data, options.batch(), steps() >= stepsOfEpoch(data, options));
  }

  /**
   * Steps that a whole run takes.
   *
   * @param data the data
   * @param options the options
   * @return their number
   */
  public static long steps(DataSplit data, TrainingOptions options) {
    Nulls.check(data, "trainer: data");
    Nulls.check(options, "trainer: options");
    return options.steps(stepsOfEpoch(data, options));
  }

  private static long stepsOfEpoch(DataSplit data, TrainingOptions options) {
    return ((long) data.train().size() + options.batch() - 1) / options.batch();
  }

  @Override
  public long steps() {
    return steps(data, options);
  }

  @Override
  public int epochs() {
    return options.epochs(stepsOfEpoch(data, options));
  }

  @Override
  public Evaluation run(Tower tower) throws IOException {
    Nulls.check(tower, "trainer: tower");
    return run(tower, Optional.empty());
  }

  @Override
  public Evaluation resume(Tower tower, RunState from) throws IOException {
    Nulls.check(tower, "trainer: tower");
    Nulls.check(from, "trainer: from");
    return run(tower, Optional.of(from));
  }

  private Evaluation run(Tower tower, Optional<RunState> from) throws IOException {
    try (Images images = new Images()) {
      return loop.run(tower.over(Math.max(1, steps())), images, from);
    }
  }

  @Override
  public String mode() {
    return loop.mode();
  }

  private final class Images implements TrainingLoop.Task<Evaluation>, AutoCloseable {

    private final LabeledImages train = data.train();
    private final BatchLoader batches =
        new BatchLoader(new Batches(train, options.batch(), Batches.LastBatch.KEEP, preparation));
    private float[] x;

    @Override
    public List<Parameter> parameters() {
      return model.parameters();
    }

    @Override
    public Kept kept() {
      return new Kept(model.buffers(), List.of(), model.dropoutCounters());
    }

    @Override
    public long batches() {
      return stepsOfEpoch(data, options);
    }

    @Override
    public Tensor loss(List<Tensor> batch) {
      Tensor output = model.forward(batch.get(0), Mode.TRAIN);
      if (output.rank() == 2 && output.shape()[1] < train.classes()) {
        throw new IllegalArgumentException(
            "the model tells "
                + output.shape()[1]
                + " classes apart; "
                + train.name()
                + " has "
                + train.classes());
      }
      return Losses.nll(output, batch.get(1));
    }

    @Override
    public void begin(int epoch) {
      batches.shuffle(options.seed(), epoch);
    }

    @Override
    public boolean next() {
      return batches.next();
    }

    @Override
    public Input[] batch() {
      x = batches.x();
      return new Input[] {
        Input.floats(x, batches.rows(), train.channels(), train.height(), train.width()),
        Input.indices(batches.y())
      };
    }

    @Override
    public String fault() {
      return Trainer.fault(x);
    }

    @Override
    public Evaluation judge() {
      return Evaluation.of(session, model, data.test(), preparation.normalization());
    }

    @Override
    public Evaluation unjudged() {
      return Evaluation.NONE;
    }

    @Override
    public void close() {
      batches.close();
    }
  }

  static String fault(float[] x) {
    for (float value : x) {
      if (Float.isNaN(value)) {
        return "the batch holds NaN";
      }
    }
    return "";
  }
}

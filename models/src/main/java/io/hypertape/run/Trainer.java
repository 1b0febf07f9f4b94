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
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Trains a classifier of images with a tower of optimizers: shuffled epochs, and a test after each.
 */
public final class Trainer implements Training {

  private static final TrainingOptions DEFAULT = new TrainingOptions(1, 256, 1);

  private final Session session;
  private final Layer model;
  private final DataSplit data;
  private final Preparation preparation;
  private final TrainingOptions options;
  private final TrainingListener listener;
  private final int parts;
  private final TrainingLoop<Evaluation> loop;

  /**
   * A run of one epoch in batches of 256 with seed 1, on pixels in [0, 1], that nobody follows; all
   * of which can be changed.
   *
   * @param session the model's
   * @param model from [batch, channels, height, width] to log-probabilities [batch, classes]
   * @param data what to learn from and to judge by
   * @throws IllegalArgumentException if the model cannot learn from these data: there are none, or
   *     none to judge by, or they have another form or more classes than it
   */
  public Trainer(Session session, Layer model, DataSplit data) {
    this(
        Nulls.check(session, "trainer: session"),
        Nulls.check(model, "trainer: model"),
        Nulls.check(data, "trainer: data"),
        Preparation.none(data.train().channels()),
        DEFAULT,
        new TrainingListener() {},
        1);
    DataChecks.check(model, data);
  }

  /**
   * A run on pixels in [0, 1], looked at with {@link #checked}.
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
        Nulls.check(session, "trainer: session"),
        Nulls.check(model, "trainer: model"),
        Nulls.check(data, "trainer: data"),
        Preparation.none(data.train().channels()),
        Nulls.check(options, "trainer: options"),
        Nulls.check(listener, "trainer: listener"),
        1);
    DataChecks.check(model, data);
    checked();
  }

  private Trainer(
      Session session,
      Layer model,
      DataSplit data,
      Preparation preparation,
      TrainingOptions options,
      TrainingListener listener,
      int parts) {
    this.session = session;
    this.model = model;
    this.data = data;
    this.preparation = preparation;
    this.options = options;
    this.listener = listener;
    this.parts = parts;
    this.loop = new TrainingLoop<>(session, options, listener);
  }

  /**
   * The same with another number of epochs.
   *
   * @param epochs passes over the training set, at least 1
   * @return a trainer; this one stays as it is
   */
  public Trainer epochs(int epochs) {
    return options(options.withEpochs(epochs));
  }

  /**
   * The same with batches of another size.
   *
   * @param images a step, at least 1; an epoch's last batch may have fewer
   * @return a trainer; this one stays as it is
   */
  public Trainer batch(int images) {
    return options(options.withBatch(images));
  }

  /**
   * The same, whose batches are taken in parts one after another: gradients are added up, so that a
   * step needs the memory of a part and is, within rounding, that of the whole batch. Batch norm
   * and dropout see parts: the former takes its means over each by itself.
   *
   * @param newParts into how many a batch is divided, at least 1; a batch of fewer images is
   *     divided into single ones
   * @return a trainer; this one stays as it is
   */
  public Trainer parts(int newParts) {
    if (newParts < 1) {
      throw new IllegalArgumentException("parts is " + newParts + "; at least 1 is needed");
    }
    return new Trainer(session, model, data, preparation, options, listener, newParts);
  }

  /**
   * The same with another seed.
   *
   * @param seed of the order and the variation of images
   * @return a trainer; this one stays as it is
   */
  public Trainer seed(long seed) {
    return options(options.withSeed(seed));
  }

  /**
   * The same, ending after a number of steps at the latest.
   *
   * @param steps the number, at least 1
   * @return a trainer; this one stays as it is
   */
  public Trainer limitedTo(long steps) {
    return options(options.limitedTo(steps));
  }

  /**
   * The same, ending with a cool-down; a tower without a schedule, or with a decay that lasts as
   * long as the run, gets {@code schedule=ondemand} for it.
   *
   * @param newCoolDown how the run ends
   * @return a trainer; this one stays as it is
   */
  public Trainer coolDown(CoolDown newCoolDown) {
    return options(options.withCoolDown(newCoolDown));
  }

  /**
   * The same with other options, all at once.
   *
   * @param newOptions how long and in what portions
   * @return a trainer; this one stays as it is
   */
  public Trainer options(TrainingOptions newOptions) {
    Nulls.check(newOptions, "trainer: newOptions");
    return new Trainer(session, model, data, preparation, newOptions, listener, parts);
  }

  /**
   * The same with images that are normalized, or varied.
   *
   * @param newPreparation what becomes of images; the test set's are only normalized
   * @return a trainer; this one stays as it is
   * @throws IllegalArgumentException if it is for images with another number of channels
   */
  public Trainer prepared(Preparation newPreparation) {
    Nulls.check(newPreparation, "trainer: newPreparation");
    newPreparation.checkFits(data.train());
    return new Trainer(session, model, data, newPreparation, options, listener, parts);
  }

  /**
   * The same, followed by a listener instead of the one before.
   *
   * @param newListener follows the run
   * @return a trainer; this one stays as it is
   */
  public Trainer listener(TrainingListener newListener) {
    Nulls.check(newListener, "trainer: newListener");
    return new Trainer(session, model, data, preparation, options, newListener, parts);
  }

  /**
   * Looks for what {@link #run} would refuse before its first step.
   *
   * @return this
   * @throws IllegalArgumentException if an epoch's last batch would leave batch norm a single value
   */
  public Trainer checked() {
    DataChecks.checkLastBatch(
        session, model, data, options.batch(), steps() >= stepsOfEpoch(data, options));
    return this;
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
    checked();
    try (Images images = new Images()) {
      return loop.run(options.tower(tower, steps()), images, from);
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
    public List<TrainingLoop.Part> parts() {
      int rows = batches.rows();
      int count = Math.min(parts, rows);
      if (count == 1) {
        return List.of();
      }
      x = batches.x();
      int image = train.channels() * train.height() * train.width();
      List<TrainingLoop.Part> result = new ArrayList<>(count);
      for (int k = 0; k < count; k++) {
        int from = (int) ((long) rows * k / count);
        int some = (int) ((long) rows * (k + 1) / count) - from;
        result.add(
            new TrainingLoop.Part(
                (double) some / rows,
                Input.floats(
                    FloatBuffer.wrap(x, from * image, some * image),
                    some,
                    train.channels(),
                    train.height(),
                    train.width()),
                Input.indices(IntBuffer.wrap(batches.y(), from, some))));
      }
      return result;
    }

    @Override
    public String fault() {
      return Trainer.fault(x);
    }

    @Override
    public Evaluation evaluate() {
      return Evaluation.of(session, model, data.test(), preparation.normalization());
    }

    @Override
    public Evaluation notEvaluated() {
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

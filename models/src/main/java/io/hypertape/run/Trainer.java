package io.hypertape.run;

import io.hypertape.autodiff.Session;
import io.hypertape.checks.Nulls;
import io.hypertape.data.DataSplit;
import io.hypertape.data.Preparation;
import io.hypertape.data.ShardPlan;
import io.hypertape.data.Targets;
import io.hypertape.data.TrainingData;
import io.hypertape.models.BinaryCrossEntropy;
import io.hypertape.models.CrossEntropy;
import io.hypertape.models.Layer;
import io.hypertape.models.Loss;
import io.hypertape.models.SquaredError;
import io.hypertape.optim.Tower;
import io.hypertape.shards.Shards;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Trains a model of any examples with a tower of optimizers: shuffled epochs, a test after each.
 */
public final class Trainer implements Training {

  private static final TrainingOptions DEFAULT = new TrainingOptions(1, 256, 1);

  private final Session session;
  private final Layer model;
  private final TrainingData data;
  // Of images alone.
  private final Optional<Preparation> preparation;
  private final Loss loss;
  private final TrainingOptions options;
  private final TrainingListener listener;
  private final int parts;
  private final TrainingLoop<Evaluation> loop;
  // Made when it is asked for: several workers make it together.
  private @Nullable ShardPlan plan;

  /**
   * A run of one epoch in batches of 256 with seed 1 and the usual loss, of images on pixels in [0,
   * 1], that nobody follows; all of which can be changed.
   *
   * @param session the model's
   * @param model from [batch, shape of an example] to, of classes, log-probabilities [batch,
   *     classes], of labels logits, of numbers themselves
   * @param data what to learn from and to judge by
   * @throws IllegalArgumentException if the model cannot learn from these data: there are none, or
   *     none to judge by, or they have another form or more classes than it
   */
  public Trainer(Session session, Layer model, TrainingData data) {
    this(
        Nulls.check(session, "trainer: session"),
        Nulls.check(model, "trainer: model"),
        Nulls.check(data, "trainer: data"),
        Optional.empty(),
        usualLoss(Asked.train(data).targets()),
        DEFAULT,
        new TrainingListener() {},
        1);
    DataChecks.check(model, data);
  }

  /**
   * A run with the usual loss, of images on pixels in [0, 1], looked at with {@link #checked}.
   *
   * @param session the model's
   * @param model from [batch, shape of an example] to, of classes, log-probabilities [batch,
   *     classes], of labels logits, of numbers themselves
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
      TrainingData data,
      TrainingOptions options,
      TrainingListener listener) {
    this(
        Nulls.check(session, "trainer: session"),
        Nulls.check(model, "trainer: model"),
        Nulls.check(data, "trainer: data"),
        Optional.empty(),
        usualLoss(Asked.train(data).targets()),
        Nulls.check(options, "trainer: options"),
        Nulls.check(listener, "trainer: listener"),
        1);
    DataChecks.check(model, data);
    checked();
  }

  private Trainer(
      Session session,
      Layer model,
      TrainingData data,
      Optional<Preparation> preparation,
      Loss loss,
      TrainingOptions options,
      TrainingListener listener,
      int parts) {
    this.session = session;
    this.model = model;
    this.data = data;
    this.preparation = preparation;
    this.loss = loss;
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
   * @param examples a step, at least 1; an epoch's last batch may have fewer
   * @return a trainer; this one stays as it is
   */
  public Trainer batch(int examples) {
    return options(options.withBatch(examples));
  }

  /**
   * The same, whose batches are taken in parts one after another: gradients are added up, so that a
   * step needs the memory of a part and is, within rounding, that of the whole batch. Batch norm
   * and dropout see parts: the former takes its means over each by itself.
   *
   * @param newParts into how many a batch is divided, at least 1; a batch of fewer examples is
   *     divided into single ones
   * @return a trainer; this one stays as it is
   */
  public Trainer parts(int newParts) {
    if (newParts < 1) {
      throw new IllegalArgumentException("parts is " + newParts + "; at least 1 is needed");
    }
    return new Trainer(session, model, data, preparation, loss, options, listener, newParts);
  }

  /**
   * The same, whose batches are divided into shards by their examples' ids: a gradient a shard,
   * joined by a fixed tree, so that a run has the same bits whoever computes which shards. Shards
   * are taken one after another, so that a step needs the memory of a shard; with {@linkplain
   * Shards.Statistics#JOINED joined} batch norm that of the batch.
   *
   * @param newShards into how many, and who has them
   * @return a trainer; this one stays as it is
   */
  public Trainer shards(Shards newShards) {
    return options(options.withShards(newShards));
  }

  /**
   * The same, whose batches are divided into shards that this process has all.
   *
   * @param count into how many, a power of two, at most as many as a batch has examples
   * @return a trainer; this one stays as it is
   */
  public Trainer shards(int count) {
    return shards(Shards.of(count));
  }

  /**
   * The same with another seed.
   *
   * @param seed of the order of examples and the variation of images
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
   * The same, with the model judged within an epoch too, which changes no bit of the run but where
   * it ends by a metric.
   *
   * @param steps after how many steps, counted from the run's first, at least 1
   * @return a trainer; this one stays as it is
   */
  public Trainer evaluateEvery(long steps) {
    return options(options.withEvaluateEvery(steps));
  }

  /**
   * The same, after which the model has the weights with which a metric was best, and running
   * statistics with them, rather than those of the last step; so it has if the run is stopped, or
   * diverges.
   *
   * @param metric what is compared, whenever the model is judged
   * @return a trainer; this one stays as it is
   */
  public Trainer keepBest(Metric metric) {
    return options(options.withBest(metric));
  }

  /**
   * The same with other options, all at once.
   *
   * @param newOptions how long and in what portions
   * @return a trainer; this one stays as it is
   */
  public Trainer options(TrainingOptions newOptions) {
    Nulls.check(newOptions, "trainer: newOptions");
    return new Trainer(session, model, data, preparation, loss, newOptions, listener, parts);
  }

  /**
   * The same with images that are normalized, or varied.
   *
   * @param newPreparation what becomes of images; those to judge by are only normalized
   * @return a trainer; this one stays as it is
   * @throws IllegalArgumentException if the data are no images, or have another number of channels
   */
  public Trainer prepared(Preparation newPreparation) {
    Nulls.check(newPreparation, "trainer: newPreparation");
    if (!(data instanceof DataSplit images)) {
      throw new IllegalArgumentException(
          data.name() + ": no images, which alone are normalized and varied by a preparation");
    }
    newPreparation.checkFits(images.train());
    Optional<Preparation> prepared = Optional.of(newPreparation);
    return new Trainer(session, model, data, prepared, loss, options, listener, parts);
  }

  /**
   * The same with another loss than the usual one.
   *
   * @param newLoss what is made small, of the model's outputs and the targets; a classifier that is
   *     judged by it gives logits or log-probabilities
   * @return a trainer; this one stays as it is
   */
  public Trainer loss(Loss newLoss) {
    Nulls.check(newLoss, "trainer: newLoss");
    return new Trainer(session, model, data, preparation, newLoss, options, listener, parts);
  }

  /** The loss that is taken unless another is given. */
  static Loss usualLoss(Targets targets) {
    return switch (targets) {
      case Targets.Classes unused -> CrossEntropy.ofLogProbabilities();
      case Targets.Labels unused -> new BinaryCrossEntropy();
      case Targets.Numbers unused -> new SquaredError();
    };
  }

  /**
   * The same, followed by a listener instead of the one before.
   *
   * @param newListener follows the run
   * @return a trainer; this one stays as it is
   */
  public Trainer listener(TrainingListener newListener) {
    Nulls.check(newListener, "trainer: newListener");
    return new Trainer(session, model, data, preparation, loss, options, newListener, parts);
  }

  /**
   * Looks for what {@link #run} would refuse before its first step.
   *
   * @return this
   * @throws IllegalArgumentException if an epoch's last batch would leave batch norm a single
   *     value, or a batch cannot be divided into the shards
   */
  public Trainer checked() {
    if (options.shards().isPresent()) {
      checkShards(options.shards().get());
      return this;
    }
    DataChecks.checkLastBatch(
        session, model, data, options.batch(), steps() >= stepsOfEpoch(data, options));
    return this;
  }

  private void checkShards(Shards shards) {
    ShardPlan.check(shards, options.batch(), "examples");
    if (parts > 1) {
      throw new IllegalArgumentException(
          "batches are divided into "
              + shards.count()
              + " shards, and into "
              + parts
              + " parts; one of the two fits");
    }
  }

  private Optional<ShardPlan> plan() {
    if (plan == null && options.shards().isPresent()) {
      plan = ShardPlan.of(data.train(), options.shards().get(), options.batch());
    }
    return Optional.ofNullable(plan);
  }

  /**
   * Steps that a whole run takes.
   *
   * @param data the data
   * @param options the options
   * @return their number
   */
  public static long steps(TrainingData data, TrainingOptions options) {
    Nulls.check(data, "trainer: data");
    Nulls.check(options, "trainer: options");
    return options.steps(stepsOfEpoch(data, options));
  }

  static long stepsOfEpoch(TrainingData data, TrainingOptions options) {
    return ((long) Asked.train(data).size() + options.batch() - 1) / options.batch();
  }

  @Override
  public long steps() {
    return options.steps(stepsOfEpoch());
  }

  private long stepsOfEpoch() {
    boolean isPart =
        options.shards().isPresent()
            && options.shards().get().own() < options.shards().get().count();
    return isPart ? plan().orElseThrow().batches() : stepsOfEpoch(data, options);
  }

  @Override
  public int epochs() {
    return options.epochs(stepsOfEpoch());
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
    try (ExampleSteps steps =
        new ExampleSteps(session, model, data, preparation, loss, options, parts, plan())) {
      return loop.run(options.tower(tower, steps()), steps, from);
    }
  }

  @Override
  public String mode() {
    return loop.mode();
  }
}

package io.hypertape.run;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import io.hypertape.data.ShardPlan;
import io.hypertape.data.TextBatches;
import io.hypertape.data.TextBatches.LastBatch;
import io.hypertape.data.TextCorpus;
import io.hypertape.models.CharLstm;
import io.hypertape.models.Losses;
import io.hypertape.models.Mode;
import io.hypertape.models.RecurrentState;
import io.hypertape.optim.Input;
import io.hypertape.optim.Tower;
import io.hypertape.shards.Shards;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Trains a language model on a text by truncated back-propagation through time: the text runs by in
 * parallel streams, the model's state is carried from step to step, gradients are not. Perplexity
 * is taken after each epoch.
 */
public final class LanguageTrainer implements Training {

  private static final TrainingOptions DEFAULT = new TrainingOptions(1, 50, 1);
  private static final int UNROLL = 50;

  private final Session session;
  private final CharLstm model;
  private final TextCorpus corpus;
  private final TrainingOptions options;
  private final int unroll;
  private final TrainingListener listener;
  private final TrainingLoop<LanguageEvaluation> loop;
  // Made when it is asked for: what is set later may make it fit.
  private @Nullable TextBatches batches;

  /**
   * A run of one epoch in 50 streams by 50 characters with seed 1 that nobody follows; all of which
   * can be changed.
   *
   * @param session the model's
   * @param model of the corpus's vocabulary
   * @param corpus what to learn from and to judge by
   * @throws IllegalArgumentException if the text has more characters than the model knows
   */
  public LanguageTrainer(Session session, CharLstm model, TextCorpus corpus) {
    this(
        Nulls.check(session, "trainer: session"),
        Nulls.check(model, "trainer: model"),
        Nulls.check(corpus, "trainer: corpus"),
        DEFAULT,
        UNROLL,
        new TrainingListener() {});
    DataChecks.check(model, corpus);
  }

  private LanguageTrainer(
      Session session,
      CharLstm model,
      TextCorpus corpus,
      TrainingOptions options,
      int unroll,
      TrainingListener listener) {
    this.session = session;
    this.model = model;
    this.corpus = corpus;
    this.options = options;
    this.unroll = unroll;
    this.listener = listener;
    this.loop = new TrainingLoop<>(session, options, listener);
  }

  /**
   * The same with another number of epochs.
   *
   * @param epochs passes over the training part, at least 1
   * @return a trainer; this one stays as it is
   */
  public LanguageTrainer epochs(int epochs) {
    return options(options.withEpochs(epochs));
  }

  /**
   * The same with another number of streams.
   *
   * @param streams places of the text that are read side by side, at least 1
   * @return a trainer; this one stays as it is
   */
  public LanguageTrainer streams(int streams) {
    return options(options.withBatch(streams));
  }

  /**
   * The same with steps of another length.
   *
   * @param characters of a stream a step, through which gradients flow, at least 1
   * @return a trainer; this one stays as it is
   */
  public LanguageTrainer unroll(int characters) {
    return new LanguageTrainer(session, model, corpus, options, characters, listener);
  }

  /**
   * The same, whose streams are divided into shards, about as many in each, that this process has
   * all: a gradient a shard, joined by a fixed tree. A step needs the memory of a shard.
   *
   * @param count into how many, a power of two, at most as many as there are streams
   * @return a trainer; this one stays as it is
   */
  public LanguageTrainer shards(int count) {
    return options(options.withShards(Shards.of(count)));
  }

  /**
   * The same with shards of which other workers may have some: all train the same model.
   *
   * @param newShards into how many streams are divided, and who has them
   * @return a trainer; this one stays as it is
   */
  public LanguageTrainer shards(Shards newShards) {
    Nulls.check(newShards, "trainer: newShards");
    return options(options.withShards(newShards));
  }

  /**
   * The same with another seed.
   *
   * @param seed kept with the run; a text has no order to be drawn
   * @return a trainer; this one stays as it is
   */
  public LanguageTrainer seed(long seed) {
    return options(options.withSeed(seed));
  }

  /**
   * The same, ending after a number of steps at the latest.
   *
   * @param steps the number, at least 1
   * @return a trainer; this one stays as it is
   */
  public LanguageTrainer limitedTo(long steps) {
    return options(options.limitedTo(steps));
  }

  /**
   * The same, ending with a cool-down; a tower without a schedule, or with a decay that lasts as
   * long as the run, gets {@code schedule=ondemand} for it.
   *
   * @param newCoolDown how the run ends
   * @return a trainer; this one stays as it is
   */
  public LanguageTrainer coolDown(CoolDown newCoolDown) {
    return options(options.withCoolDown(newCoolDown));
  }

  /**
   * The same, with the model judged within an epoch too, which changes no bit of the run but where
   * it ends by a metric.
   *
   * @param steps after how many steps, counted from the run's first, at least 1
   * @return a trainer; this one stays as it is
   */
  public LanguageTrainer evaluateEvery(long steps) {
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
  public LanguageTrainer keepBest(Metric metric) {
    return options(options.withBest(metric));
  }

  /**
   * The same with other options, all at once.
   *
   * @param newOptions how long, and streams a step
   * @return a trainer; this one stays as it is
   */
  public LanguageTrainer options(TrainingOptions newOptions) {
    Nulls.check(newOptions, "trainer: newOptions");
    return new LanguageTrainer(session, model, corpus, newOptions, unroll, listener);
  }

  /**
   * The same, followed by a listener instead of the one before.
   *
   * @param newListener follows the run
   * @return a trainer; this one stays as it is
   */
  public LanguageTrainer listener(TrainingListener newListener) {
    Nulls.check(newListener, "trainer: newListener");
    return new LanguageTrainer(session, model, corpus, options, unroll, newListener);
  }

  /**
   * Looks for what {@link #run} would refuse before its first step.
   *
   * @return this
   * @throws IllegalArgumentException if the text is too short for one step, or there are fewer
   *     streams than shards
   */
  public LanguageTrainer checked() {
    options.shards().ifPresent(shards -> ShardPlan.check(shards, options.batch(), "streams"));
    batches();
    return this;
  }

  private TextBatches batches() {
    if (batches == null) {
      try {
        batches = new TextBatches(corpus.train(), options.batch(), unroll, LastBatch.DROP);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            corpus.name() + ": the training part has " + e.getMessage());
      }
    }
    return batches;
  }

  @Override
  public long steps() {
    return options.steps(batches().count());
  }

  @Override
  public int epochs() {
    return options.epochs(batches().count());
  }

  @Override
  public LanguageEvaluation run(Tower tower) throws IOException {
    Nulls.check(tower, "trainer: tower");
    return run(tower, Optional.empty());
  }

  @Override
  public LanguageEvaluation resume(Tower tower, RunState from) throws IOException {
    Nulls.check(tower, "trainer: tower");
    Nulls.check(from, "trainer: from");
    return run(tower, Optional.of(from));
  }

  private LanguageEvaluation run(Tower tower, Optional<RunState> from) throws IOException {
    checked();
    return loop.run(options.tower(tower, steps()), new Text(batches()), from);
  }

  @Override
  public String mode() {
    return loop.mode();
  }

  private final class Text implements TrainingLoop.Task<LanguageEvaluation> {

    private final TextBatches batches;
    private final Optional<StreamShards> shards;

    Text(TextBatches batches) {
      this.batches = batches;
      this.shards = options.shards().map(into -> new StreamShards(model, batches, into));
    }

    @Override
    public List<Parameter> parameters() {
      return model.parameters();
    }

    @Override
    public Kept kept() {
      return new Kept(
          model.buffers(),
          model.state(Mode.TRAIN, batches.streams()).values(),
          model.dropoutCounters());
    }

    @Override
    public long batches() {
      return batches.count();
    }

    @Override
    public Tensor loss(List<Tensor> batch) {
      int streams = batch.get(0).size() / batches.steps();
      Tensor output = model.forward(batch.get(0), batches.steps(), streams, Mode.TRAIN);
      return Losses.nll(output, batch.get(1));
    }

    @Override
    public void begin(int epoch) {
      batches.restart();
      model.resetState(Mode.TRAIN);
    }

    @Override
    public boolean next() {
      return batches.next();
    }

    @Override
    public Input[] batch() {
      return new Input[] {Input.indices(batches.x()), Input.indices(batches.y())};
    }

    @Override
    public List<TrainingLoop.Part> parts() {
      return shards.map(StreamShards::parts).orElse(List.of());
    }

    @Override
    public void begin(TrainingLoop.Part part) {
      shards.ifPresent(all -> all.begin(part.number()));
    }

    @Override
    public void end(TrainingLoop.Part part) {
      shards.ifPresent(all -> all.end(part.number()));
    }

    @Override
    public void finish() {
      shards.ifPresent(StreamShards::finish);
    }

    @Override
    public int[] masks() {
      try (RecurrentState state = model.newState(1)) {
        return Rehearsal.masks(
            session,
            model.buffers(),
            model.dropoutCounters(),
            () -> model.forward(session.indices(0), 1, 1, state, Mode.TRAIN));
      }
    }

    @Override
    public String fault() {
      return "";
    }

    @Override
    public LanguageEvaluation evaluate() {
      return new LanguageEvaluation(
          TextEvaluation.of(session, model, corpus.valid()),
          TextEvaluation.of(session, model, corpus.test()));
    }

    @Override
    public LanguageEvaluation notEvaluated() {
      return new LanguageEvaluation(TextEvaluation.NONE, TextEvaluation.NONE);
    }
  }
}

package io.hypertape.run;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import io.hypertape.data.TextBatches;
import io.hypertape.data.TextCorpus;
import io.hypertape.models.CharLstm;
import io.hypertape.models.Losses;
import io.hypertape.models.Mode;
import io.hypertape.optim.Input;
import io.hypertape.optim.Tower;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Trains a language model on a text by truncated back-propagation through time: the text runs by in
 * parallel streams, the model's state is carried from step to step, gradients are not. Perplexity
 * is taken after each epoch.
 */
public final class LanguageTrainer implements Training {

  private final Session session;
  private final CharLstm model;
  private final TextCorpus corpus;
  private final TrainingOptions options;
  private final TextBatches batches;
  private final TrainingLoop<LanguageEvaluation> loop;

  /**
   * Prepares a run.
   *
   * @param session the model's
   * @param model of the corpus's vocabulary
   * @param corpus what to learn from and to judge by
   * @param options how long, and streams a step
   * @param unroll characters of a stream a step, through which gradients flow
   * @param listener follows the run
   * @throws IllegalArgumentException if the text is too short for one step, or has more characters
   *     than the model knows
   */
  public LanguageTrainer(
      Session session,
      CharLstm model,
      TextCorpus corpus,
      TrainingOptions options,
      int unroll,
      TrainingListener listener) {
    Nulls.check(session, "trainer: session");
    Nulls.check(model, "trainer: model");
    Nulls.check(corpus, "trainer: corpus");
    Nulls.check(options, "trainer: options");
    Nulls.check(listener, "trainer: listener");
    DataChecks.check(model, corpus);
    this.session = session;
    this.model = model;
    this.corpus = corpus;
    this.options = options;
    try {
      this.batches =
          new TextBatches(corpus.train(), options.batch(), unroll, TextBatches.LastBatch.DROP);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          corpus.name() + ": the training part has " + e.getMessage());
    }
    this.loop = new TrainingLoop<>(session, options, listener);
  }

  @Override
  public long steps() {
    return options.steps(batches.count());
  }

  @Override
  public int epochs() {
    return options.epochs(batches.count());
  }

  @Override
  public LanguageEvaluation run(Tower tower) throws IOException {
    Nulls.check(tower, "trainer: tower");
    return loop.run(tower.over(steps()), new Text(), Optional.empty());
  }

  @Override
  public LanguageEvaluation resume(Tower tower, RunState from) throws IOException {
    Nulls.check(tower, "trainer: tower");
    Nulls.check(from, "trainer: from");
    return loop.run(tower.over(steps()), new Text(), Optional.of(from));
  }

  @Override
  public String mode() {
    return loop.mode();
  }

  private final class Text implements TrainingLoop.Task<LanguageEvaluation> {

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
      Tensor output = model.forward(batch.get(0), batches.steps(), batches.streams(), Mode.TRAIN);
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
    public String fault() {
      return "";
    }

    @Override
    public LanguageEvaluation judge() {
      return new LanguageEvaluation(
          TextEvaluation.of(session, model, corpus.valid()),
          TextEvaluation.of(session, model, corpus.test()));
    }

    @Override
    public LanguageEvaluation unjudged() {
      return new LanguageEvaluation(TextEvaluation.NONE, TextEvaluation.NONE);
    }
  }
}

package io.hypertape.benchmarks.paper;

import io.hypertape.autodiff.Session;
import io.hypertape.benchmarks.parts.Digest;
import io.hypertape.data.InvalidDataException;
import io.hypertape.data.TextBatches;
import io.hypertape.data.TextCorpus;
import io.hypertape.models.CharLstm;
import io.hypertape.models.CharLstmSpec;
import io.hypertape.optim.Tower;
import io.hypertape.run.LanguageEvaluation;
import io.hypertape.run.LanguageTrainer;
import io.hypertape.run.TrainingListener;
import io.hypertape.run.TrainingOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The paper's RNN: a character LSTM, 2 × 128, on a text, 50 streams of 50 characters a step. */
final class CharRnn implements TrainingRun {

  private static final int BATCH = 50;
  private static final int UNROLL = 50;

  /** The paper's epochs. */
  private static final int PAPERS_EPOCHS = 50;

  private final TextCorpus corpus;
  private final CharLstmSpec spec;
  private final long steps;
  private final String remark;
  private final int stepsOfEpoch;

  private CharRnn(TextCorpus corpus, long steps, String remark) {
    this.corpus = corpus;
    this.spec = CharLstmSpec.of(corpus.vocabulary().size());
    this.steps = steps;
    this.remark = remark;
    this.stepsOfEpoch =
        new TextBatches(corpus.train(), BATCH, UNROLL, TextBatches.LastBatch.DROP).count();
  }

  /** On a whole text. */
  static CharRnn whole(Path file, long steps) throws IOException {
    TextCorpus corpus = checked(file, TextCorpus.load(file));
    return new CharRnn(corpus, steps, "");
  }

  /** A short run on no more than so many characters from the beginning of a text. */
  static CharRnn quick(Path file, int characters, long steps) throws IOException {
    TextCorpus all = checked(file, TextCorpus.load(file));
    int present = Math.min(characters, all.train().length);
    TextCorpus prefix = checked(file, prefix(all, present));
    return new CharRnn(
        prefix,
        steps,
        String.format(
            Locale.ROOT,
            "A quick run, on the first %,d characters only: its figures cannot be compared with the"
                + " paper's.",
            present));
  }

  private static TextCorpus prefix(TextCorpus corpus, int characters) throws IOException {
    StringBuilder text = new StringBuilder();
    char[] train = corpus.train();
    for (int i = 0; i < characters; i++) {
      text.appendCodePoint(corpus.vocabulary().codePoint(train[i]));
    }
    // A corpus comes from a file, whose name it keeps.
    Path folder = Files.createTempDirectory("hypertape");
    Path file = folder.resolve(corpus.name());
    try {
      // Written as UTF-8 whatever it was, so that a name in .gz does no harm: gzip is told by
      // bytes.
      Files.writeString(file, text);
      return TextCorpus.load(file);
    } finally {
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }

  private static TextCorpus checked(Path file, TextCorpus corpus) throws InvalidDataException {
    int least = BATCH * UNROLL + 1;
    if (corpus.train().length < least) {
      throw new InvalidDataException(
          file
              + ": its first 80 % have "
              + corpus.train().length
              + " characters to learn from; a step of "
              + BATCH
              + " × "
              + UNROLL
              + " needs at least "
              + least);
    }
    return corpus;
  }

  @Override
  public PaperModel model() {
    return PaperModel.CHAR_LSTM;
  }

  @Override
  public String name() {
    return "rnn";
  }

  @Override
  public String title() {
    return String.format(
        Locale.ROOT,
        "Character LSTM %d × %d on %s, %,d steps%s",
        spec.layers(),
        spec.hidden(),
        corpus.name(),
        steps,
        remark.isEmpty() ? "" : " (quick)");
  }

  @Override
  public Length length() {
    return Length.steps(steps());
  }

  @Override
  public Map<String, String> key() {
    Map<String, String> key = new LinkedHashMap<>();
    key.put("model", spec.toString());
    key.put("batch", BATCH + " x " + UNROLL);
    key.put("steps", Long.toString(steps));
    key.put("data", Digest.of(corpus));
    return key;
  }

  @Override
  public long steps() {
    return steps;
  }

  @Override
  public RunMeasure measure() {
    return RunMeasure.perplexity(spec.vocabulary());
  }

  @Override
  public double stepSeconds() {
    return 0.06;
  }

  @Override
  public String remark() {
    String length =
        String.format(
            Locale.ROOT,
            "%,d steps of %d × %d characters, %.2f passes over the text's first 80 %%; the paper"
                + " trains for %d epochs%s. Perplexity on its last 10 %%.",
            steps,
            BATCH,
            UNROLL,
            (double) steps / stepsOfEpoch,
            PAPERS_EPOCHS,
            steps < (long) PAPERS_EPOCHS * stepsOfEpoch
                ? ", so that its figures come from a longer training"
                : "");
    return remark.isEmpty() ? length : remark + " " + length;
  }

  @Override
  public Result train(Session session, Tower tower, long seed, TrainingListener listener)
      throws IOException {
    CharLstm model = CharLstm.create(session, spec, seed);
    int epochs = Math.toIntExact((steps + stepsOfEpoch - 1) / stepsOfEpoch);
    TrainingOptions options = new TrainingOptions(epochs, BATCH, seed).limitedTo(steps);
    LanguageEvaluation end =
        new LanguageTrainer(session, model, corpus)
            .options(options)
            .unroll(UNROLL)
            .listener(listener)
            .run(tower);
    return new Result(end.test().perplexity(), end.test().loss());
  }
}

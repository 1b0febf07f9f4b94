package io.hypertape.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.data.Augmentation;
import io.hypertape.data.DataSplit;
import io.hypertape.data.LabeledImages;
import io.hypertape.data.Normalization;
import io.hypertape.data.Preparation;
import io.hypertape.data.TextCorpus;
import io.hypertape.models.CharLstm;
import io.hypertape.models.CharLstmSpec;
import io.hypertape.models.Classifier;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.models.Model;
import io.hypertape.models.ResNet;
import io.hypertape.models.ResNetSpec;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that was stopped and goes on from its file is the one that ran through, in every bit. */
public abstract class ResumedRuns {

  private static final int IMAGES = 20;
  private static final int SIDE = 4;
  private static final int EPOCHS = 4;

  @TempDir private Path folder;

  /** The session to be tested. */
  protected abstract Session open();

  /** What is trained, in a session of its own. */
  private interface Task {
    Model model(Session session);

    Training training(Session session, Model model, TrainingOptions options, Follower follower)
        throws IOException;

    int batch();
  }

  /** Everything that a run tells, and where it stood last. */
  private static final class Follower implements TrainingListener {
    final List<Object> told = new ArrayList<>();
    RunState last;
    final List<RunState> copies = new ArrayList<>();
    long stopAfter = Long.MAX_VALUE;
    long coolAfter = Long.MAX_VALUE;
    long steps;

    @Override
    public void step(long step, double loss, TowerOptimizer optimizer) {
      steps = step;
      told.add(step);
      told.add(loss);
      optimizer.hyperparameters().forEach(h -> told.add(h.raw()));
    }

    /** After each step, which changes none of them. */
    @Override
    public void stepped(Supplier<RunState> state) {
      copies.add(state.get());
    }

    @Override
    public void epoch(int epoch, double trainLoss, Score test, TowerOptimizer optimizer) {
      told.add(epoch);
      told.add(trainLoss);
      told.add(test);
    }

    @Override
    public void checkpoint(Supplier<RunState> state) {
      last = state.get();
    }

    @Override
    public boolean coolsDown() {
      return steps >= coolAfter;
    }

    @Override
    public void coolingDown(String why, TowerOptimizer optimizer) {
      told.add(why + ", until " + optimizer.coolDownEnd().orElseThrow());
    }

    @Override
    public boolean stops() {
      return steps >= stopAfter;
    }
  }

  private static final class Images implements Task {
    private final boolean convolutional;

    Images(boolean convolutional) {
      this.convolutional = convolutional;
    }

    private static LabeledImages set(int images) {
      Random random = new Random(images);
      byte[] pixels = new byte[images * 3 * SIDE * SIDE];
      random.nextBytes(pixels);
      byte[] labels = new byte[images];
      for (int i = 0; i < images; i++) {
        labels[i] = (byte) random.nextInt(3);
      }
      return new LabeledImages("noise", 3, SIDE, SIDE, 3, pixels, labels);
    }

    @Override
    public Model model(Session session) {
      return convolutional
          ? ResNet.create(session, new ResNetSpec(8, 3, 3), 1)
          : Mlp.create(session, MlpSpec.tanh(3 * SIDE * SIDE, 9, 3), 1);
    }

    @Override
    public Training training(
        Session session, Model model, TrainingOptions options, Follower follower) {
      DataSplit data = new DataSplit("noise", set(IMAGES), set(7));
      Preparation preparation =
          new Preparation(Normalization.of(data.train()), Augmentation.CROP_AND_FLIP);
      return new Trainer(session, (Classifier) model, data)
          .prepared(preparation)
          .options(options)
          .listener(follower);
    }

    @Override
    public int batch() {
      // Three batches and a smaller one.
      return 6;
    }
  }

  private final class Text implements Task {

    private TextCorpus corpus() throws IOException {
      Random random = new Random(5);
      StringBuilder text = new StringBuilder();
      while (text.length() < 400) {
        text.append(List.of("abcd ", "xbyd ").get(random.nextInt(2)));
      }
      Path file = folder.resolve("text");
      Files.writeString(file, text);
      return TextCorpus.load(file);
    }

    @Override
    public Model model(Session session) {
      return CharLstm.create(session, new CharLstmSpec(7, 8, 8, 2, 0.3), 1);
    }

    @Override
    public Training training(
        Session session, Model model, TrainingOptions options, Follower follower)
        throws IOException {
      return new LanguageTrainer(session, (CharLstm) model, corpus())
          .options(options)
          .unroll(19)
          .listener(follower);
    }

    @Override
    public int batch() {
      // Four batches.
      return 4;
    }
  }

  // What all runs of a test have.
  private Optional<CoolDown> coolDown = Optional.empty();
  private long coolAfter = Long.MAX_VALUE;

  private Follower run(Task task, String tower, int epochs, long limit, long stopAfter, Path from)
      throws IOException {
    Follower follower = new Follower();
    follower.stopAfter = stopAfter;
    follower.coolAfter = coolAfter;
    try (Session session = open()) {
      Model model = task.model(session);
      TrainingOptions options = new TrainingOptions(epochs, task.batch(), 3).limitedTo(limit);
      options = coolDown.map(options::withCoolDown).orElse(options);
      Training training = task.training(session, model, options, follower);
      follower.steps = from == null ? 0 : RunState.read(from).steps();
      Score score =
          from == null
              ? training.run(Tower.parse(tower))
              : training.resume(Tower.parse(tower), RunState.read(from));
      follower.told.add(score);
      for (Parameter parameter : model.parameters()) {
        for (double value : parameter.value().toDoubles()) {
          follower.told.add(value);
        }
      }
      for (Buffer buffer : model.buffers()) {
        for (double value : buffer.toDoubles()) {
          follower.told.add(value);
        }
      }
    }
    return follower;
  }

  private void assertGoesOn(Task task, String tower) throws IOException {
    Follower whole = run(task, tower, EPOCHS, Long.MAX_VALUE, Long.MAX_VALUE, null);
    assertEquals(4 * EPOCHS, whole.steps);
    Path file = folder.resolve("state.safetensors");
    // As it was while the run went on, at an epoch's end and within one.
    for (int step : new int[] {4, 11}) {
      assertEquals(step, whole.copies.get(step - 1).steps());
      whole.copies.get(step - 1).write(file);
      Follower resumed = run(task, tower, EPOCHS, Long.MAX_VALUE, Long.MAX_VALUE, file);
      // An epoch that had ended before its judgement is not judged afterwards.
      assertTail(whole, resumed, "copied after " + step);
    }
    // Stopped at once, within the first epoch, at an epoch's end, within a later epoch.
    for (long stop : new long[] {0, 2, 4, 11}) {
      run(task, tower, EPOCHS, Long.MAX_VALUE, stop, null).last.write(file);
      Follower resumed = run(task, tower, EPOCHS, Long.MAX_VALUE, Long.MAX_VALUE, file);
      assertTail(whole, resumed, "stopped after " + stop);
    }
    // Shorter runs that had ended, by number of epochs or of steps.
    run(task, tower, 2, Long.MAX_VALUE, Long.MAX_VALUE, null).last.write(file);
    assertTail(whole, run(task, tower, EPOCHS, Long.MAX_VALUE, Long.MAX_VALUE, file), "2 epochs");
    run(task, tower, EPOCHS, 7, Long.MAX_VALUE, null).last.write(file);
    assertTail(whole, run(task, tower, EPOCHS, Long.MAX_VALUE, Long.MAX_VALUE, file), "7 steps");
  }

  /** What a resumed run tells is what the whole one told last. */
  private static void assertTail(Follower whole, Follower resumed, String how) {
    int from = whole.told.size() - resumed.told.size();
    assertFalse(from < 0, how);
    assertEquals(whole.told.subList(from, whole.told.size()), resumed.told, how);
    assertEquals(whole.steps, resumed.steps, how);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sgd(0.05)",
        "sgd(0.05, mu=0.9)/sgd(1e-3)",
        "adam(0.01)/sgd(1e-5)",
        "adam(0.01)/adam(1e-3)/sgd(1e-4)",
        "sgd-per-param(layer1.weight=0.1, layer2.weight=0.1)/sgd(1e-3)",
        "rmsprop(0.01)/sgd(1e-5)",
        "adagrad(0.05)/sgd(1e-3)",
        "adamw(0.01)/sgd(1e-5) clip=1 schedule=warmup(3, cosine(13))"
      })
  void mlp(String tower) throws IOException {
    assertGoesOn(new Images(false), tower);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sgd(0.05, mu=0.9, tune=alpha)/sgd(1e-4)", "adam(0.01)/sgd(1e-5) clip=1"})
  void resNet(String tower) throws IOException {
    assertGoesOn(new Images(true), tower);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sgd(0.5) clip=0.5", "adam(0.01)/sgd(1e-5)"})
  void charLstm(String tower) throws IOException {
    assertGoesOn(new Text(), tower);
  }

  /** Stopped after any step, before, at and after the beginning of the cool-down. */
  private Follower assertCoolsDownOn(Task task, String tower) throws IOException {
    Follower whole = run(task, tower, 10 * EPOCHS, Long.MAX_VALUE, Long.MAX_VALUE, null);
    Path file = folder.resolve("state.safetensors");
    for (int stop = 0; stop < whole.steps; stop++) {
      run(task, tower, 10 * EPOCHS, Long.MAX_VALUE, stop, null).last.write(file);
      Follower resumed = run(task, tower, 10 * EPOCHS, Long.MAX_VALUE, Long.MAX_VALUE, file);
      assertTail(whole, resumed, "stopped after " + stop);
      if (stop > 0) {
        whole.copies.get(stop - 1).write(file);
        resumed = run(task, tower, 10 * EPOCHS, Long.MAX_VALUE, Long.MAX_VALUE, file);
        assertTail(whole, resumed, "copied after " + stop);
      }
    }
    assertEquals(whole.steps, whole.last.coolDownEnd().orElseThrow());
    return whole;
  }

  private static List<Object> reasons(Follower follower) {
    return follower.told.stream().filter(String.class::isInstance).toList();
  }

  @ParameterizedTest
  @EnumSource(
      value = Metric.class,
      names = {"TEST_ERROR", "TEST_LOSS"})
  void coolDownOfAnMlp(Metric metric) throws IOException {
    coolDown = Optional.of(new CoolDown(0.4, Optional.of(metric), 2));
    Follower whole = assertCoolsDownOn(new Images(false), "sgd(0.5, mu=0.9)/sgd(1e-3)");
    List<Double> judged = new ArrayList<>();
    whole.told.stream()
        .filter(Evaluation.class::isInstance)
        .forEach(e -> judged.add(metric.of(0, (Evaluation) e)));
    // The epoch at which two, one after the other, were no better than the best before.
    int epoch = 0;
    int best = 0;
    while (epoch - best < 2) {
      epoch++;
      best = judged.get(epoch) < judged.get(best) ? epoch : best;
    }
    long begin = 4L * (epoch + 1);
    long end = begin + Math.round(0.4 * begin);
    assertEquals(
        List.of(metric.text() + " has not improved for 2 epochs, until " + end), reasons(whole));
    assertEquals(end, whole.steps);
  }

  @Test
  void coolDownOfAText() throws IOException {
    coolDown = Optional.of(new CoolDown(0.6, Optional.of(Metric.VALID_PERPLEXITY), 1));
    Follower whole = assertCoolsDownOn(new Text(), "adam(0.1)/sgd(1e-5)");
    assertEquals(1, reasons(whole).size());
    assertTrue(reasons(whole).getFirst().toString().startsWith("valid perplexity has not"));
  }

  @Test
  void coolDownThatIsAskedFor() throws IOException {
    coolAfter = 7;
    Follower whole = assertCoolsDownOn(new Images(false), "adam(0.01) schedule=ondemand");
    assertEquals(List.of("as was asked for, until 9"), reasons(whole));
  }

  /** The last quarter of a run, which is that of a decay. */
  @Test
  void coolDownAtTheEnd() throws IOException {
    Follower decayed =
        run(
            new Images(false),
            "sgd(0.1)/sgd(0.01) schedule=decay(0.25)",
            EPOCHS,
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            null);
    coolDown = Optional.of(new CoolDown(1.0 / 3, Optional.of(Metric.TRAIN_LOSS), 99));
    for (String tower : List.of("sgd(0.1)/sgd(0.01)", "sgd(0.1)/sgd(0.01) schedule=decay(0.7)")) {
      Follower cooled = run(new Images(false), tower, EPOCHS, Long.MAX_VALUE, Long.MAX_VALUE, null);
      assertEquals(List.of("these are the last of the run, until 16"), reasons(cooled));
      cooled.told.removeIf(String.class::isInstance);
      assertEquals(decayed.told, cooled.told);
    }
  }

  @Test
  void whatCannotCoolDownIsRefused() {
    coolDown = Optional.of(CoolDown.onceStalled(Metric.VALID_PERPLEXITY));
    refused("a classifier has no valid perplexity; it has train loss, test loss", "sgd(0.1)");
    coolDown = Optional.of(CoolDown.atTheEnd(0.2));
    refused("the tower has cosine, and ondemand would fit", "sgd(0.1) schedule=cosine");
    refused("warmup(2, cosine(9)), and ondemand", "sgd(0.1) schedule=warmup(2, cosine(9))");
  }

  private void refused(String why, String tower) {
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () -> run(new Images(false), tower, 1, Long.MAX_VALUE, Long.MAX_VALUE, null));
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }
}

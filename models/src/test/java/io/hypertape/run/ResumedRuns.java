package io.hypertape.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.models.Model;
import io.hypertape.optim.Tower;
import io.hypertape.shards.Shards;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that was stopped and goes on from its file is the one that ran through, in every bit. */
public abstract class ResumedRuns {

  private static final int EPOCHS = 4;

  @TempDir private Path folder;

  /** The session to be tested. */
  protected abstract Session open();

  /** Runs are stopped after every so many steps: each, unless a step takes its time. */
  protected int stride() {
    return 1;
  }

  // What all runs of a test have.
  private Optional<CoolDown> coolDown = Optional.empty();
  private long coolAfter = Long.MAX_VALUE;
  private long evaluateEvery;
  private Optional<Metric> best = Optional.empty();
  private Optional<Shards> shards = Optional.empty();

  private RunFollower run(
      RunTasks.Task task, String tower, int epochs, long limit, long stopAfter, Path from)
      throws IOException {
    RunFollower follower = new RunFollower();
    follower.stopAfter = stopAfter;
    follower.coolAfter = coolAfter;
    try (Session session = open()) {
      Model model = task.model(session);
      TrainingOptions options = new TrainingOptions(epochs, task.batch(), 3).limitedTo(limit);
      options = options.withEvaluateEvery(evaluateEvery);
      options = coolDown.map(options::withCoolDown).orElse(options);
      options = best.map(options::withBest).orElse(options);
      options = shards.map(options::withShards).orElse(options);
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

  private void assertGoesOn(RunTasks.Task task, String tower) throws IOException {
    RunFollower whole = run(task, tower, EPOCHS, Long.MAX_VALUE, Long.MAX_VALUE, null);
    assertEquals(4 * EPOCHS, whole.steps);
    Path file = folder.resolve("state.safetensors");
    // As it was while the run went on, at an epoch's end and within one.
    for (int step : new int[] {4, 11}) {
      assertEquals(step, whole.copies.get(step - 1).steps());
      whole.copies.get(step - 1).write(file);
      RunFollower resumed = run(task, tower, EPOCHS, Long.MAX_VALUE, Long.MAX_VALUE, file);
      // An epoch that had ended before its judgement is not judged afterwards.
      assertTail(whole, resumed, "copied after " + step);
    }
    // Stopped at once, within the first epoch, at an epoch's end, within a later epoch.
    for (long stop : new long[] {0, 2, 4, 11}) {
      run(task, tower, EPOCHS, Long.MAX_VALUE, stop, null).last.write(file);
      RunFollower resumed = run(task, tower, EPOCHS, Long.MAX_VALUE, Long.MAX_VALUE, file);
      assertTail(whole, resumed, "stopped after " + stop);
    }
    // Shorter runs that had ended, by number of epochs or of steps.
    run(task, tower, 2, Long.MAX_VALUE, Long.MAX_VALUE, null).last.write(file);
    assertTail(whole, run(task, tower, EPOCHS, Long.MAX_VALUE, Long.MAX_VALUE, file), "2 epochs");
    run(task, tower, EPOCHS, 7, Long.MAX_VALUE, null).last.write(file);
    assertTail(whole, run(task, tower, EPOCHS, Long.MAX_VALUE, Long.MAX_VALUE, file), "7 steps");
  }

  /** What a resumed run tells is what the whole one told last. */
  private static void assertTail(RunFollower whole, RunFollower resumed, String how) {
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
    assertGoesOn(new RunTasks.Images(false), tower);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sgd(0.05, mu=0.9, tune=alpha)/sgd(1e-4)", "adam(0.01)/sgd(1e-5) clip=1"})
  void resNet(String tower) throws IOException {
    assertGoesOn(new RunTasks.Images(true), tower);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sgd(0.5) clip=0.5", "adam(0.01)/sgd(1e-5)"})
  void charLstm(String tower) throws IOException {
    assertGoesOn(new RunTasks.Text(folder), tower);
  }

  /** Batches in shards, one after another or side by side: from within the third epoch. */
  @Test
  void shards() throws IOException {
    shards = Optional.of(Shards.of(4));
    for (RunTasks.Task task :
        List.of(new RunTasks.Images(false), new RunTasks.Images(true), new RunTasks.Text(folder))) {
      RunFollower whole = run(task, "adam(0.01)/sgd(1e-5)", 3, 11, Long.MAX_VALUE, null);
      Path file = folder.resolve("state.safetensors");
      whole.copies.get(8).write(file);
      RunFollower resumed = run(task, "adam(0.01)/sgd(1e-5)", 3, 11, Long.MAX_VALUE, file);
      assertEquals(11, resumed.steps);
      assertTail(whole, resumed, "copied after 9");
    }
  }

  /** Stopped after any step, before, at and after the beginning of the cool-down. */
  private RunFollower assertCoolsDownOn(RunTasks.Task task, String tower) throws IOException {
    RunFollower whole = assertEndsAlike(task, tower);
    assertEquals(whole.steps, whole.last.coolDownEnd().orElseThrow());
    return whole;
  }

  private RunFollower assertEndsAlike(RunTasks.Task task, String tower) throws IOException {
    RunFollower whole = run(task, tower, 10 * EPOCHS, Long.MAX_VALUE, Long.MAX_VALUE, null);
    Path file = folder.resolve("state.safetensors");
    for (int stop = 0; stop < whole.steps; stop += stride()) {
      run(task, tower, 10 * EPOCHS, Long.MAX_VALUE, stop, null).last.write(file);
      RunFollower resumed = run(task, tower, 10 * EPOCHS, Long.MAX_VALUE, Long.MAX_VALUE, file);
      assertTail(whole, resumed, "stopped after " + stop);
      if (stop > 0) {
        whole.copies.get(stop - 1).write(file);
        resumed = run(task, tower, 10 * EPOCHS, Long.MAX_VALUE, Long.MAX_VALUE, file);
        assertTail(whole, resumed, "copied after " + stop);
      }
    }
    return whole;
  }

  private static List<Object> reasons(RunFollower follower) {
    return follower.told.stream().filter(String.class::isInstance).toList();
  }

  @ParameterizedTest
  @EnumSource(
      value = Metric.class,
      names = {"TEST_ERROR", "TEST_LOSS"})
  void coolDownOfAnMlp(Metric metric) throws IOException {
    coolDown = Optional.of(new CoolDown(0.4, Optional.of(metric), 2));
    RunFollower whole = assertCoolsDownOn(new RunTasks.Images(false), "sgd(0.5, mu=0.9)/sgd(1e-3)");
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
    RunFollower whole = assertCoolsDownOn(new RunTasks.Text(folder), "adam(0.1)/sgd(1e-5)");
    assertEquals(1, reasons(whole).size());
    assertTrue(reasons(whole).getFirst().toString().startsWith("valid perplexity has not"));
  }

  @Test
  void coolDownThatIsAskedFor() throws IOException {
    coolAfter = 7;
    RunFollower whole =
        assertCoolsDownOn(new RunTasks.Images(false), "adam(0.01) schedule=ondemand");
    assertEquals(List.of("as was asked for, until 9"), reasons(whole));
  }

  /** The last quarter of a run, which is that of a decay. */
  @Test
  void coolDownAtTheEnd() throws IOException {
    RunFollower decayed =
        run(
            new RunTasks.Images(false),
            "sgd(0.1)/sgd(0.01) schedule=decay(0.25)",
            EPOCHS,
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            null);
    coolDown = Optional.of(new CoolDown(1.0 / 3, Optional.of(Metric.TRAIN_LOSS), 99));
    for (String tower : List.of("sgd(0.1)/sgd(0.01)", "sgd(0.1)/sgd(0.01) schedule=decay(0.7)")) {
      RunFollower cooled =
          run(new RunTasks.Images(false), tower, EPOCHS, Long.MAX_VALUE, Long.MAX_VALUE, null);
      assertEquals(List.of("these are the last of the run, until 16"), reasons(cooled));
      cooled.told.removeIf(String.class::isInstance);
      assertEquals(decayed.told, cooled.told);
    }
  }

  /** Judged within epochs too, it ends at once, with the weights of its best judgement. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void earlyStop(boolean text) throws IOException {
    Metric metric = text ? Metric.VALID_PERPLEXITY : Metric.TEST_LOSS;
    coolDown = Optional.of(CoolDown.earlyStop(metric, 3));
    best = Optional.of(metric);
    evaluateEvery = 3;
    RunFollower whole =
        assertEndsAlike(
            text ? new RunTasks.Text(folder) : new RunTasks.Images(false),
            text ? "adam(0.3)" : "sgd(1)");
    assertTrue(whole.last.coolDownEnd().isEmpty());
    String why = metric.text() + " has not improved for 3 evaluations";
    assertEquals(List.of(why), reasons(whole).stream().filter(why::equals).toList());
    // Judgements are those within epochs and at their ends; three of them were no better.
    List<Double> judged = scores(whole.told.subList(0, whole.told.indexOf(why)), metric);
    double last = scores(whole.told, metric).getLast();
    assertEquals(judged.stream().mapToDouble(v -> v).min().orElseThrow(), last);
    assertEquals(judged.size() - 4, judged.indexOf(last));
  }

  private static List<Double> scores(List<Object> told, Metric metric) {
    return told.stream()
        .filter(Score.class::isInstance)
        .map(score -> metric.of(0, (Score) score))
        .toList();
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
            () -> run(new RunTasks.Images(false), tower, 1, Long.MAX_VALUE, Long.MAX_VALUE, null));
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }
}

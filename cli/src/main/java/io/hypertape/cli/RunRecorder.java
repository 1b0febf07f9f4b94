package io.hypertape.cli;

import io.hypertape.cli.spi.Interrupt;
import io.hypertape.cli.spi.OutputLostException;
import io.hypertape.cli.spi.ProgressBar;
import io.hypertape.cli.spi.Terminal;
import io.hypertape.optim.EvaluationWeights;
import io.hypertape.optim.HyperparameterValue;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.plots.Pictures;
import io.hypertape.plots.Plots;
import io.hypertape.plots.Series;
import io.hypertape.run.Metric;
import io.hypertape.run.RunState;
import io.hypertape.run.Score;
import io.hypertape.run.Training;
import io.hypertape.run.TrainingListener;
import io.hypertape.run.folder.MetricsCsv;
import io.hypertape.run.folder.RunFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Shows a run and keeps it: a bar and lines for people, a table, the model, the run's state and a
 * picture in a folder.
 */
final class RunRecorder implements TrainingListener, AutoCloseable {

  /** Rows that a table has at the most; a longer run writes every k-th step. */
  private static final int MAX_ROWS = 20_000;

  private static final int MAX_SHOWN = 8;
  private static final long CHECK_NANOS = 1_000_000_000L;

  private final RunFolder folder;
  private final PreparedModel model;
  private final PrintStream out;
  private final PrintStream err;
  private final BooleanSupplier stop;
  private ProgressBar bar;
  private long every = 1;
  private int epochs;
  private Map<String, String> notes = Map.of();
  private final long start = System.nanoTime();
  private MetricsCsv table;
  private ScoreTable scores;
  private long evaluateEvery;
  private boolean keepsBest;
  private List<HyperparameterValue> first = List.of();
  private final List<double[]> rows = new ArrayList<>();
  private Optional<RunState> from = Optional.empty();
  private Map<String, ?> config = Map.of();
  private long checked = System.nanoTime();
  private int lastEpoch;
  private int epochsDone;
  // Steps after which the last judgement was written down.
  private long scored = -1;
  private final Latest latest = new Latest();
  private volatile long saved = -1;
  private Optional<OutputLostException> lost = Optional.empty();
  // Asked for by Ctrl-C, on another thread.
  private volatile boolean coolDownAsked;
  private volatile boolean canCoolDown;

  RunRecorder(
      RunFolder folder,
      PreparedModel model,
      PrintStream out,
      PrintStream err,
      BooleanSupplier stop) {
    this.folder = folder;
    this.model = model;
    this.out = out;
    this.err = err;
    this.bar = new ProgressBar(err, false, "steps", 0);
    this.stop = stop;
  }

  /**
   * Learns how long the run shall be, what config.json shall say, and what is to be noted in the
   * model's file. Nothing is written before the run is under way.
   */
  void expect(Training training, Map<String, ?> newConfig, Map<String, String> newNotes) {
    config = newConfig;
    notes = newNotes;
    every = Math.max(1, (training.steps() + MAX_ROWS - 1) / MAX_ROWS);
    epochs = training.epochs();
    bar = new ProgressBar(err, Terminal.isInteractive(), "steps", training.steps());
  }

  /** Learns when the model is judged, and whether its file has the best rather than the last. */
  void judges(long every, boolean best) {
    evaluateEvery = every;
    keepsBest = best;
  }

  /** Learns where the run goes on from. */
  void resume(RunState state) {
    from = Optional.of(state);
    saved = state.steps();
    epochsDone = state.epoch() - 1;
    bar.startAt(state.steps());
  }

  @Override
  public void begin(TowerOptimizer optimizer) throws IOException {
    folder.checkThere();
    first = optimizer.hyperparameters();
    List<String> columns = new ArrayList<>(List.of("step", "loss"));
    first.forEach(v -> columns.add(v.label()));
    Path file = folder.file(RunFolder.METRICS);
    if (from.isPresent()) {
      Optional<String> seal = from.get().note(RunFolder.METRICS);
      rows.addAll(MetricsCsv.goBack(file, from.get().steps(), seal));
      table = MetricsCsv.append(file, columns);
    } else {
      table = new MetricsCsv(file, columns);
    }
    scores = new ScoreTable(folder.file(RunFolder.EPOCHS), evaluateEvery, from);
    folder.writeConfig(config);
    // It shows how an earlier run ended; while there is none, the end is still to come.
    Files.deleteIfExists(folder.file(RunFolder.PLOT));
    canCoolDown = optimizer.coolDownEnd().isEmpty();
    if (!canCoolDown) {
      endAt(optimizer);
    }
  }

  @Override
  public void step(long step, double loss, TowerOptimizer optimizer) throws IOException {
    bar.update(step, String.format(Locale.ROOT, "loss %.4f", loss));
    if (step % every != 0 && step != 1) {
      return;
    }
    if (System.nanoTime() - checked > CHECK_NANOS) {
      folder.checkThere();
      checked = System.nanoTime();
    }
    List<HyperparameterValue> values = optimizer.hyperparameters();
    double[] row = new double[2 + values.size()];
    row[0] = step;
    row[1] = loss;
    for (int i = 0; i < values.size(); i++) {
      row[2 + i] = values.get(i).value();
    }
    table.row(row);
    rows.add(row);
  }

  @Override
  public void epoch(int epoch, double trainLoss, Score test, TowerOptimizer optimizer)
      throws IOException {
    tell("epoch " + epoch + "/" + epochs, trainLoss, test, optimizer);
    if (optimizer.steps() > scored) {
      score(epoch, trainLoss, test, optimizer);
    }
    lastEpoch = epoch;
    epochsDone = epoch;
    if (!keepsBest) {
      save(optimizer);
    }
  }

  @Override
  public void evaluated(long step, double trainLoss, Score score, TowerOptimizer optimizer)
      throws IOException {
    tell("step " + step, trainLoss, score, optimizer);
    score(epochsDone + 1, trainLoss, score, optimizer);
  }

  private void score(int epoch, double trainLoss, Score score, TowerOptimizer optimizer)
      throws IOException {
    scored = optimizer.steps();
    scores.row(scored, epoch, trainLoss, score);
  }

  @Override
  public void improved(Metric metric, double value, TowerOptimizer optimizer) throws IOException {
    save(optimizer);
  }

  private void tell(String when, double trainLoss, Score score, TowerOptimizer optimizer) {
    bar.clear();
    try {
      out.printf(
          Locale.ROOT,
          "%s  train loss %.4f  %s  %s%n",
          when,
          trainLoss,
          score.text(),
          shown(optimizer.hyperparameters()));
      out.flush();
    } catch (OutputLostException e) {
      lost = Optional.of(e);
    }
  }

  private void save(TowerOptimizer optimizer) throws IOException {
    try (EvaluationWeights shown = optimizer.evaluation()) {
      save();
    }
  }

  private void save() throws IOException {
    folder.checkThere();
    Interrupt.saving(() -> model.save(folder.file(RunFolder.MODEL), notes));
  }

  @Override
  public void checkpoint(Supplier<RunState> state) throws IOException {
    folder.checkThere();
    Path file = folder.file(RunFolder.STATE);
    RunState now = state.get();
    Map<String, String> seals = seals(table.seal(), scores.seal(now));
    Interrupt.saving(() -> now.write(file, seals));
    saved = now.steps();
    latest.forget(Files.size(file));
  }

  @Override
  public void stepped(Supplier<RunState> state) {
    latest.offer(state, () -> seals(table.mark(), scores.mark()));
  }

  private static Map<String, String> seals(String metrics, Optional<String> epochs) {
    return epochs
        .map(seal -> Map.of(RunFolder.METRICS, metrics, RunFolder.EPOCHS, seal))
        .orElseGet(() -> Map.of(RunFolder.METRICS, metrics));
  }

  /** Saves where the run stood last, while its thread is busy; tells what was saved. */
  String rescue() {
    Optional<Latest.Copy> last = latest.get();
    try {
      if (last.isPresent() && last.get().state().steps() > saved) {
        folder.checkThere();
        table.seal();
        scores.seal(last.get().state());
        last.get().state().write(folder.file(RunFolder.STATE), last.get().seals());
        saved = last.get().state().steps();
      }
    } catch (IOException e) {
      return e.getMessage() + "; " + savedSoFar();
    }
    return savedSoFar();
  }

  private String savedSoFar() {
    return saved < 0
        ? "nothing was saved; begin anew with: hypertape train --resume " + folder.path()
        : "saved in "
            + folder.path()
            + " as it stood after "
            + saved
            + (saved == 1 ? " step" : " steps")
            + howToGoOn();
  }

  String howToGoOn() {
    return "; go on with: hypertape train --resume " + folder.path();
  }

  /** Those that are tuned, or if none is, all. */
  static String shown(List<HyperparameterValue> all) {
    List<HyperparameterValue> tuned = all.stream().filter(HyperparameterValue::tuned).toList();
    List<HyperparameterValue> values = tuned.isEmpty() ? all : tuned;
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < Math.min(values.size(), MAX_SHOWN); i++) {
      HyperparameterValue v = values.get(i);
      text.append(text.isEmpty() ? "" : "  ")
          .append(String.format(Locale.ROOT, "%s=%.5g", v.label(), v.value()));
    }
    return values.size() > MAX_SHOWN
        ? text + "  … (" + (values.size() - MAX_SHOWN) + " more in metrics.csv)"
        : text.toString();
  }

  /**
   * Asks for a cool-down, which ends the run.
   *
   * @return false if none can begin: the run is not under way yet, or one has begun
   */
  boolean askCoolDown() {
    if (!canCoolDown) {
      return false;
    }
    canCoolDown = false;
    coolDownAsked = true;
    err.println("\nhypertape: finishing with a cool-down; Ctrl-C again stops at once");
    return true;
  }

  @Override
  public boolean coolsDown() {
    return coolDownAsked;
  }

  @Override
  public void ending(String why, TowerOptimizer optimizer) {
    bar.clear();
    err.println("ending after step " + optimizer.steps() + ": " + why);
  }

  @Override
  public void coolingDown(String why, TowerOptimizer optimizer) {
    canCoolDown = false;
    bar.clear();
    long begin = optimizer.steps() + 1;
    long end = optimizer.coolDownEnd().orElseThrow();
    err.println("cooling down from step " + begin + " to step " + end + ": " + why);
    endAt(optimizer);
  }

  private void endAt(TowerOptimizer optimizer) {
    long end = optimizer.coolDownEnd().orElseThrow();
    bar = new ProgressBar(err, Terminal.isInteractive(), "steps", end);
    bar.startAt(optimizer.steps());
  }

  @Override
  public boolean stops() {
    return lost.isPresent() || stop.getAsBoolean();
  }

  /** Set if nobody reads what a run tells any more, which ends it. */
  Optional<OutputLostException> lost() {
    return lost;
  }

  /** Writes what a finished or an interrupted run leaves. */
  void finish(String title) throws IOException {
    canCoolDown = false;
    bar.clear();
    save();
    draw(title);
  }

  /** What is there of the run, for one that has gone wrong since. */
  String kept() {
    if (!Files.exists(folder.file(RunFolder.MODEL))) {
      return "no model was saved in " + folder.path();
    }
    return (keepsBest
            ? "the best model so far"
            : lastEpoch > 0
                ? "the model after epoch " + lastEpoch
                : "the model as it was saved last")
        + " and the state that --resume goes on from stay in "
        + folder.path();
  }

  /** Draws what has been recorded, if anything. */
  void draw(String title) throws IOException {
    if (rows.isEmpty()) {
      return;
    }
    List<Series> paths = new ArrayList<>();
    for (int i = 0; i < first.size(); i++) {
      if (first.get(i).tuned() || (first.size() <= 2 && i == 0)) {
        paths.add(new Series(first.get(i).label(), column(0), column(2 + i)));
      }
    }
    Series loss = new Series("loss", column(0), column(1));
    Path file = folder.file(RunFolder.PLOT);
    Interrupt.saving(() -> Pictures.draw(file, () -> Plots.training(file, title, loss, paths)));
  }

  private double[] column(int k) {
    return rows.stream().mapToDouble(row -> row[k]).toArray();
  }

  double seconds() {
    return (System.nanoTime() - start) * 1e-9;
  }

  @Override
  public void close() throws IOException {
    bar.clear();
    if (table != null) {
      table.close();
    }
    if (scores != null) {
      scores.close();
    }
  }
}

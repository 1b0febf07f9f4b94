package io.hypertape.spark;

import io.hypertape.optim.HyperparameterValue;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.run.RunState;
import io.hypertape.run.Score;
import io.hypertape.run.TrainingListener;
import io.hypertape.run.folder.RunFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What worker 0 keeps of a run: its numbers, and its states if it is told where. */
final class StateKeeper implements TrainingListener {

  /** Rows of a table of steps at the most. */
  private static final int MOST_ROWS = 10_000;

  private static final int MOST_SHOWN = 8;

  private final Optional<StateFolder> folder;
  private final long every;
  private final Consumer<String> progress;
  private RunTable metrics = new RunTable();
  private RunTable epochs = new RunTable();
  private long rowEvery = 1;
  private int lastEpoch;
  private int epochsDone;
  private long steps;

  StateKeeper(Optional<StateFolder> folder, long every, Consumer<String> progress) {
    this.folder = folder;
    this.every = every;
    this.progress = progress;
  }

  /** Learns how long the run shall be. */
  void expect(long allSteps, int allEpochs) {
    rowEvery = Math.max(1, (allSteps + MOST_ROWS - 1) / MOST_ROWS);
    lastEpoch = allEpochs;
  }

  /** Goes on with the tables of a state. */
  void goOn(RunState state) {
    metrics = state.note(RunFolder.METRICS).map(RunTable::parse).orElseGet(RunTable::new);
    epochs = state.note(RunFolder.EPOCHS).map(RunTable::parse).orElseGet(RunTable::new);
    epochsDone = state.epoch() - 1;
  }

  long steps() {
    return steps;
  }

  RunTable metrics() {
    return metrics;
  }

  RunTable epochs() {
    return epochs;
  }

  @Override
  public void begin(TowerOptimizer optimizer) {
    steps = optimizer.steps();
    if (metrics.columns().isEmpty()) {
      metrics.columns().addAll(List.of("step", "loss"));
      optimizer.hyperparameters().forEach(value -> metrics.columns().add(value.label()));
    }
  }

  @Override
  public void step(long step, double loss, TowerOptimizer optimizer) {
    steps = step;
    if (step % rowEvery == 0 || step == 1) {
      List<Double> row = new ArrayList<>(List.of((double) step, loss));
      optimizer.hyperparameters().forEach(value -> row.add(value.value()));
      metrics.rows().add(numbers(row));
    }
  }

  @Override
  public void epoch(int epoch, double trainLoss, Score test, TowerOptimizer optimizer) {
    judged(epoch, trainLoss, test);
    epochsDone = epoch;
    say("epoch " + epoch + "/" + lastEpoch, trainLoss, test, optimizer);
  }

  @Override
  public void evaluated(long step, double trainLoss, Score score, TowerOptimizer optimizer) {
    judged(epochsDone + 1, trainLoss, score);
    say("step " + step, trainLoss, score, optimizer);
  }

  private void judged(int epoch, double trainLoss, Score score) {
    Map<String, Double> numbers = score.numbers();
    if (epochs.columns().isEmpty()) {
      epochs.columns().addAll(List.of("step", "epoch", "train_loss"));
      epochs.columns().addAll(numbers.keySet());
    }
    if (!epochs.rows().isEmpty() && epochs.rows().getLast()[0] >= steps) {
      // Judged after this step already, within the epoch.
      return;
    }
    List<Double> row = new ArrayList<>(List.of((double) steps, (double) epoch, trainLoss));
    row.addAll(numbers.values());
    epochs.rows().add(numbers(row));
  }

  private static double[] numbers(List<Double> row) {
    return row.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private void say(String when, double trainLoss, Score score, TowerOptimizer optimizer) {
    String values =
        optimizer.hyperparameters().stream()
            .filter(HyperparameterValue::tuned)
            .limit(MOST_SHOWN)
            .map(value -> String.format(Locale.ROOT, "  %s=%.5g", value.label(), value.value()))
            .collect(Collectors.joining());
    progress.accept(
        String.format(
            Locale.ROOT, "%s  train loss %.4f  %s%s", when, trainLoss, score.text(), values));
  }

  @Override
  public void stepped(Supplier<RunState> state) throws IOException {
    if (every > 0 && steps % every == 0) {
      keep(state);
    }
  }

  @Override
  public void checkpoint(Supplier<RunState> state) throws IOException {
    keep(state);
  }

  private void keep(Supplier<RunState> state) throws IOException {
    if (folder.isPresent()) {
      Map<String, String> tables =
          Map.of(RunFolder.METRICS, metrics.text(), RunFolder.EPOCHS, epochs.text());
      folder.get().write(state.get(), tables);
    }
  }
}

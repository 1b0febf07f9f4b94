package io.hypertape.cli;

import io.hypertape.run.RunState;
import io.hypertape.run.Score;
import io.hypertape.run.folder.MetricsCsv;
import io.hypertape.run.folder.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The table of a run's judgements, which begins with the first: they tell its columns. */
final class ScoreTable implements AutoCloseable {

  private static final List<String> FIRST = List.of("step", "epoch", "train_loss");

  private final Path file;
  private final long every;
  private Optional<MetricsCsv> table = Optional.empty();
  // The last row's step, and the seal of what is before it.
  private long last = -1;
  private Optional<String> before = Optional.empty();

  /**
   * Takes what an earlier part of the run has left back to where the run goes on.
   *
   * @param every steps after which it is judged within epochs; 0 for never
   */
  ScoreTable(Path file, long every, Optional<RunState> from) throws IOException {
    this.file = file;
    this.every = every;
    if (from.isPresent()) {
      long steps = from.get().steps();
      long kept = isDue(from.get()) ? steps : steps - 1;
      before = from.get().note(RunFolder.EPOCHS);
      MetricsCsv.goBack(file, kept, before);
    } else {
      Files.deleteIfExists(file);
    }
  }

  /** Whether a run that goes on from there was judged there: one that ends within an epoch is. */
  private boolean isDue(RunState state) {
    return !state.isWithinEpoch() || every > 0 && state.steps() % every == 0;
  }

  void row(long step, int epoch, double trainLoss, Score score) throws IOException {
    Map<String, Double> numbers = score.numbers();
    if (table.isEmpty()) {
      List<String> columns = new ArrayList<>(FIRST);
      columns.addAll(numbers.keySet());
      table = Optional.of(MetricsCsv.append(file, columns));
    }
    before = table.map(MetricsCsv::mark);
    last = step;
    double[] row = new double[FIRST.size() + numbers.size()];
    row[0] = step;
    row[1] = epoch;
    row[2] = trainLoss;
    int k = FIRST.size();
    for (double number : numbers.values()) {
      row[k++] = number;
    }
    table.get().row(row);
    table.get().flush();
  }

  /** Brings all rows to the disk; the checksum of those that the state goes on from, if any. */
  Optional<String> seal(RunState state) throws IOException {
    if (table.isEmpty()) {
      return before;
    }
    String whole = table.get().seal();
    return last == state.steps() && !isDue(state) ? before : Optional.of(whole);
  }

  /** What {@link #seal} tells, of rows that need not have come to the disk yet. */
  Optional<String> mark() {
    return table.map(MetricsCsv::mark).or(() -> before);
  }

  @Override
  public void close() throws IOException {
    if (table.isPresent()) {
      table.get().close();
    }
  }
}

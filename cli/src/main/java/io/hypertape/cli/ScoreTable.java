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
  private Optional<MetricsCsv> table = Optional.empty();

  /**
   * Takes what an earlier part of the run has left back to where the run goes on.
   *
   * @param every steps after which it is judged within epochs; 0 for never
   */
  ScoreTable(Path file, long every, Optional<RunState> from) throws IOException {
    this.file = file;
    if (from.isPresent()) {
      long steps = from.get().steps();
      boolean isDue = !from.get().isWithinEpoch() || every > 0 && steps % every == 0;
      // A run that ended within an epoch was judged there; one that goes on is not.
      MetricsCsv.goBack(file, isDue ? steps : steps - 1, from.get().note(RunFolder.EPOCHS));
    } else {
      Files.deleteIfExists(file);
    }
  }

  void row(long step, int epoch, double trainLoss, Score score) throws IOException {
    Map<String, Double> numbers = score.numbers();
    if (table.isEmpty()) {
      List<String> columns = new ArrayList<>(FIRST);
      columns.addAll(numbers.keySet());
      table = Optional.of(MetricsCsv.append(file, columns));
    }
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

  /** Brings all rows to the disk; their checksum, if there are any. */
  Optional<String> seal() throws IOException {
    return table.isPresent() ? Optional.of(table.get().seal()) : Optional.empty();
  }

  /** What {@link #seal} tells, of rows that need not have come to the disk yet. */
  Optional<String> mark() {
    return table.map(MetricsCsv::mark);
  }

  @Override
  public void close() throws IOException {
    if (table.isPresent()) {
      table.get().close();
    }
  }
}

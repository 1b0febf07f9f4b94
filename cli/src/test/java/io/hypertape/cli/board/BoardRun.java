package io.hypertape.cli.board;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/**
 * A run's folder as a run leaves it, written by hand.
 *
 * @param folder where
 */
record BoardRun(Path folder) {

  static final String COLUMNS = "step,loss,L1.sgd.alpha,L2.sgd.alpha";

  /** A run that has been begun, without rows. */
  static BoardRun begin(Path folder, String optimizer) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve("config.json"),
        "{\"command\": \"train\", \"model\": \"mlp\", \"data\": \"strokes\", \"steps\": 1000,"
            + " \"optimizer\": \""
            + optimizer
            + "\", \"options\": {\"--seed\": \"1\"}}");
    Files.writeString(folder.resolve("metrics.csv"), COLUMNS + "\n");
    return new BoardRun(folder);
  }

  Path metrics() {
    return folder.resolve("metrics.csv");
  }

  BoardRun append(String text) throws IOException {
    Files.writeString(metrics(), text, StandardOpenOption.APPEND);
    return this;
  }

  /** Rows of a loss that falls, while the step size grows. */
  BoardRun rows(int first, int last) throws IOException {
    StringBuilder rows = new StringBuilder();
    for (int step = first; step <= last; step++) {
      rows.append(row(step, 2.0 / (1 + 0.01 * step)));
    }
    return append(rows.toString());
  }

  static String row(int step, double loss) {
    return String.format(Locale.ROOT, "%d,%s,%s,0.01%n", step, loss, 0.01 + 1e-4 * step)
        .replace("\r", "");
  }
}

package io.hypertape.cli;

import io.hypertape.data.DataSplit;
import io.hypertape.data.Mnist;
import io.hypertape.data.Strokes;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Option;

/** The options that say what to learn from. */
final class DataOptions {

  /** The strokes are one data set, whatever else is random. */
  static final long STROKES_SEED = 1;

  enum Kind {
    STROKES,
    MNIST;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Option(
      names = "--data",
      paramLabel = "strokes|mnist",
      description =
          "strokes: digits that the program draws; mnist: from --data-dir, or downloaded"
              + " (default: ${DEFAULT-VALUE})")
  private Kind kind = Kind.STROKES;

  @Option(names = "--data-dir", paramLabel = "DIR", description = "folder of MNIST's four files")
  private Path folder;

  DataOptions() {}

  String name() {
    return kind.toString();
  }

  DataSplit load(PrintStream err) throws IOException {
    return switch (kind) {
      case STROKES -> Strokes.generate(STROKES_SEED);
      case MNIST -> folder != null ? Mnist.load(folder) : download(err);
    };
  }

  private static DataSplit download(PrintStream err) throws IOException {
    boolean interactive = Terminal.isInteractive();
    String[] current = {""};
    ProgressBar[] bar = new ProgressBar[1];
    try {
      return Mnist.download(
          (file, received, total) -> {
            if (!file.equals(current[0])) {
              if (bar[0] != null) {
                bar[0].clear();
              }
              current[0] = file;
              bar[0] = new ProgressBar(err, interactive, "bytes", total);
            }
            bar[0].update(received, file);
          });
    } finally {
      if (bar[0] != null) {
        bar[0].clear();
      }
    }
  }
}

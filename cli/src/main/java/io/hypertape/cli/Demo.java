package io.hypertape.cli;

import io.hypertape.autodiff.Session;
import io.hypertape.cli.spi.Interrupt;
import io.hypertape.cli.spi.ProgressBar;
import io.hypertape.cli.spi.Terminal;
import io.hypertape.data.DataSplit;
import io.hypertape.io.guard.ChecksumList;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.optim.Sgd;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.plots.Plots;
import io.hypertape.plots.Series;
import io.hypertape.run.DivergedException;
import io.hypertape.run.Trainer;
import io.hypertape.run.TrainingListener;
import io.hypertape.run.TrainingOptions;
import io.hypertape.run.folder.MetricsCsv;
import io.hypertape.run.folder.RunFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What towers are for, in one picture: test error against the step size that a run starts from, for
 * SGD with a fixed step size and for SGD tuned by one, two and three levels of SGD, all levels
 * starting from the same step size.
 */
final class Demo {

  private static final double[] STEP_SIZES = {1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10};
  private static final int HEIGHTS = 4;

  private final Session session;
  private final MlpSpec form;
  private final DataSplit data;
  private final TrainingOptions options;
  private final RunFolder folder;
  private final Interrupt interrupt;

  Demo(
      Session session,
      MlpSpec form,
      DataSplit data,
      int epochs,
      TrainingOptions options,
      RunFolder folder,
      Interrupt interrupt) {
    this.session = session;
    this.form = form;
    this.data = data;
    this.options = new TrainingOptions(epochs, options.batch(), options.seed());
    this.folder = folder;
    this.interrupt = interrupt;
  }

  int run(PrintStream out, PrintStream err) throws IOException {
    long steps = Trainer.steps(data, options) * STEP_SIZES.length * HEIGHTS;
    List<Series> lines = new ArrayList<>();
    interrupt.otherwise(
        () -> "the table so far is in " + folder.file("demo.csv") + "; a demo begins anew");
    try (ProgressBar bar = new ProgressBar(err, Terminal.isInteractive(), "steps", steps);
        MetricsCsv table =
            new MetricsCsv(
                folder.file("demo.csv"), List.of("height", "step_size", "test_error_percent"))) {
      out.printf(
          Locale.ROOT,
          "test error (%%) after %d %s of %s%n",
          options.epochs(),
          options.epochs() == 1 ? "epoch" : "epochs",
          data.name());
      out.printf(Locale.ROOT, "%-24s", "initial step size");
      for (double stepSize : STEP_SIZES) {
        out.printf(Locale.ROOT, "%8.0e", stepSize);
      }
      out.println();
      for (int height = 0; height < HEIGHTS && !interrupt.isRequested(); height++) {
        lines.add(line(height, table, bar, out));
      }
    }
    Plots.sensitivity(
        folder.file("demo.png"),
        "SGD on "
            + data.name()
            + ", "
            + options.epochs()
            + (options.epochs() == 1 ? " epoch" : " epochs"),
        lines);
    ChecksumList.write(folder.file("demo.sha256"), List.of(folder.file("demo.csv")));
    out.println("picture in " + folder.file("demo.png"));
    return interrupt.status();
  }

  private static String name(int height) {
    return height == 0 ? "fixed SGD" : "tower of height " + height;
  }

  private Series line(int height, MetricsCsv table, ProgressBar bar, PrintStream out)
      throws IOException {
    double[] errors = new double[STEP_SIZES.length];
    Arrays.fill(errors, Double.NaN);
    for (int i = 0; i < STEP_SIZES.length && !interrupt.isRequested(); i++) {
      long before = Trainer.steps(data, options) * ((long) height * STEP_SIZES.length + i);
      double error = error(height, STEP_SIZES[i], before, bar);
      // Not that of a run that was stopped.
      if (!interrupt.isRequested()) {
        errors[i] = error;
        table.row(height, STEP_SIZES[i], error);
      }
    }
    bar.clear();
    out.printf(Locale.ROOT, "%-24s", name(height));
    for (double error : errors) {
      out.printf(Locale.ROOT, "%8.1f", error);
    }
    out.println();
    out.flush();
    return new Series(name(height), STEP_SIZES, errors);
  }

  /** Test error in percent; that of guessing if the run diverges. */
  private double error(int height, double stepSize, long before, ProgressBar bar)
      throws IOException {
    Tower tower = new Sgd(stepSize).tower();
    for (int level = 0; level < height; level++) {
      tower = tower.tunedBy(new Sgd(stepSize));
    }
    String text = name(height) + " from " + String.format(Locale.ROOT, "%.0e", stepSize);
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void step(long step, double loss, TowerOptimizer optimizer) {
            bar.update(before + step, text);
          }

          @Override
          public boolean stops() {
            return interrupt.isRequested();
          }
        };
    try (Mlp model = Mlp.create(session, form, options.seed())) {
      return 100
          * new Trainer(session, model, data)
              .options(options)
              .listener(listener)
              .run(tower)
              .error();
    } catch (DivergedException e) {
      return 100 * (1 - 1.0 / data.test().classes());
    }
  }
}

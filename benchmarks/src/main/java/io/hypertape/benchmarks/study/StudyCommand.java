package io.hypertape.benchmarks.study;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Precision;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.benchmarks.parts.ChosenBackend;
import io.hypertape.benchmarks.parts.PageHead;
import io.hypertape.benchmarks.parts.Runner;
import io.hypertape.benchmarks.parts.Store;
import io.hypertape.benchmarks.parts.ToldDownload;
import io.hypertape.benchmarks.report.Machine;
import io.hypertape.cli.spi.Interrupt;
import io.hypertape.io.guard.AtomicFile;
import io.hypertape.run.folder.RunLock;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Studies how far optimizers depend on the step size that they start from. */
@Command(
    name = "study",
    description = {
      "Studies how far optimizers depend on the step size that they start from: tasks, optimizers, ten"
          + " starts from 1e-8 to 1e1, several seeds, beside constant and cosine step sizes that are"
          + " tuned on validation data. Test data decide nothing.",
      "",
      "Tasks of the tuning half may be looked at to choose an optimizer's constants; those of the"
          + " report half are only reported.",
      "",
      "Every finished run is kept in the folder: a study that was stopped goes on with the same"
          + " command, and gives the same numbers. Whole, it is some thousands of runs and takes a"
          + " night on two cores; --plan says how many and how long, --quick takes two minutes.",
      ""
    })
final class StudyCommand implements Callable<Integer> {

  private static final int INTERRUPTED = 130;
  private static final int MAX_JOBS = 1024;

  /** What is studied. */
  enum Topic {
    ROBUSTNESS;

    @Override
    public String toString() {
      return "robustness";
    }
  }

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "robustness", description = "what is studied")
  private Topic topic = Topic.ROBUSTNESS;

  @Mixin private StudyOptions what = new StudyOptions();

  @Option(
      names = "--plan",
      description = "only tell how many runs there would be, and about how long they would take")
  private boolean plan;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description =
          "folder with folders mnist, cifar10 and text (tinyshakespeare_input.txt); MNIST and"
              + " CIFAR-10 are downloaded without it")
  private Path data;

  @Option(
      names = "--text",
      paramLabel = "FILE",
      description = "text in UTF-8 for the character LSTMs (default: that of --data-dir)")
  private Path text;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "folder for tables, figures and finished runs (default: ${DEFAULT-VALUE})")
  private Path out = Path.of("runs", "study");

  @Option(
      names = "--backend",
      paramLabel = "auto|cpu|cuda|reference",
      description = "where to train (default: cpu)")
  private Device device = Device.CPU;

  @Option(
      names = {"--jobs", "--threads"},
      paramLabel = "N",
      description =
          "runs at once, a thread each (default: one a processor, on cuda one); results do not depend"
              + " on it")
  private int jobs;

  StudyCommand() {}

  @Override
  public Integer call() throws IOException {
    if (jobs != 0 || spec.commandLine().getParseResult().hasMatchedOption("--jobs")) {
      check("--jobs", jobs, MAX_JOBS);
    }
    if (Files.exists(out) && !Files.isDirectory(out)) {
      throw wrong("--out " + out + " is a file; a folder is expected");
    }
    PrintStream err = System.err;
    Design design = what.design(this::wrong);
    design
        .skipped()
        .forEach(
            (method, why) ->
                err.println("skipped, as it cannot be read: " + method.tower() + " (" + why + ")"));
    StudyData source =
        new StudyData(Optional.ofNullable(data), Optional.ofNullable(text), new ToldDownload(err));
    List<Robustness> tasks = new ArrayList<>();
    for (TaskList task : what.tasks()) {
      tasks.add(new Robustness(task.load(source), design));
    }
    SessionOptions options =
        new SessionOptions(device, Precision.DEFAULT, 1, SessionOptions.Simd.AUTO);
    ChosenBackend backend = ChosenBackend.of(options, err);
    int atOnce = jobs > 0 ? jobs : backend.jobs();
    if (plan) {
      tell(new Plan(tasks, atOnce).text());
      return 0;
    }
    return run(tasks, options, backend, atOnce, err);
  }

  private int run(
      List<Robustness> tasks,
      SessionOptions options,
      ChosenBackend backend,
      int atOnce,
      PrintStream err)
      throws IOException {
    Files.createDirectories(out);
    // The JVM waits for what is within, after Ctrl-C as well.
    try (Interrupt interrupt = new Interrupt();
        RunLock unused = RunLock.take(out)) {
      interrupt.otherwise(this::howToGoOn);
      Store store =
          new Store(
              out.resolve("parts"),
              Map.of("backend", backend.description(), "hypertape", PageHead.version()),
              Map.of("processor", Machine.describe().get("CPU")));
      AtomicFile.removeStrayParts(out);
      store.removeStrayParts();
      Runner runner =
          new Runner(store, options, atOnce, interrupt::isRequested, err, Runner.OnFailure.GO_ON);
      String head =
          PageHead.of("study", spec.commandLine().getParseResult().originalArgs(), backend);
      List<IOException> failures = new ArrayList<>();
      List<Robustness> done = new ArrayList<>();
      for (int i = 0; i < tasks.size(); i++) {
        try {
          if (!runner.run(tasks.get(i), List.copyOf(tasks.subList(i + 1, tasks.size())))) {
            err.println("interrupted; " + howToGoOn());
            return interrupt.isRequested() ? interrupt.status() : INTERRUPTED;
          }
          Robustness task = tasks.get(i);
          tell(task.name(), task.write(runner.results(), out, head));
          done.add(tasks.get(i));
        } catch (IOException e) {
          // The night is long: what the other tasks give is there in the morning.
          err.println(e.getMessage());
          failures.add(e);
        }
      }
      if (!done.isEmpty()) {
        tell(Summary.NAME, new Summary(done).write(runner.results(), out, head));
      }
      if (!failures.isEmpty()) {
        throw failures.getFirst();
      }
      return 0;
    }
  }

  /** Of what has been written: what is kept does not depend on somebody reading along. */
  private void tell(String name, String page) {
    tell(page + "\nwritten: " + out.resolve(name) + ".md, .csv, .json, .png");
  }

  private void tell(String page) {
    PrintWriter screen = spec.commandLine().getOut();
    screen.println();
    screen.println(page);
    screen.flush();
  }

  private String howToGoOn() {
    return "finished runs are kept in "
        + out.resolve("parts")
        + ", and the same command goes on from there";
  }

  private void check(String name, long value, long most) {
    if (value < 1 || value > most) {
      throw wrong(name + " is " + value + "; 1 to " + most + " fit");
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}

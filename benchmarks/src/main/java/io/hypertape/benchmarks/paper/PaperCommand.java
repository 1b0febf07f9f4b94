package io.hypertape.benchmarks.paper;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Precision;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.benchmarks.parts.ChosenBackend;
import io.hypertape.benchmarks.parts.Experiment;
import io.hypertape.benchmarks.parts.PageHead;
import io.hypertape.benchmarks.parts.Runner;
import io.hypertape.benchmarks.parts.Store;
import io.hypertape.benchmarks.parts.ToldDownload;
import io.hypertape.cli.spi.Interrupt;
import io.hypertape.io.guard.AtomicFile;
import io.hypertape.run.folder.RunLock;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Repeats the paper's experiments. */
@Command(
    name = "paper",
    description = {
      "Repeats the experiments of 'Gradient Descent: The Ultimate Optimizer' (arXiv 1909.13371) and"
          + " puts the paper's figures beside ours.",
      "",
      "table1: towers on MNIST, and what they learned tried afresh as fixed values. sensitivity: test"
          + " error against the step size that training starts from. overhead: time and memory against"
          + " a tower's height, beside the paper's own code where --official names it. Without a name"
          + " these three run, sensitivity and overhead of the models that --model names.",
      "",
      "rnn: a character LSTM on the text of --text, Adam fixed and hyperoptimized from three step"
          + " sizes. cnn: ResNet-20 on CIFAR-10, SGD fixed, hyperoptimized and with He's schedule from"
          + " nine starts. Whole, cnn and the sensitivity of resnet20 need a GPU. all: these five.",
      "",
      "Every finished part is kept in the folder: a run that was stopped goes on with the same"
          + " command, and gives the same numbers.",
      ""
    })
final class PaperCommand implements Callable<Integer> {

  private static final int INTERRUPTED = 130;
  private static final int MAX_SEEDS = 1000;
  private static final int MAX_JOBS = 1024;
  private static final long MAX_STEPS = 100_000_000;
  private static final int MAX_EPOCHS = 10_000;
  private static final Set<Topic> OF_MODELS = EnumSet.of(Topic.SENSITIVITY, Topic.OVERHEAD);

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "table1|sensitivity|overhead|rnn|cnn|all",
      arity = "0..*",
      description = "which experiments (default: table1 sensitivity overhead)")
  private Set<Topic> topics = EnumSet.of(Topic.TABLE1, Topic.SENSITIVITY, Topic.OVERHEAD);

  @Option(
      names = "--model",
      paramLabel = "mlp|char-lstm|resnet20",
      split = ",",
      description =
          "what sensitivity and overhead are about; several with commas between them, or the option"
              + " again (default: mlp)")
  private Set<PaperModel> models = EnumSet.of(PaperModel.MLP);

  @Option(
      names = "--quick",
      description =
          "a first look: a tenth of the epochs or less, one seed, fewer step sizes and heights;"
              + " rnn and cnn on a few of the data")
  private boolean quick;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = "runs with the seeds 1 to N (default: 3 for table1, 1 for the others)")
  private Integer seeds = 0;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description =
          "folder of MNIST's four files, or one with such a folder mnist; for cnn and resnet20 of"
              + " CIFAR-10's six files, or one with such a folder cifar10 (default: downloaded)")
  private Path data;

  @Option(
      names = "--text",
      paramLabel = "FILE",
      description = "text in UTF-8 for rnn and char-lstm; the paper's is War and Peace")
  private Path text;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "training steps of rnn and char-lstm (default: 3000, with --quick 200)")
  private long steps;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description =
          "epochs of cnn (default: 200) and of the sensitivity of resnet20 (default: 30); with"
              + " --quick 1")
  private int epochs;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "folder for tables, figures and finished parts (default: ${DEFAULT-VALUE})")
  private Path out = Path.of("runs", "paper");

  @Option(
      names = "--backend",
      paramLabel = "auto|cpu|cuda|reference",
      description = "where to train (default: auto); overhead is measured on cpu or cuda")
  private Device device = Device.AUTO;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description =
          "training runs at once, a thread each (default: one a processor, on cuda one); results do"
              + " not depend on it")
  private int jobs;

  @Option(
      names = "--official",
      paramLabel = "DIR",
      description = "folder with the official code of the paper (gdtuo.py), for overhead")
  private String official = "";

  @Option(
      names = "--python",
      paramLabel = "FILE",
      description = "a Python with torch, for the official code (default: searched for)")
  private String python = "";

  PaperCommand() {}

  @Override
  public Integer call() throws IOException {
    check();
    SessionOptions options =
        new SessionOptions(device, Precision.DEFAULT, 1, SessionOptions.Simd.AUTO);
    PrintStream err = System.err;
    ChosenBackend backend = ChosenBackend.of(options, err);
    Files.createDirectories(out);
    warnOfLength(backend, err);
    // The JVM waits for what is within, after Ctrl-C as well.
    try (Interrupt interrupt = new Interrupt();
        RunLock unused = RunLock.take(out)) {
      interrupt.otherwise(this::howToGoOn);
      Official.Search search =
          asked().contains(Topic.OVERHEAD)
              ? Official.search(official, python)
              : new Official.Search(Optional.empty(), "");
      try {
        return run(interrupt, options, backend, search, err);
      } finally {
        if (search.found().isPresent()) {
          search.found().get().close();
        }
      }
    }
  }

  private void warnOfLength(ChosenBackend backend, PrintStream err) {
    boolean isLong =
        asked().contains(Topic.CNN)
            || asked().contains(Topic.SENSITIVITY) && models.contains(PaperModel.RESNET20);
    if (isLong && !quick && backend.device() != Device.CUDA) {
      err.println(
          "ResNet-20 takes days or weeks without a GPU; --quick gives a short version, --epochs fewer"
              + " epochs");
    }
  }

  private int run(
      Interrupt interrupt,
      SessionOptions options,
      ChosenBackend backend,
      Official.Search search,
      PrintStream err)
      throws IOException {
    Store store =
        new Store(
            out.resolve("parts"),
            Map.of("backend", backend.description(), "hypertape", PageHead.version()));
    AtomicFile.removeStrayParts(out);
    store.removeStrayParts();
    int atOnce = jobs > 0 ? jobs : backend.jobs();
    Runner runner = new Runner(store, options, atOnce, interrupt::isRequested, err);
    List<Experiment> experiments =
        new Experiments(
                quick,
                seeds,
                models,
                backend.device() == Device.CUDA ? Device.CUDA : Device.CPU,
                new TrainingRuns(
                    new TrainingRuns.Wish(quick, text, data, steps, epochs), new ToldDownload(err)),
                search)
            .of(asked());
    String head = PageHead.of("paper", spec.commandLine().getParseResult().originalArgs(), backend);
    return run(interrupt, runner, experiments, head, err);
  }

  private String howToGoOn() {
    return "finished parts are kept in "
        + out.resolve("parts")
        + ", and the same command goes on from there";
  }

  private int run(
      Interrupt interrupt,
      Runner runner,
      List<Experiment> experiments,
      String head,
      PrintStream err)
      throws IOException {
    PrintWriter screen = spec.commandLine().getOut();
    for (int i = 0; i < experiments.size(); i++) {
      Experiment experiment = experiments.get(i);
      if (!runner.run(experiment, experiments.subList(i + 1, experiments.size()))) {
        err.println("interrupted; " + howToGoOn());
        return interrupt.isRequested() ? interrupt.status() : INTERRUPTED;
      }
      // Written first: what is kept does not depend on somebody reading along.
      String text = experiment.write(runner.results(), out, head);
      screen.println();
      screen.println(text);
      screen.println("written: " + out.resolve(experiment.name()) + ".md, .csv, .png");
      screen.flush();
    }
    return 0;
  }

  private void check() {
    if (seeds != 0 || isGiven("--seeds")) {
      within("seeds", seeds, MAX_SEEDS);
    }
    if (jobs != 0 || isGiven("--jobs")) {
      within("jobs", jobs, MAX_JOBS);
    }
    if (steps != 0 || isGiven("--steps")) {
      within("steps", steps, MAX_STEPS);
    }
    if (epochs != 0 || isGiven("--epochs")) {
      within("epochs", epochs, MAX_EPOCHS);
    }
    Set<Topic> asked = asked();
    if (isGiven("--model") && asked.stream().noneMatch(OF_MODELS::contains)) {
      throw wrong("--model is for sensitivity and overhead; neither is asked for");
    }
    if (text == null && asked.contains(Topic.RNN)) {
      throw wrong("rnn needs a text: name a file in UTF-8 with --text");
    }
    if (text == null
        && asked.contains(Topic.SENSITIVITY)
        && models.contains(PaperModel.CHAR_LSTM)) {
      throw wrong("sensitivity of char-lstm needs a text: name a file in UTF-8 with --text");
    }
    for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
      if (option.getValue() instanceof String text && text.isBlank()) {
        throw wrong(option.longestName() + " is empty; " + option.paramLabel() + " is needed");
      }
    }
    if (!official.isEmpty() && !Files.isDirectory(Path.of(official))) {
      throw wrong("--official " + official + " is no folder");
    }
    if (Files.exists(out) && !Files.isDirectory(out)) {
      throw wrong("--out " + out + " is a file; a folder is expected");
    }
  }

  private boolean isGiven(String option) {
    return spec.commandLine().getParseResult().hasMatchedOption(option);
  }

  private void within(String name, long value, long most) {
    if (value < 1 || value > most) {
      throw wrong("--" + name + " is " + value + "; 1 to " + most + " fit");
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private Set<Topic> asked() {
    Set<Topic> asked = EnumSet.copyOf(topics);
    if (asked.remove(Topic.ALL)) {
      asked.addAll(EnumSet.complementOf(EnumSet.of(Topic.ALL)));
    }
    return asked;
  }
}

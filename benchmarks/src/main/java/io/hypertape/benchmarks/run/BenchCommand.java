package io.hypertape.benchmarks.run;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Precision;
import io.hypertape.benchmarks.fork.Version;
import io.hypertape.benchmarks.peers.BlasSuite;
import io.hypertape.benchmarks.peers.DeviceOptions;
import io.hypertape.benchmarks.peers.DevicePeers;
import io.hypertape.benchmarks.peers.PeerOptions;
import io.hypertape.benchmarks.peers.PeerSuites;
import io.hypertape.benchmarks.peers.StepVersions;
import io.hypertape.benchmarks.report.BenchmarkProgress;
import io.hypertape.benchmarks.report.Machine;
import io.hypertape.benchmarks.report.Report;
import io.hypertape.benchmarks.report.ShellCommand;
import io.hypertape.benchmarks.report.VersionTable;
import io.hypertape.cli.spi.Interrupt;
import io.hypertape.io.guard.AtomicFile;
import io.hypertape.run.folder.RunLock;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures kernels and steps, and compares them with other people's. */
@Command(
    name = "bench",
    description = {
      "Measures kernels and training steps, and compares them with peers in turns.",
      "",
      "kernels: ours and their scalar twins (JMH, a fork each). steps: training steps under towers"
          + " of height 0 to 50. tuning: what self-tuning adds to steps, in turns. start: a JVM's first seconds, with"
          + " scalar twins until vectors are compiled, and without. peers: gemm against OpenBLAS, oneDNN, MKL and PyTorch, steps against PyTorch"
          + " (eager and compiled) and DJL, layers against oneDNN's primitives as PyTorch calls them, predictions against PyTorch, ONNX Runtime and DJL,"
          + " equal threads on all sides; a peer that is not there is named, with how to install it. blas: products by --blas and by the library"
          + " called directly. Without a name all six run, for more than an hour.",
      ""
    })
final class BenchCommand implements Callable<Integer> {

  private static final int MAX_THREADS = 1024;
  private static final String FIGURES = "bench.json";
  private static final String KEPT = "benchmarks/results/peers/";
  private static final String NOTHING = "nothing was measured whole, and a start begins anew";

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "kernels|steps|tuning|start|peers|blas",
      arity = "0..*",
      description = "what to measure")
  private Set<Suite> suites = EnumSet.allOf(Suite.class);

  @Option(
      names = "--quick",
      description =
          "a first look: shorter, errors are larger, and of peers a few cases unless --filter names them")
  private boolean quick;

  @Option(
      names = "--threads",
      paramLabel = "N",
      split = ",",
      description =
          "threads, of peers too; several may be given, such as 1,2, and are set beside each other"
              + " (default: 1)")
  private List<Integer> threads = List.of(1);

  @Option(
      names = "--filter",
      paramLabel = "REGEX",
      description =
          "only what it is found in, such as 'gemm .*784', 'step adam', 'layer lstm' or 'predict'")
  private String filter = "";

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "folder for bench.md, bench.json, jmh.log and jmh.json (default: runs/bench-TIME)")
  private Path out;

  @Option(
      names = "--openblas",
      paramLabel = "FILE|none",
      description = "OpenBLAS's library (default: searched for)")
  private String openblas = "";

  @Option(
      names = "--onednn",
      paramLabel = "FILE|none",
      description = "oneDNN's library (default: searched for)")
  private String onednn = "";

  @Option(
      names = "--mkl",
      paramLabel = "FILE|none",
      description = "MKL's library, or PyTorch's libtorch_cpu.so (default: searched for)")
  private String mkl = "";

  @Option(
      names = "--python",
      paramLabel = "FILE|none",
      description =
          "a Python with torch, and with onnx and onnxruntime for predictions (default: searched for"
              + " on the PATH)")
  private String python = "";

  @Option(
      names = "--official",
      paramLabel = "DIR",
      description = "folder with the official code of the paper (gdtuo.py)")
  private String official = "";

  @Option(
      names = "--backend",
      paramLabel = "cpu|cuda",
      description =
          "cuda: peers on a GPU, steps under towers of height 0 to 10 and of deep networks"
              + " against PyTorch eager, compiled and as CUDA graphs (default: cpu)")
  private Device backend = Device.CPU;

  @Option(
      names = "--precision",
      paramLabel = "float32|tf32",
      split = ",",
      description = "of products on a GPU, on all sides; both may be given (default: float32)")
  private List<Precision> precisions = List.of(Precision.FLOAT32);

  @Option(
      names = "--batches",
      paramLabel = "host|device",
      description =
          "where batches for a GPU lie: host, and each step copies one, or one on the device"
              + " (default: device)")
  private DeviceOptions.Data batches = DeviceOptions.Data.DEVICE;

  @Option(
      names = "--compare",
      paramLabel = "OLD NEW",
      hideParamSyntax = true,
      arity = "2",
      description =
          "two versions: two bench.json, or folders of such, shown beside each other; or two"
              + " folders of jars, such as target/dist/… of two install folders, measured in turns"
              + " (kernels, steps, peers)")
  private List<Path> compared = List.of();

  BenchCommand() {}

  @Override
  public Integer call() throws IOException {
    Pattern pattern = check();
    if (!compared.isEmpty()) {
      return compare(pattern);
    }
    if (backend == Device.CUDA) {
      return onDevice(pattern);
    }
    Effort effort = quick ? Effort.QUICK : Effort.FULL;
    PeerOptions options =
        new PeerOptions(threads, effort.turns(), openblas, onednn, mkl, python, official);
    boolean few = quick && filter.isEmpty();
    PeerSuites peers = new PeerSuites(few ? Pattern.compile(PeerSuites.FEW) : pattern, options);
    KernelSuite kernels = new KernelSuite(pattern, threads);
    StepSuite steps = new StepSuite(pattern, threads, effort.rounds());
    TuningSuite tuning = new TuningSuite(pattern, threads, effort.rounds());
    StartSuite start = new StartSuite(pattern, effort.rounds());
    BlasSuite blas = new BlasSuite(pattern, options);
    int total =
        (suites.contains(Suite.KERNELS) ? kernels.size() : 0)
            + (suites.contains(Suite.STEPS) ? steps.size() : 0)
            + (suites.contains(Suite.TUNING) ? tuning.size() : 0)
            + (suites.contains(Suite.START) ? start.size() : 0)
            + (suites.contains(Suite.PEERS) ? peers.size() : 0)
            + (suites.contains(Suite.BLAS) ? blas.size() : 0);
    if (total == 0) {
      throw wrong("--filter '" + filter + "' is found in no benchmark's name");
    }
    boolean forks = !EnumSet.of(Suite.PEERS, Suite.START, Suite.BLAS).containsAll(suites);
    return measured(
        "bench.md, bench.json" + (forks ? ", jmh.log, jmh.json" : ""),
        (folder, report) -> {
          BenchmarkProgress progress = new BenchmarkProgress(spec.commandLine().getErr(), total);
          if (forks) {
            try (Jmh jmh = new Jmh(effort, folder)) {
              if (suites.contains(Suite.KERNELS)) {
                kernels.run(jmh, progress, report);
              }
              if (suites.contains(Suite.STEPS)) {
                steps.run(jmh, progress, report);
              }
              if (suites.contains(Suite.TUNING)) {
                tuning.run(jmh, progress, report);
              }
            }
          }
          if (suites.contains(Suite.START) && start.size() > 0) {
            start.run(folder, progress, report);
          }
          if (suites.contains(Suite.PEERS)) {
            peers.run(progress, report);
          }
          if (suites.contains(Suite.BLAS)) {
            blas.run(progress, report);
          }
        });
  }

  /** Adds sections to a report. */
  @FunctionalInterface
  private interface Measurement {
    void run(Path folder, Report report) throws IOException;
  }

  private int measured(String files, Measurement measurement) throws IOException {
    Path folder = folder();
    try (Interrupt interrupt = new Interrupt();
        RunLock unused = RunLock.take(folder)) {
      interrupt.otherwise(() -> NOTHING);
      AtomicFile.removeStrayParts(folder);
      PrintWriter screen = spec.commandLine().getOut();
      Report report = new Report(command(), Machine.describe());
      screen.print(report.head());
      screen.flush();
      try {
        measurement.run(folder, report);
      } catch (IOException | RuntimeException e) {
        // Forks and peers are ended with us.
        if (!interrupt.isRequested()) {
          throw e;
        }
      }
      return written(interrupt, folder, report, files, screen);
    }
  }

  private int written(
      Interrupt interrupt, Path folder, Report report, String files, PrintWriter screen)
      throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    if (interrupt.isRequested() && report.isEmpty()) {
      err.println("interrupted; " + NOTHING);
      return interrupt.status();
    }
    Interrupt.saving(() -> report.write(folder));
    screen.print(report.body());
    screen.println("written: " + folder.resolve(files));
    if (suites.contains(Suite.PEERS) && backend == Device.CPU && compared.isEmpty()) {
      screen.println("peers of this processor, to keep: " + KEPT + Machine.processor() + ".md");
    }
    if (interrupt.isRequested()) {
      err.println("interrupted; what was measured before is in " + folder.resolve("bench.md"));
    }
    return interrupt.status();
  }

  private Path folder() throws IOException {
    return Files.createDirectories(out == null ? Path.of("runs", "bench-" + time()) : out);
  }

  private int compare(Pattern pattern) throws IOException {
    if (backend != Device.CPU) {
      throw wrong("--compare is for the cpu backend");
    }
    List<Path> kept = compared.stream().map(BenchCommand::figures).toList();
    if (kept.stream().allMatch(Files::isRegularFile)) {
      Report report = new Report(command(), Machine.describe());
      KeptFigures old = KeptFigures.read(kept.getFirst(), pattern);
      if (KeptFigures.compare(old, KeptFigures.read(kept.getLast(), pattern), report) == 0) {
        throw wrong(
            "--compare: "
                + kept.getFirst()
                + " and "
                + kept.getLast()
                + " have no figure in common");
      }
      spec.commandLine().getOut().print(report.body());
      spec.commandLine().getOut().flush();
      return 0;
    }
    for (Path place : compared) {
      if (!Files.isDirectory(place) || Files.exists(place.resolve(FIGURES))) {
        throw wrong(
            "--compare: "
                + compared.getFirst()
                + " and "
                + compared.getLast()
                + "; two bench.json fit, or two folders of jars");
      }
    }
    return inTurns(pattern);
  }

  private static Path figures(Path place) {
    return Files.isDirectory(place) ? place.resolve(FIGURES) : place;
  }

  private int inTurns(Pattern pattern) throws IOException {
    List<Version> versions =
        List.of(
            Version.of(VersionTable.SIDES.getFirst(), compared.getFirst()),
            Version.of(VersionTable.SIDES.getLast(), compared.getLast()));
    Effort effort = quick ? Effort.QUICK : Effort.TURNS;
    VersionSuite suite = new VersionSuite(versions, suites, pattern, threads, effort.rounds());
    StepVersions steps = new StepVersions(pattern, versions, threads, effort.turns());
    boolean models = suites.contains(Suite.PEERS);
    int total = suite.size() + (models ? steps.size() : 0);
    if (total == 0) {
      throw wrong("--filter '" + filter + "' is found in no name of what versions are compared by");
    }
    return measured(
        "bench.md, bench.json, jmh.log, jmh-old.json, jmh-new.json",
        (folder, report) -> {
          BenchmarkProgress progress = new BenchmarkProgress(spec.commandLine().getErr(), total);
          try (Jmh jmh = new Jmh(effort, folder)) {
            suite.run(jmh, progress, report);
          }
          if (models) {
            steps.run(progress, report);
          }
        });
  }

  private int onDevice(Pattern pattern) throws IOException {
    int turns = (quick ? Effort.QUICK : Effort.FULL).turns();
    PeerOptions peers = new PeerOptions(threads, turns, openblas, onednn, mkl, python, official);
    DevicePeers steps =
        new DevicePeers(pattern, peers, new DeviceOptions(backend, precisions, batches));
    if (steps.size() == 0) {
      throw wrong("--filter '" + filter + "' is found in no name of a step on a GPU");
    }
    return measured(
        "bench.md, bench.json",
        (folder, report) ->
            steps.run(new BenchmarkProgress(spec.commandLine().getErr(), steps.size()), report));
  }

  private Pattern check() {
    if (backend != Device.CPU && backend != Device.CUDA) {
      throw wrong("--backend " + backend.name().toLowerCase(Locale.ROOT) + "; cpu and cuda fit");
    }
    if (precisions.contains(Precision.FLOAT64) || precisions.contains(Precision.DEFAULT)) {
      throw wrong("--precision is float32 or tf32, or both");
    }
    boolean named = spec.commandLine().getParseResult().hasMatchedPositional(0);
    if (backend == Device.CUDA && named && !suites.equals(EnumSet.of(Suite.PEERS))) {
      throw wrong("--backend cuda is for peers: kernels and steps are the cpu backend's");
    }
    for (int count : threads) {
      if (count < 1 || count > MAX_THREADS) {
        throw wrong("--threads is " + count + "; 1 to " + MAX_THREADS + " fit");
      }
    }
    for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
      boolean isPlace = !option.longestName().equals("--filter");
      if (isPlace && option.getValue() instanceof String text && text.isBlank()) {
        throw wrong(option.longestName() + " is empty; " + option.paramLabel() + " is needed");
      }
    }
    if (!official.isEmpty() && !Files.isDirectory(Path.of(official))) {
      throw wrong("--official " + official + " is no folder");
    }
    try {
      return Pattern.compile(filter);
    } catch (PatternSyntaxException e) {
      throw wrong("--filter '" + filter + "': " + e.getDescription());
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private String command() {
    CommandLine line = spec.commandLine();
    return ShellCommand.of("bench", line.getParseResult().originalArgs());
  }

  private static String time() {
    return DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).format(LocalDateTime.now());
  }
}

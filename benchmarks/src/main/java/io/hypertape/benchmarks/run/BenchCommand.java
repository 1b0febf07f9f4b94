package io.hypertape.benchmarks.run;

import io.hypertape.benchmarks.peers.GemmPeers;
import io.hypertape.benchmarks.peers.PeerOptions;
import io.hypertape.benchmarks.peers.StepPeers;
import io.hypertape.benchmarks.report.Machine;
import io.hypertape.benchmarks.report.Progress;
import io.hypertape.benchmarks.report.Report;
import io.hypertape.benchmarks.report.ShellCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
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
          + " of height 0 to 50. peers: gemm against OpenBLAS and oneDNN, steps against PyTorch and"
          + " DJL, equal threads on all sides; a peer that is not there is named, with how to install"
          + " it. Without a name all three run, for about half an hour.",
      ""
    })
final class BenchCommand implements Callable<Integer> {

  private static final int MAX_THREADS = 1024;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "kernels|steps|peers", arity = "0..*", description = "what to measure")
  private Set<Suite> suites = EnumSet.allOf(Suite.class);

  @Option(names = "--quick", description = "a first look: shorter, and errors are larger")
  private boolean quick;

  @Option(
      names = "--threads",
      paramLabel = "N",
      split = ",",
      description = "threads, of peers too; several may be given (default: 1)")
  private List<Integer> threads = List.of(1);

  @Option(
      names = "--filter",
      paramLabel = "REGEX",
      description = "only what it is found in, such as 'gemm .*784', 'step adam' or 'resnet20'")
  private String filter = "";

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "folder for bench.md, bench.json and jmh.log (default: runs/bench-TIME)")
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
      names = "--python",
      paramLabel = "FILE|none",
      description = "a Python with torch (default: searched for on the PATH)")
  private String python = "";

  @Option(
      names = "--official",
      paramLabel = "DIR",
      description = "folder with the official code of the paper (gdtuo.py)")
  private String official = "";

  BenchCommand() {}

  @Override
  public Integer call() throws IOException {
    Pattern pattern = check();
    Effort effort = quick ? Effort.QUICK : Effort.FULL;
    PeerOptions peers =
        new PeerOptions(threads, effort.turns(), openblas, onednn, python, official);
    KernelSuite kernels = new KernelSuite(pattern, threads);
    StepSuite steps = new StepSuite(pattern, threads, effort.rounds());
    GemmPeers gemms = new GemmPeers(pattern, peers);
    StepPeers models = new StepPeers(pattern, peers);
    int total =
        (suites.contains(Suite.KERNELS) ? kernels.size() : 0)
            + (suites.contains(Suite.STEPS) ? steps.size() : 0)
            + (suites.contains(Suite.PEERS) ? gemms.size() + models.size() : 0);
    if (total == 0) {
      throw wrong("--filter '" + filter + "' is found in no benchmark's name");
    }
    Path folder = out == null ? Path.of("runs", "bench-" + time()) : out;
    Files.createDirectories(folder);
    PrintWriter screen = spec.commandLine().getOut();
    Progress progress = new Progress(spec.commandLine().getErr(), total);
    Report report = new Report(command(), Machine.describe());
    screen.print(report.head());
    screen.flush();
    try (Jmh jmh = new Jmh(effort, folder.resolve("jmh.log"))) {
      if (suites.contains(Suite.KERNELS)) {
        kernels.run(jmh, progress, report);
      }
      if (suites.contains(Suite.STEPS)) {
        steps.run(jmh, progress, report);
      }
    }
    if (suites.contains(Suite.PEERS)) {
      gemms.run(progress, report);
      models.run(progress, report);
    }
    report.write(folder);
    screen.print(report.body());
    screen.println("written: " + folder.resolve("bench.md") + ", bench.json, jmh.log");
    return 0;
  }

  private Pattern check() {
    for (int count : threads) {
      if (count < 1 || count > MAX_THREADS) {
        throw wrong("threads is " + count + "; 1 to " + MAX_THREADS + " fit");
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
    return DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").format(LocalDateTime.now());
  }
}

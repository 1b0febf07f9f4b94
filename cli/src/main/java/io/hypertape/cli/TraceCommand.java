package io.hypertape.cli;

import io.hypertape.autodiff.Precision;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.autodiff.backend.BlasChoice;
import io.hypertape.trace.TraceReader;
import io.hypertape.trace.TraceReplay;
import io.hypertape.trace.TraceReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Replays reference traces of the paper's own code and compares step by step. */
@Command(
    name = "trace",
    description = "Replays reference traces and compares losses, hyperparameters and weights.")
final class TraceCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE|DIR", description = "a trace, or a folder of traces (*.json)")
  private Path place;

  @Option(
      names = "--backend",
      paramLabel = "auto|cpu|cuda|reference|NAME",
      description =
          "where to compute, or the name of a provided backend (default: reference in float64)")
  private String backend = "reference";

  @Option(
      names = "--precision",
      paramLabel = "float32|tf32|float64",
      description = "default: float64 on reference, else float32")
  private Precision precision = Precision.DEFAULT;

  @Option(names = "--threads", paramLabel = "N", description = "threads of the cpu backend")
  private int threads;

  @Option(
      names = "--simd",
      paramLabel = "auto|vector|scalar",
      description = "kernels of the cpu backend")
  private SessionOptions.Simd simd = SessionOptions.Simd.AUTO;

  @Option(
      names = "--blas",
      paramLabel = "off|auto|FILE",
      description = "large matrix products of the cpu backend by a BLAS of this machine")
  private BlasChoice blas;

  private TraceCommand() {}

  @Override
  public Integer call() throws IOException {
    List<Path> files = files();
    if (files.isEmpty()) {
      throw new ParameterException(spec.commandLine(), place + ": no *.json in this folder");
    }
    PrintWriter out = spec.commandLine().getOut();
    int failed = 0;
    try (Session session = open()) {
      out.println(session.description());
      out.printf(
          Locale.ROOT, "%-28s %6s %10s %10s %10s%n", "case", "steps", "loss", "hyper", "weights");
      for (Path file : files) {
        failed += replay(session, file, out) ? 0 : 1;
      }
    }
    out.printf(Locale.ROOT, "%d of %d cases pass%n", files.size() - failed, files.size());
    return failed == 0 ? 0 : 1;
  }

  private Session open() {
    try {
      return BackendOptions.open(BackendOptions.options(backend, precision, threads, simd, blas));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  private static boolean replay(Session session, Path file, PrintWriter out) {
    TraceReport report;
    try {
      report = TraceReplay.run(session, TraceReader.read(file));
    } catch (IOException | IllegalArgumentException e) {
      String where = e instanceof IOException ? "" : Shown.text(file.toString()) + ": ";
      out.println("ERROR " + where + FailureLine.line(e));
      return false;
    }
    out.printf(
        Locale.ROOT,
        "%-28s %6d %10.1e %10.1e %10.1e  %s%n",
        Shown.text(report.name()),
        report.steps(),
        report.loss(),
        report.hyper(),
        report.weights(),
        report.passed() ? "PASS" : "FAIL");
    out.flush();
    return report.passed();
  }

  private List<Path> files() throws IOException {
    if (!Files.isDirectory(place)) {
      return List.of(place);
    }
    try (Stream<Path> children = Files.list(place)) {
      return children.filter(p -> p.getFileName().toString().endsWith(".json")).sorted().toList();
    }
  }
}

package io.hypertape.cli;

import io.hypertape.autodiff.access.BackendReport;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what this machine offers, and what would mend what is missing. */
@Command(
    name = "doctor",
    description = "Checks the JVM, the vector kernels (measured), threads, a BLAS and CUDA.")
final class DoctorCommand implements Callable<Integer> {

  @Option(
      names = "--warm",
      arity = "0..1",
      split = ",",
      paramLabel = "CAPABILITY",
      fallbackValue = "75,80,86,89,90,100,120",
      description =
          "compiles the CUDA kernels ahead for GPUs of these compute capabilities (90 is 9.0), and"
              + " does nothing else; without one for ${FALLBACK-VALUE}")
  private List<Integer> warm = List.of();

  @Spec private CommandSpec spec;

  private DoctorCommand() {}

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (!warm.isEmpty()) {
      return warmed(out);
    }
    for (String line : new VersionProvider().getVersion()) {
      out.println(line);
    }
    out.println(
        System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + ", "
            + System.getProperty("os.arch"));
    Runtime runtime = Runtime.getRuntime();
    out.println(
        "Processors: "
            + runtime.availableProcessors()
            + "; heap of at most "
            + (runtime.maxMemory() >> 20)
            + " MiB (HYPERTAPE_JAVA_OPTS=-Xmx… changes it)");
    out.println();
    out.println("CPU kernels (measuring, a few seconds)");
    out.flush();
    BackendReport.cpu().forEach(line -> out.println("  " + line));
    out.println();
    out.println("BLAS of this machine");
    out.flush();
    BackendReport.blas().forEach(line -> out.println("  " + line));
    out.println();
    out.println("CUDA");
    out.flush();
    BackendReport.cuda().forEach(line -> out.println("  " + line));
    out.flush();
    return 0;
  }

  private int warmed(PrintWriter out) {
    try {
      BackendReport.warmCuda(
          warm,
          line -> {
            out.println("  " + line);
            out.flush();
          });
      return 0;
    } catch (IllegalStateException e) {
      spec.commandLine().getErr().println(e.getMessage());
      return 1;
    }
  }
}

package io.hypertape.cli;

import io.hypertape.autodiff.access.BackendReport;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says what this machine offers, and what would mend what is missing. */
@Command(
    name = "doctor",
    description = "Checks the JVM, the vector kernels (measured), threads, a BLAS and CUDA.")
final class DoctorCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  private DoctorCommand() {}

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
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
}

package io.hypertape.benchmarks.run;

import io.hypertape.benchmarks.fork.ClassPath;
import io.hypertape.benchmarks.fork.Version;
import io.hypertape.io.guard.AtomicFile;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs cases under JMH, a fork each, and keeps what JMH says in {@code jmh.log}, its results in its
 * own form in {@code jmh.json}, for the tools that read that.
 */
final class Jmh implements AutoCloseable {

  private final Effort effort;
  private final Path folder;
  private final Path log;
  private final Map<String, List<RunResult>> results = new LinkedHashMap<>();
  private String file = "jmh.json";
  private final PrintStream out;
  private final PrintStream err = System.err;
  private final String before;

  Jmh(Effort effort, Path folder) throws IOException {
    this.effort = effort;
    this.folder = folder;
    this.log = folder.resolve("jmh.log");
    // Made anew: a link that has its name is not followed.
    Files.deleteIfExists(log);
    this.out =
        new PrintStream(
            Files.newOutputStream(log, StandardOpenOption.CREATE_NEW),
            true,
            StandardCharsets.UTF_8);
    this.before = ClassPath.publish(ClassPath.text());
    // The JVM warns of what JMH does with Unsafe; such lines go to the log with the rest.
    System.setErr(out);
  }

  /** Forks from now on are of a version, whose results have a file of their own. */
  void use(Version version) {
    ClassPath.publish(version.classPath());
    file = "jmh-" + version.name() + ".json";
  }

  JmhScore runKernel(Case which, Map<String, String> further) {
    return run(which, further, effort.kernelWarmup(), 1);
  }

  JmhScore runStep(Case which, Map<String, String> further) {
    return run(which, further, effort.stepWarmup(), 1);
  }

  /** Longer: two sides are compared that differ by little. */
  JmhScore runTurns(Case which, Map<String, String> further) {
    return run(which, further, 2 * effort.stepWarmup(), 3);
  }

  /**
   * Runs a case in a fork of its own with further parameters, and with the gc profiler.
   *
   * @param longer by which factor there are more iterations, of twice the time if more than 1
   */
  private JmhScore run(Case which, Map<String, String> further, double warmup, int longer) {
    TimeValue time =
        TimeValue.milliseconds(Math.round((longer > 1 ? 2000 : 1000) * effort.seconds()));
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(which.include())
            .forks(1)
            .warmupIterations((int) Math.ceil(warmup / effort.seconds()))
            .warmupTime(time)
            .measurementIterations(longer * effort.iterations())
            .measurementTime(time)
            .timeout(new TimeValue(5, TimeUnit.MINUTES))
            .shouldFailOnError(true)
            .addProfiler(GCProfiler.class)
            .jvmArgs(ClassPath.inheritedOptions().toArray(new String[0]));
    which.params().forEach(options::param);
    further.forEach(options::param);
    try {
      var format = OutputFormatFactory.createFormatInstance(out, VerboseMode.NORMAL);
      RunResult result = List.copyOf(new Runner(options.build(), format).run()).getFirst();
      results.computeIfAbsent(file, unused -> new ArrayList<>()).add(result);
      return JmhScore.of(result);
    } catch (RunnerException e) {
      throw new IllegalStateException(
          which.label() + " failed: " + e.getMessage() + "; JMH's log is " + log, e);
    }
  }

  /** Writes what JMH found. */
  @Override
  public void close() throws IOException {
    ClassPath.publish(before);
    System.setErr(err);
    out.close();
    for (Map.Entry<String, List<RunResult>> some : results.entrySet()) {
      AtomicFile.write(
          folder.resolve(some.getKey()),
          json -> {
            PrintStream text = new PrintStream(json, false, StandardCharsets.UTF_8);
            ResultFormatFactory.getInstance(ResultFormatType.JSON, text).writeOut(some.getValue());
            text.flush();
          });
    }
  }
}

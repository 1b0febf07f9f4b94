package io.hypertape.benchmarks.run;

import io.hypertape.benchmarks.StepBenchmark;
import io.hypertape.benchmarks.fork.Version;
import io.hypertape.benchmarks.report.BenchmarkProgress;
import io.hypertape.benchmarks.report.Report;
import io.hypertape.benchmarks.report.VersionTable;
import io.hypertape.kernels.KernelMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Kernels and steps of two versions in turns: in each round a fork of either, in an order that is
 * reversed from round to round. What one of them does not have is named and left out.
 */
final class VersionSuite {

  /** One figure of each version. */
  private record Measured(String label, Function<Jmh, JmhScore> score) {}

  private final List<Version> versions;
  private final List<Integer> threads;
  private final int rounds;
  private final Set<Suite> suites;
  private final Pattern filter;

  VersionSuite(
      List<Version> versions,
      Set<Suite> suites,
      Pattern filter,
      List<Integer> threads,
      int rounds) {
    this.versions = versions;
    this.suites = suites;
    this.filter = filter;
    this.threads = threads;
    this.rounds = rounds;
  }

  int size() {
    return measured(1).size() * threads.size();
  }

  void run(Jmh jmh, BenchmarkProgress progress, Report report) {
    for (int count : threads) {
      VersionTable table = new VersionTable(count);
      try {
        for (Measured which : measured(count)) {
          String text = measure(jmh, which, table);
          progress.done(which.label + ": " + text);
        }
      } finally {
        // Also of a run that is interrupted.
        if (!table.isEmpty()) {
          table.addTo(
              report, "kernels and steps", "Forks of each version in turns: " + rounds + ".");
        }
      }
    }
  }

  private List<Measured> measured(int count) {
    List<Measured> all = new ArrayList<>();
    if (suites.contains(Suite.KERNELS)) {
      for (Case which : Case.of(KernelSuite.TYPES, filter)) {
        all.add(kernel(which, KernelMode.VECTOR, which.label(), count));
        if (KernelSuite.hasTwin(which)) {
          all.add(kernel(which, KernelMode.SCALAR, which.label() + " scalar", count));
        }
      }
    }
    if (suites.contains(Suite.STEPS)) {
      Map<String, String> further = Map.of("threads", Integer.toString(count));
      for (Case which : Case.of(List.of(StepBenchmark.class), filter)) {
        all.add(new Measured(which.label(), jmh -> jmh.runStep(which, further)));
      }
    }
    return all;
  }

  private static Measured kernel(Case which, KernelMode mode, String label, int count) {
    return new Measured(label, jmh -> KernelSuite.score(jmh, which, mode, count));
  }

  private String measure(Jmh jmh, Measured which, VersionTable table) {
    double[][] seconds = new double[2][rounds];
    for (int round = 0; round < rounds; round++) {
      for (int turn = 0; turn < 2; turn++) {
        int side = (round + turn) % 2;
        jmh.use(versions.get(side));
        try {
          seconds[side][round] = which.score.apply(jmh).seconds();
        } catch (IllegalStateException e) {
          table.leaveOut(which.label, versions.get(side).name(), e.getMessage());
          return "left out: version " + versions.get(side).name() + " fails";
        }
      }
    }
    return table.row(which.label, Arrays.asList(seconds)).toString();
  }
}

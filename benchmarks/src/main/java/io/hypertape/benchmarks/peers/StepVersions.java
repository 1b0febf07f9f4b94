package io.hypertape.benchmarks.peers;

import io.hypertape.benchmarks.fork.ClassPath;
import io.hypertape.benchmarks.fork.Version;
import io.hypertape.benchmarks.report.BenchmarkProgress;
import io.hypertape.benchmarks.report.Report;
import io.hypertape.benchmarks.report.VersionTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Training steps of two versions of Hypertape: a {@link StepMatch} for each {@link StepCase}. */
public final class StepVersions {

  private final List<StepCase> cases;
  private final List<Version> versions;
  private final List<Integer> threads;
  private final int rounds;

  /**
   * Prepares the comparison.
   *
   * @param filter which steps, by {@code step TOWER} for the MLP, {@code step MODEL TOWER} for
   *     other models
   * @param versions the old one and the new one
   * @param threads numbers of threads
   * @param rounds turns of each version where steps take milliseconds
   */
  public StepVersions(Pattern filter, List<Version> versions, List<Integer> threads, int rounds) {
    this.cases = StepCase.LISTED.stream().filter(c -> filter.matcher(c.name()).find()).toList();
    this.versions = versions;
    this.threads = threads;
    this.rounds = rounds;
  }

  /**
   * How much there is to do.
   *
   * @return number of matches
   */
  public int size() {
    return cases.size() * threads.size();
  }

  /**
   * Plays the matches.
   *
   * @param progress told of each
   * @param report gets a section for each number of threads
   * @throws IOException if a process fails
   */
  public void run(BenchmarkProgress progress, Report report) throws IOException {
    for (int count : threads) {
      VersionTable table = new VersionTable(count);
      try {
        for (StepCase which : cases) {
          progress.done(which.name() + ": " + match(which, count, table));
        }
      } finally {
        if (!table.isEmpty()) {
          table.addTo(report, "training steps", "A process of each version, in turns.");
        }
      }
    }
  }

  private String match(StepCase which, int count, VersionTable table) throws IOException {
    List<Contender> contenders = new ArrayList<>();
    for (Version version : versions) {
      List<String> command = ClassPath.java(Steps.class.getName(), version);
      command.addAll(List.of(which.model(), which.tower(), Integer.toString(count)));
      contenders.add(new Contender(version.name(), command));
    }
    List<String> notices = new ArrayList<>();
    Map<String, double[]> times =
        new StepMatch(count, which.pace().rounds(rounds), which.pace(), which.classes())
            .run(contenders, notices);
    for (Version version : versions) {
      if (!times.containsKey(version.name())) {
        table.leaveOut(which.name(), version.name(), notices.getLast());
        return "left out: version " + version.name() + " fails";
      }
    }
    return table
        .row(which.name(), versions.stream().map(v -> times.get(v.name())).toList())
        .toString();
  }
}

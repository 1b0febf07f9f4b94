package io.hypertape.benchmarks.peers;

import io.hypertape.benchmarks.fork.ClassPath;
import io.hypertape.benchmarks.report.BenchmarkProgress;
import io.hypertape.benchmarks.report.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Our training steps against PyTorch's and DJL's: a {@link StepMatch} for each {@link StepCase} and
 * number of threads.
 */
final class StepPeers {

  private final List<StepCase> cases;
  private final PeerOptions options;

  /** Of the steps whose names a filter is found in. */
  StepPeers(Pattern filter, PeerOptions options) {
    this.cases = StepCase.LISTED.stream().filter(c -> filter.matcher(c.name()).find()).toList();
    this.options = options;
  }

  /** How many matches there are to play. */
  int size() {
    return cases.size() * options.threads().size();
  }

  /** Plays the matches. */
  void run(BenchmarkProgress progress, Report report) throws IOException {
    if (cases.isEmpty()) {
      return;
    }
    Python.Outcome python = Python.find(options.python());
    PeerTable table = new PeerTable("step", options.threads());
    table.note(python.notice());
    Path script = Python.script();
    try {
      for (StepCase which : cases) {
        Map<Integer, PeerTable.Outcome> outcomes = new LinkedHashMap<>();
        for (int threads : options.threads()) {
          List<Contender> contenders = contenders(which, threads, python, script, table);
          outcomes.put(threads, match(which, threads, contenders, table));
          progress.done(which.name() + ", threads: " + threads);
        }
        table.rows(which.name(), which.label(), outcomes);
      }
    } finally {
      Files.deleteIfExists(script);
    }
    if (cases.stream().anyMatch(which -> which.model().equals(StepCase.CHAR_LSTM))) {
      table.note("torch.compile leaves the layers of torch.nn.LSTM as they are in PyTorch eager.");
    }
    table.addTo(
        report,
        "Training steps and their peers",
        "A process a side; ratios above 1 mean that Hypertape is faster, with quartiles. Batches lie"
            + " ready on every side.");
  }

  private PeerTable.Outcome match(
      StepCase which, int threads, List<Contender> contenders, PeerTable table) throws IOException {
    Pace pace = options.pace(which.pace());
    int rounds = pace.rounds(options.rounds());
    StepMatch match = new StepMatch(threads, rounds, pace, which.classes());
    List<String> own = new ArrayList<>();
    Map<String, double[]> times = match.run(contenders, own);
    own.add("medians of " + rounds + " rounds of turns of " + pace.turnSeconds() + " s.");
    table.note(which.label(), threads, own);
    return new PeerTable.Outcome(times, match.leftOut());
  }

  private List<Contender> contenders(
      StepCase which, int threads, Python.Outcome python, Path script, PeerTable table) {
    List<Contender> contenders = new ArrayList<>();
    List<String> ours = ClassPath.java(Steps.class.getName(), "", List.of());
    ours.addAll(List.of(which.model(), which.tower(), Integer.toString(threads)));
    contenders.add(new Contender(GemmPeers.OURS, ours));
    python.program().ifPresent(p -> contenders.addAll(torch(p, script, which, threads, table)));
    if (which.isOfDjl()) {
      List<String> notices = new ArrayList<>();
      JvmPeer.DJL_STEPS
          .find(ClassPath.target(), List.of(Integer.toString(threads)), notices)
          .ifPresent(contenders::add);
      notices.forEach(table::note);
    }
    return contenders;
  }

  private List<Contender> torch(
      String program, Path script, StepCase which, int threads, PeerTable table) {
    List<Contender> sides = new ArrayList<>();
    for (String mode : List.of("eager", "compile")) {
      sides.add(
          Contender.python("PyTorch " + mode, arguments(program, script, mode, which, threads)));
    }
    if (which.isOfficial()) {
      official()
          .ifPresentOrElse(
              folder -> {
                List<String> command = arguments(program, script, "official", which, threads);
                command.addAll(List.of("--official", folder));
                sides.add(Contender.python("official", command));
              },
              () ->
                  table.note(
                      "The official code is missing: name a clone of its repository with --official."));
    }
    return sides;
  }

  private Optional<String> official() {
    return options.official().isEmpty() ? Optional.empty() : Optional.of(options.official());
  }

  private static List<String> arguments(
      String program, Path script, String mode, StepCase which, int threads) {
    return new ArrayList<>(
        List.of(
            program,
            script.toString(),
            "--mode",
            mode,
            "--step",
            which.script(),
            "--threads",
            Integer.toString(threads)));
  }
}

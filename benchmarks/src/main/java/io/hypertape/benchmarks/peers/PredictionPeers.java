package io.hypertape.benchmarks.peers;

import io.hypertape.benchmarks.fork.ClassPath;
import io.hypertape.benchmarks.report.BenchmarkProgress;
import io.hypertape.benchmarks.report.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Our predictions against PyTorch's, ONNX Runtime's and DJL's with the same weights: a {@link
 * Match} for each {@link PredictionCase} and number of threads.
 */
final class PredictionPeers {

  /** Our forward pass, operation by operation, where a predictor is what is compared. */
  static final String FORWARD = "hypertape forward";

  /** Our forward pass when it is recorded and replayed, where there is no predictor. */
  static final String REPLAYED = "hypertape replayed";

  /** Sides that have a heap. */
  private static final Set<String> JVMS =
      Set.of(
          GemmPeers.OURS,
          FORWARD,
          REPLAYED,
          JvmPeer.ONNX_RUNTIME.name(),
          JvmPeer.DJL_PREDICTIONS.name());

  private static final String TORCH_SCRIPT = "torch_predictions.py";
  private static final String ONNX_SCRIPT = "onnx_predictions.py";

  private final List<PredictionCase> cases;
  private final PeerOptions options;
  private final OutputJudge judge = new OutputJudge();

  /** Of the predictions whose names a filter is found in. */
  PredictionPeers(Pattern filter, PeerOptions options) {
    this.cases =
        PredictionCase.LISTED.stream().filter(c -> filter.matcher(c.name()).find()).toList();
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
    Python.Outcome torch = Python.find(options.python());
    Python.Outcome onnx = Python.find(options.python(), PythonPackage.ONNX_RUNTIME);
    PeerTable table = new PeerTable("prediction", options.threads());
    table.note(torch.notice());
    table.note(onnx.notice());
    Path folder = Python.folder(List.of(Python.SCRIPT, Python.TURNS, TORCH_SCRIPT, ONNX_SCRIPT));
    try {
      for (PredictionCase which : cases) {
        Map<Integer, PeerTable.Outcome> outcomes = new LinkedHashMap<>();
        for (int threads : options.threads()) {
          List<Contender> contenders = contenders(which, threads, folder, torch, onnx);
          contenders.addAll(jvmPeers(which, threads, folder, table));
          outcomes.put(threads, match(which, threads, contenders, table));
          progress.done(which.name() + ", threads: " + threads);
        }
        table.rows(which.name(), which.label(), outcomes);
      }
    } finally {
      Python.deleteFolder(folder);
    }
    judge.verdict().forEach(table::note);
    table.addTo(
        report,
        "Predictions and their peers",
        "Medians of "
            + options.rounds()
            + " rounds of turns of "
            + options.pace(Pace.PREDICTION).turnSeconds()
            + " s, a process a side; ratios above 1 mean that Hypertape is faster, with quartiles."
            + " Same weights, same input, outputs equal; input and output are on the host."
            + " hypertape: a Predictor, and of char-lstm the forward pass; "
            + FORWARD
            + ": a model's forward pass, operation by operation; "
            + REPLAYED
            + ": the same recorded once. "
            + PythonPackage.ONNX_RUNTIME.peer()
            + " is called from Python, "
            + JvmPeer.ONNX_RUNTIME.name()
            + " by its artifact for Java. p50, p99: what so many of a hundred calls take at most."
            + " callers N: a prediction's time when N threads predict, on as many lanes as there are"
            + " processors. Heap bytes are allocated by all threads of a JVM.");
  }

  private PeerTable.Outcome match(
      PredictionCase which, int threads, List<Contender> contenders, PeerTable table)
      throws IOException {
    List<String> own = new ArrayList<>();
    Pace pace = options.pace(which.pace());
    try (Match match = new Match(threads, pace, judge)) {
      for (Contender contender : contenders) {
        match.start(contender, List.of(which.task()), own);
      }
      Map<String, double[]> times = match.play(which.task(), pace.rounds(options.rounds()), own);
      table.note(which.label(), threads, own);
      Map<String, Double> heap = which.task().isEmpty() ? match.heap(JVMS, times) : Map.of();
      return new PeerTable.Outcome(times, match.leftOut(), heap);
    }
  }

  private static List<Contender> contenders(
      PredictionCase which, int threads, Path folder, Python.Outcome torch, Python.Outcome onnx) {
    String file = file(folder).toString();
    String count = Integer.toString(threads);
    List<Contender> contenders = new ArrayList<>();
    String served = which.isServed() ? "serve" : "run";
    contenders.add(new Contender(GemmPeers.OURS, ours(which, count, served, file)));
    boolean isMean = which.task().isEmpty();
    if (isMean && which.isServed()) {
      contenders.add(new Contender(FORWARD, ours(which, count, "run", file)));
    } else if (isMean) {
      contenders.add(new Contender(REPLAYED, ours(which, count, "replay", file)));
    }
    for (String mode : isMean ? List.of("eager", "compile") : List.<String>of()) {
      torch
          .program()
          .ifPresent(
              program ->
                  contenders.add(
                      Contender.python(
                          "PyTorch " + mode,
                          List.of(
                              program,
                              folder.resolve(TORCH_SCRIPT).toString(),
                              which.model(),
                              file,
                              mode,
                              count))));
    }
    onnx.program()
        .ifPresent(
            program ->
                contenders.add(
                    Contender.python(
                        PythonPackage.ONNX_RUNTIME.peer(),
                        List.of(
                            program,
                            folder.resolve(ONNX_SCRIPT).toString(),
                            which.model(),
                            file,
                            count))));
    return contenders;
  }

  /** Those of models that carry no state. */
  private static List<Contender> jvmPeers(
      PredictionCase which, int threads, Path folder, PeerTable table) {
    if (!which.isServed()) {
      return List.of();
    }
    String file = file(folder).toString();
    String graph = ForwardPass.graph(file(folder)).toString();
    String count = Integer.toString(threads);
    Optional<Path> target = ClassPath.target();
    List<String> notices = new ArrayList<>();
    List<Contender> contenders = new ArrayList<>();
    JvmPeer.ONNX_RUNTIME
        .find(target, List.of(file, graph, count), notices)
        .ifPresent(contenders::add);
    JvmPeer.DJL_PREDICTIONS
        .find(target, List.of(which.model(), file, count), notices)
        .ifPresent(contenders::add);
    notices.forEach(table::note);
    return contenders;
  }

  private static Path file(Path folder) {
    return folder.resolve("prediction.safetensors");
  }

  private static List<String> ours(PredictionCase which, String threads, String how, String file) {
    List<String> command = ClassPath.java(TimedPredictions.class.getName(), "", List.of());
    command.addAll(List.of(which.model(), Integer.toString(which.batch()), threads, how, file));
    return command;
  }
}

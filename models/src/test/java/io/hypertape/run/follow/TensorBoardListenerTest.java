package io.hypertape.run.follow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.metrics.Measure;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.run.Evaluation;
import io.hypertape.run.RunState;
import io.hypertape.run.Score;
import io.hypertape.run.TrainingListener;
import io.hypertape.run.folder.FolderCheck;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written for TensorBoard, by our own reading of it and by TensorBoard's. */
class TensorBoardListenerTest {

  private static final String VARIABLE = "HYPERTAPE_TEST_PYTHON";

  private static final String PROGRAM =
      """
      import importlib.util, sys
      if importlib.util.find_spec('tensorboard') is None:
          sys.exit(3)
      from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
      events = EventAccumulator(sys.argv[1], size_guidance={'scalars': 0})
      events.Reload()
      for tag in sorted(events.Tags()['scalars']):
          print(tag, *(f'{e.step}:{e.value!r}' for e in events.Scalars(tag)))
      """;

  private static final List<String> LABELS =
      List.of("L1.adam.alpha", "L1.adam.beta1", "L1.adam.beta2", "L2.sgd.alpha");

  @TempDir private Path folder;

  /** A listener's own numbers, and where the run stands. */
  private final class Followed extends Delegating {
    private final List<Float> losses = new ArrayList<>();
    private final long stop;
    private long steps;

    Followed(TensorBoardListener board, long stop) {
      super(board);
      this.stop = stop;
    }

    @Override
    public void step(long step, double loss, TowerOptimizer optimizer) throws IOException {
      super.step(step, loss, optimizer);
      losses.add((float) loss);
      steps = step;
    }

    @Override
    public boolean stops() {
      return steps >= stop;
    }

    @Override
    public void checkpoint(Supplier<RunState> state) throws IOException {
      state.get().write(state());
    }
  }

  private Path state() {
    return folder.resolve("state");
  }

  private Path logs() {
    return folder.resolve("deeper/logs");
  }

  private List<EventRecords.Told> only() throws IOException {
    List<Path> files = EventRecords.files(logs());
    assertEquals(1, files.size(), files.toString());
    return EventRecords.read(files.getFirst());
  }

  @Test
  void everyNumberOfARunIsThere() throws IOException {
    Evaluation score;
    Followed followed;
    double before = System.currentTimeMillis() / 1e3;
    try (TensorBoardListener board = new TensorBoardListener(logs())) {
      followed = new Followed(board, Long.MAX_VALUE);
      score = FollowedRuns.run(2, followed);
      // Whoever looks meanwhile sees what there is after an epoch.
      assertEquals(14, only().size());
    }
    List<EventRecords.Told> told = only();
    assertEquals("brain.Event:2", told.get(0).version());
    assertTrue(told.get(1).start());
    assertEquals(1, told.get(1).step());
    List<EventRecords.Told> steps =
        told.stream().filter(event -> event.values().containsKey("train/loss")).toList();
    assertEquals(10, steps.size());
    for (int k = 0; k < 10; k++) {
      EventRecords.Told step = steps.get(k);
      assertEquals(k + 1, step.step());
      assertEquals(followed.losses.get(k), step.values().get("train/loss"));
      assertTrue(step.wallTime() >= before && step.wallTime() < before + 600, step.toString());
      for (String label : List.of("L1.adam.alpha", "L2.sgd.alpha")) {
        assertTrue(step.values().containsKey("hyperparameters/" + label), step.toString());
      }
    }
    EventRecords.Told last = told.getLast();
    assertEquals(10, last.step());
    assertEquals(2f, last.values().get("train/epoch"));
    assertEquals((float) score.error(), last.values().get("test/error"));
    assertEquals(
        (float) score.measure(Measure.CALIBRATION_ERROR),
        last.values().get("test/calibration_error"));
    assertEquals(2 + score.measures().size(), last.values().size());
  }

  @Test
  void judgementsWithinEpochsAreThere() throws IOException {
    List<Evaluation> scores;
    try (TensorBoardListener board = new TensorBoardListener(logs())) {
      scores = FollowedRuns.judged(board);
    }
    List<EventRecords.Told> told =
        only().stream().filter(event -> event.values().containsKey("test/error")).toList();
    assertEquals(List.of(3L, 5L, 6L, 9L, 10L), told.stream().map(EventRecords.Told::step).toList());
    assertEquals(
        scores.stream().map(score -> (float) score.loss()).toList(),
        told.stream().map(event -> event.values().get("test/loss")).toList());
    assertTrue(told.stream().allMatch(event -> event.values().get("train/mean_loss") > 0));
    assertEquals(
        List.of(5L, 10L),
        told.stream()
            .filter(event -> event.values().containsKey("train/epoch"))
            .map(EventRecords.Told::step)
            .toList());
  }

  @Test
  void longRunsWriteSomeSteps() throws IOException {
    try (TensorBoardListener board = new TensorBoardListener(logs(), 4)) {
      FollowedRuns.run(2, board);
    }
    assertEquals(
        List.of(1L, 4L, 8L),
        only().stream()
            .filter(event -> event.values().containsKey("train/loss"))
            .map(EventRecords.Told::step)
            .toList());
    assertThrows(IllegalArgumentException.class, () -> new TensorBoardListener(logs(), 0));
  }

  private FolderCheck.Finding checked(Path file) throws IOException {
    try (Session session = Session.open(Device.REFERENCE)) {
      return FolderCheck.of(session, file).getFirst();
    }
  }

  /** As {@code hypertape verify} does. */
  @Test
  void itsRecordsAreChecked() throws IOException {
    try (EventFile file = EventFile.begin(logs(), 1)) {
      file.scalars(1, Map.of("x", 1.0));
    }
    Path file = EventRecords.files(logs()).getFirst();
    byte[] whole = Files.readAllBytes(file);
    assertEquals(FolderCheck.Verdict.WHOLE, checked(file).verdict());
    assertTrue(checked(file).text().startsWith("3 records"), checked(file).text());
    Files.write(file, Arrays.copyOf(whole, whole.length - 1));
    assertTrue(checked(file).text().startsWith("2 records"), checked(file).text());
    for (int at : new int[] {0, 9, 20, whole.length - 1}) {
      byte[] changed = whole.clone();
      changed[at] ^= 1;
      Files.write(file, changed);
      assertEquals(FolderCheck.Verdict.DAMAGED, checked(file).verdict(), "byte " + at);
    }
  }

  @Test
  void runsOfOneSecondHaveFilesOfTheirOwn() throws IOException {
    for (int k = 0; k < 3; k++) {
      try (EventFile file = EventFile.begin(logs(), 1)) {
        file.scalars(1, Map.of("x", (double) k));
      }
    }
    assertEquals(3, EventRecords.files(logs()).size());
  }

  @Test
  void aFolderThatCannotBeMadeEndsTheRunBeforeItBegins() throws IOException {
    Files.createDirectories(folder.resolve("deeper"));
    Files.writeString(logs(), "a file");
    try (TensorBoardListener board = new TensorBoardListener(logs())) {
      assertThrows(IOException.class, () -> FollowedRuns.run(1, board));
    }
  }

  /** Stopped in its second epoch after a checkpoint at the end of the first. */
  private void stopAndGoOn() throws IOException {
    Path early = folder.resolve("early");
    try (TensorBoardListener board = new TensorBoardListener(logs())) {
      FollowedRuns.run(1, new Followed(board, Long.MAX_VALUE));
    }
    Files.copy(state(), early);
    try (TensorBoardListener board = new TensorBoardListener(logs())) {
      FollowedRuns.run(2, state(), new Followed(board, 8));
    }
    // As if it had been killed then: steps 6 to 8 are taken again.
    Files.delete(state());
    Files.move(early, state());
    try (TensorBoardListener board = new TensorBoardListener(logs(), 5)) {
      FollowedRuns.run(2, state(), new Followed(board, Long.MAX_VALUE));
    }
  }

  @Test
  void aRunThatGoesOnSaysFromWhere() throws IOException {
    stopAndGoOn();
    List<Path> files = EventRecords.files(logs());
    assertEquals(3, files.size());
    assertEquals(6, EventRecords.read(files.get(2)).get(1).step());
  }

  private String tensorBoard() throws Exception {
    String python = System.getProperty(VARIABLE, System.getenv().getOrDefault(VARIABLE, ""));
    assumeTrue(!python.isBlank(), VARIABLE + " names no Python with the package tensorboard");
    Process process =
        new ProcessBuilder(List.of(python, "-c", PROGRAM, logs().toString()))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.waitFor();
    assumeTrue(status != 3, python + " has no package tensorboard");
    assertEquals(0, status, said);
    return said;
  }

  @Test
  void tensorBoardReadsIt() throws Exception {
    Followed followed;
    Evaluation score;
    try (TensorBoardListener board = new TensorBoardListener(logs())) {
      followed = new Followed(board, Long.MAX_VALUE);
      score = FollowedRuns.run(2, followed);
    }
    String said = tensorBoard();
    Map<String, List<String>> scalars = new TreeMap<>();
    said.lines()
        .map(line -> List.of(line.split(" ")))
        .forEach(line -> scalars.put(line.getFirst(), line.subList(1, line.size())));
    assertTrue(
        scalars.keySet().containsAll(LABELS.stream().map(l -> "hyperparameters/" + l).toList()),
        said);
    assertEquals(10, scalars.get("train/loss").size(), said);
    for (int k = 0; k < 10; k++) {
      String[] value = scalars.get("train/loss").get(k).split(":");
      assertEquals(k + 1, Integer.parseInt(value[0]), said);
      assertEquals(followed.losses.get(k), Float.parseFloat(value[1]), said);
    }
    assertEquals(2, scalars.get("test/error").size(), said);
    assertEquals(
        (float) score.error(), Float.parseFloat(scalars.get("test/error").get(1).split(":")[1]));
    assertTrue(scalars.keySet().containsAll(Set.of("train/epoch", "test/loss", "test/f1")), said);
  }

  @Test
  void tensorBoardForgetsStepsThatWereTakenAgain() throws Exception {
    stopAndGoOn();
    String said = tensorBoard();
    String losses = said.lines().filter(l -> l.startsWith("train/loss ")).findFirst().orElse("");
    String steps = losses.replaceAll(":\\S+", "");
    assertEquals("train/loss 1 2 3 4 5 10", steps, said);
    assertTrue(said.contains("train/epoch 5:1.0 10:2.0"), said);
  }

  /** All but what a test changes goes to another listener. */
  private abstract static class Delegating implements TrainingListener {
    private final TrainingListener to;

    Delegating(TrainingListener to) {
      this.to = to;
    }

    @Override
    public void begin(TowerOptimizer optimizer) throws IOException {
      to.begin(optimizer);
    }

    @Override
    public void step(long step, double loss, TowerOptimizer optimizer) throws IOException {
      to.step(step, loss, optimizer);
    }

    @Override
    public void epoch(int epoch, double trainLoss, Score test, TowerOptimizer optimizer)
        throws IOException {
      to.epoch(epoch, trainLoss, test, optimizer);
    }
  }
}

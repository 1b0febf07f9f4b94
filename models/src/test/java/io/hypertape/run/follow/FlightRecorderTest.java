package io.hypertape.run.follow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.optim.TowerOptimizer;
import io.hypertape.run.Evaluation;
import io.hypertape.run.TrainingListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** What Flight Recorder has of a run, and what a run costs that it does not record. */
@Isolated("a recording holds the events of the whole JVM")
class FlightRecorderTest {

  private static final String OWN = "io.hypertape.";

  @TempDir private Path folder;

  /** A run of a JVM of its own. */
  static final class Plain {
    private Plain() {}

    public static void main(String[] args) throws IOException {
      FollowedRuns.run(2, new TrainingListener() {});
    }
  }

  private static List<RecordedEvent> of(List<RecordedEvent> all, String name) {
    return all.stream().filter(e -> e.getEventType().getName().equals(OWN + name)).toList();
  }

  private List<RecordedEvent> recorded(Recording recording) throws IOException {
    Path file = folder.resolve("run.jfr");
    recording.stop();
    recording.dump(file);
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().startsWith(OWN))
        .toList();
  }

  @Test
  void aRunIsRecorded() throws IOException {
    List<Double> losses = new ArrayList<>();
    Evaluation score;
    List<RecordedEvent> all;
    try (Recording recording = new Recording()) {
      recording.start();
      score =
          FollowedRuns.run(
              2,
              new TrainingListener() {
                @Override
                public void step(long step, double loss, TowerOptimizer optimizer) {
                  losses.add(loss);
                }
              });
      all = recorded(recording);
    }
    List<RecordedEvent> steps = of(all, "Step");
    assertEquals(
        LongStream.rangeClosed(1, 10).boxed().toList(),
        steps.stream().map(event -> event.getLong("number")).toList());
    assertEquals(losses, steps.stream().map(event -> event.getDouble("loss")).toList());
    assertTrue(steps.stream().allMatch(e -> e.getDuration().compareTo(Duration.ZERO) > 0));
    List<RecordedEvent> epochs = of(all, "Epoch");
    assertEquals(List.of(1, 2), epochs.stream().map(event -> event.getInt("number")).toList());
    assertEquals(List.of(5L, 10L), epochs.stream().map(event -> event.getLong("steps")).toList());
    assertEquals(
        losses.subList(5, 10).stream().mapToDouble(x -> x).average().orElseThrow(),
        epochs.get(1).getDouble("loss"),
        1e-12);
    List<RecordedEvent> evaluations = of(all, "Evaluation");
    assertEquals(2, evaluations.size());
    assertEquals(score.text(), evaluations.get(1).getString("score"));
    // An epoch begins with its first step and ends after its evaluation.
    RecordedEvent second = epochs.get(1);
    assertTrue(!second.getStartTime().isAfter(steps.get(5).getStartTime()));
    assertTrue(!second.getEndTime().isBefore(evaluations.get(1).getEndTime()));
    assertTrue(!evaluations.get(1).getStartTime().isBefore(steps.get(9).getEndTime()));
    List<RecordedEvent> memory = of(all, "SessionMemory");
    assertEquals(3, memory.size(), "after each epoch, and as the session was closed");
    for (RecordedEvent event : memory) {
      assertEquals("cpu", event.getString("backend"));
      assertTrue(event.getLong("allocated") >= event.getLong("used"), event.toString());
      assertTrue(event.getLong("peak") >= event.getLong("used"), event.toString());
      // Weights of 784 × 8 float32 alone.
      assertTrue(event.getLong("peak") > 25_000, event.toString());
    }
    assertTrue(memory.get(1).getLong("used") > 25_000, memory.toString());
    assertTrue(memory.get(2).getLong("used") < 25_000, "the model was closed before");
  }

  @Test
  void judgementsWithinEpochsAreRecorded() throws IOException {
    List<Evaluation> scores;
    List<RecordedEvent> all;
    try (Recording recording = new Recording()) {
      recording.start();
      scores = FollowedRuns.judged(new TrainingListener() {});
      all = recorded(recording);
    }
    List<RecordedEvent> evaluations = of(all, "Evaluation");
    assertEquals(
        List.of(3L, 5L, 6L, 9L, 10L),
        evaluations.stream().map(event -> event.getLong("steps")).toList());
    assertEquals(
        scores.stream().map(Evaluation::text).toList(),
        evaluations.stream().map(event -> event.getString("score")).toList());
    List<RecordedEvent> steps = of(all, "Step");
    // Between the third step and the fourth, and part of neither.
    assertTrue(!evaluations.get(0).getStartTime().isBefore(steps.get(2).getEndTime()));
    assertTrue(!evaluations.get(0).getEndTime().isAfter(steps.get(3).getStartTime()));
    assertEquals(6, of(all, "SessionMemory").size(), "after each, and as the session was closed");
    assertEquals(2, of(all, "Epoch").size());
  }

  @Test
  void eventsCanBeTurnedOff() throws IOException {
    try (Recording recording = new Recording()) {
      for (String name : List.of("Step", "Evaluation", "SessionMemory")) {
        recording.disable(OWN + name);
      }
      recording.start();
      FollowedRuns.run(1, new TrainingListener() {});
      List<RecordedEvent> all = recorded(recording);
      assertEquals(
          Set.of(OWN + "Epoch"),
          all.stream()
              .map(event -> event.getEventType().getName())
              .filter(name -> !name.endsWith("VectorsCompiled"))
              .collect(Collectors.toSet()));
    }
  }

  private void plain(String... options) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(List.of(options));
    command.addAll(
        List.of(
            "-Xmx512m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Plain.class.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
  }

  /** A start is short: what records nothing loads next to nothing for it. */
  @Test
  void aRunThatIsNotRecordedLoadsNoEvents() throws Exception {
    Path log = folder.resolve("classes");
    plain("-Xlog:class+load:file=" + log);
    List<String> classes =
        Files.readAllLines(log).stream()
            .map(line -> line.replaceFirst(".*\\] ", "").replaceFirst(" .*", ""))
            .toList();
    assertTrue(classes.contains("io.hypertape.run.Trainer"), classes.size() + " classes");
    List<String> recorder = classes.stream().filter(name -> name.startsWith("jdk.jfr.")).toList();
    assertTrue(recorder.size() <= 4, recorder.toString());
    assertEquals(
        List.of(),
        classes.stream()
            .filter(name -> name.startsWith("io.hypertape.autodiff.events."))
            .filter(name -> name.endsWith("Event"))
            .toList());
  }

  @Test
  void withoutFlightRecorderRunsAreAsElsewhere() throws Exception {
    plain("--limit-modules", "java.desktop,java.net.http,jdk.incubator.vector,jdk.unsupported");
  }
}

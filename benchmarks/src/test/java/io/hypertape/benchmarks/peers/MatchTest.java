package io.hypertape.benchmarks.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.benchmarks.fork.ClassPath;
import io.hypertape.benchmarks.fork.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class MatchTest {

  private static final Pace PACE = new Pace(5, 0.02, 0.01, 1, Duration.ofSeconds(60));

  private final List<String> notices = new ArrayList<>();

  /** Does tasks of as many milliseconds as their name says. */
  public static final class Worker {
    private Worker() {}

    /**
     * Serves.
     *
     * @param args what it says of itself; its difference; that after the warm-up, which asks for
     *     several tasks at a time
     * @throws IOException if the pipe breaks
     */
    public static void main(String[] args) throws IOException {
      boolean[] warm = {true};
      Server.serve(
          args[0],
          new Server.Tasks() {
            @Override
            public void run(String task, int count) {
              warm[0] = count > 1;
              try {
                Thread.sleep((long) count * Integer.parseInt(task));
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            }

            @Override
            public double value() {
              return Double.parseDouble(warm[0] ? args[1] : args[2]);
            }
          });
    }
  }

  private static Contender worker(
      String name, String description, double difference, double later) {
    List<String> command = ClassPath.java(Worker.class.getName(), "", List.of());
    command.addAll(List.of(description, Double.toString(difference), Double.toString(later)));
    return new Contender(name, command);
  }

  @Test
  void tasksAreTimedByName() throws IOException {
    OutputJudge judge = new OutputJudge();
    try (Match match = new Match(1, PACE, judge)) {
      for (String name : List.of("ours", "peer")) {
        match.start(
            worker(name, "A, outputs differ by 2e-7", 1e-6, 1e-6), List.of("1", "30"), notices);
      }
      Map<String, double[]> few = match.play("1", 3, notices);
      Map<String, double[]> many = match.play("30", 3, notices);
      assertEquals(Set.of("ours", "peer"), many.keySet());
      double fastest = Arrays.stream(few.get("peer")).min().orElseThrow();
      assertTrue(many.get("peer")[1] >= 30e-3 && fastest < 30e-3, fastest + " s");
      assertEquals(Map.of(), match.leftOut());
    }
    assertEquals(
        List.of("Outputs differ from ours by at most: ours 1.0e-06, peer 1.0e-06."),
        judge.verdict());
  }

  /** Sleeps, and does it well if it did several at a time first. */
  public static final class Warmed {
    private Warmed() {}

    /**
     * Serves.
     *
     * @param args none
     * @throws IOException if the pipe breaks
     */
    public static void main(String[] args) throws IOException {
      int[] first = {0};
      Server.serve(
          "W, outputs differ by 0",
          new Server.Tasks() {
            @Override
            public void run(String task, int count) {
              first[0] = first[0] == 0 ? count : first[0];
              try {
                Thread.sleep(1);
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            }

            @Override
            public double value() {
              return first[0] > 1 ? 0 : 1;
            }
          });
    }
  }

  /** In which calls are looked at one by one: the slowest would pass for the time of all. */
  @Test
  void nobodyIsWarmedUpByPercentages() throws IOException {
    try (Match match = new Match(1, PACE, new OutputJudge())) {
      List<String> command = ClassPath.java(Warmed.class.getName(), "", List.of());
      match.start(new Contender("ours", command), List.of("p99"), notices);
      assertEquals(Set.of("ours"), match.play("p99", 1, notices).keySet(), notices::toString);
    }
  }

  @Test
  void whoComputesSomethingElseIsNotTimed() throws IOException {
    OutputJudge judge = new OutputJudge();
    try (Match match = new Match(1, PACE, judge)) {
      match.start(worker("ours", "A, outputs differ by 0", 0, 0), List.of("1"), notices);
      match.start(worker("far", "B, outputs differ by 0.01", 0, 0), List.of("1"), notices);
      match.start(worker("none", "C, outputs differ by nan", 0, 0), List.of("1"), notices);
      match.start(worker("silent", "D", 0, 0), List.of("1"), notices);
      match.start(worker("later", "E, outputs differ by 0", 0, 0.5), List.of("1"), notices);
      Map<String, double[]> times = match.play("1", 4, notices);
      assertEquals(Set.of("ours"), times.keySet());
      assertEquals(
          "far computes something else: its outputs differ by 0.01", match.leftOut().get("far"));
      assertEquals(Set.of("far", "none", "silent", "later"), match.leftOut().keySet());
      assertEquals(
          "silent does not say by how much its outputs differ, but 'D'",
          match.leftOut().get("silent"));
      assertEquals(
          "later computes something else: its outputs differ by 0.5", match.leftOut().get("later"));
    }
    assertEquals(List.of("Outputs differ from ours by at most: ours 0.0e+00."), judge.verdict());
  }

  @Test
  void withoutUsThereIsNoMatch() throws IOException {
    try (Match match = new Match(1, PACE, new OutputJudge())) {
      match.start(worker("ours", "A, outputs differ by 0", 0, 0.5), List.of("1"), notices);
      assertThrows(IOException.class, () -> match.play("1", 4, notices));
    }
  }

  @Test
  void differencesAreRelativeToTheLargestOutput() {
    assertEquals(0.25, OutputJudge.difference(new float[] {1, 5}, new float[] {1, 4}), 1e-12);
    assertEquals(0.5, OutputJudge.difference(new float[] {1}, new float[] {0.5f}), 1e-12);
    assertTrue(Double.isNaN(OutputJudge.difference(new float[] {Float.NaN}, new float[1])));
    assertEquals(Double.POSITIVE_INFINITY, OutputJudge.difference(new float[2], new float[1]));
  }

  @Test
  void ourPredictionsAndLayersAreServed(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("x.safetensors");
    try (Match match = new Match(1, PACE, new OutputJudge())) {
      List<String> ways = List.of("serve", "run", "replay");
      for (String how : ways) {
        List<String> command = ClassPath.java(TimedPredictions.class.getName(), "", List.of());
        command.addAll(List.of("mlp", "3", "1", how, file.toString()));
        match.start(new Contender(how, command), List.of(""), notices);
      }
      for (String task : List.of("", "p99")) {
        assertEquals(Set.copyOf(ways), match.play(task, 1, notices).keySet(), notices::toString);
      }
      Map<String, double[]> times = match.play("", 1, notices);
      Map<String, Double> heap = match.heap(Set.copyOf(ways), times);
      assertEquals(Set.copyOf(ways), heap.keySet());
      // Thirty numbers at least; vectors lie there, too, until they are compiled.
      assertTrue(heap.values().stream().allMatch(bytes -> bytes >= 120), heap.toString());
      assertEquals(Set.of("run"), match.heap(Set.of("run", "absent"), times).keySet());
      // A session is one thread's.
      Set<String> served = match.play("callers 3", 1, notices).keySet();
      assertEquals(Set.of("serve"), served, notices::toString);
    }
    try (Match match = new Match(1, PACE, new OutputJudge())) {
      List<String> labels = List.of("product 512x512x512", "convolution filter 3>16@32,3/1");
      List<String> command = ClassPath.java(TimedLayers.class.getName(), "", List.of());
      command.addAll(List.of("1", folder.toString()));
      command.addAll(labels);
      match.start(new Contender("ours", command), labels, notices);
      for (String label : labels) {
        assertEquals(Set.of("ours"), match.play(label, 1, notices).keySet(), notices::toString);
      }
    }
    assertTrue(Files.exists(file) && Files.exists(folder.resolve("1.safetensors")));
  }
}

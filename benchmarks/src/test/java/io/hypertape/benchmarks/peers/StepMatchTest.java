package io.hypertape.benchmarks.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.benchmarks.fork.ClassPath;
import io.hypertape.benchmarks.fork.Server;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StepMatchTest {

  private static final Pace PACE = new Pace(5, 0.02, 0.01, 1, Duration.ofSeconds(60));

  private final List<String> notices = new ArrayList<>();

  /** For as long as a match warms up, which asks for several steps at a time. */
  private static final int WARM = -1;

  /** Takes steps of a millisecond. */
  public static final class Player {
    private Player() {}

    /**
     * Serves.
     *
     * @param args what it says of itself; its loss; how many steps it lasts, or -1
     * @throws IOException if the pipe breaks
     */
    public static void main(String[] args) throws IOException {
      int[] left = {Integer.parseInt(args[2])};
      Server.serve(
          args[0],
          count -> {
            left[0] -= count;
            boolean warm = Integer.parseInt(args[2]) < 0 && count > 1;
            try {
              Thread.sleep(count);
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
            return left[0] > 0 || warm ? Double.parseDouble(args[1]) : Double.NaN;
          });
    }
  }

  private static Contender player(String name, String description, double loss, int steps) {
    List<String> command = ClassPath.java(Player.class.getName(), "", List.of());
    command.addAll(List.of(description, Double.toString(loss), Integer.toString(steps)));
    return new Contender(name, command);
  }

  private Map<String, double[]> play(Contender... contenders) throws IOException {
    return new StepMatch(1, 3, PACE, 10).run(List.of(contenders), notices);
  }

  @Test
  void everySideHasATimeARoundAndLossAndSizeAreTold() throws IOException {
    Map<String, double[]> times =
        play(
            player("ours", "A, 7 parameters", 2.25, 100000),
            player("peer", "B, 7 parameters", 2.5, 100000));
    assertEquals(Set.of("ours", "peer"), times.keySet());
    times.values().forEach(seconds -> assertEquals(3, seconds.length));
    times.values().forEach(seconds -> assertTrue(seconds[2] >= 1e-3, seconds[2] + " s"));
    assertEquals(
        List.of(
            "ours: A, 7 parameters",
            "peer: B, 7 parameters",
            "Parameters of each side: 7. Last losses: ours 2.25, peer 2.50."),
        notices);
  }

  @Test
  void whoDiffersInSizeOrDoesNotTellItIsLeftOut() throws IOException {
    Map<String, double[]> times =
        play(
            player("ours", "7 parameters", 2, 100000),
            player("larger", "17 parameters", 2, 100000),
            player("silent", "threads: 7", 2, 100000));
    assertEquals(Set.of("ours"), times.keySet());
    assertTrue(
        notices.contains("larger was left out: larger trains 17 parameters, where ours trains 7"),
        notices.toString());
    assertTrue(
        notices.contains(
            "silent was left out: silent does not say how many parameters it trains, but 'threads:"
                + " 7'"),
        notices.toString());
  }

  @Test
  void whoseLossIsNoneIsLeftOutAndLaterEndsTheMatch() throws IOException {
    // Guessing among ten has a loss of 2.3; twice that is the limit.
    Map<String, double[]> times =
        play(
            player("infinite", "7 parameters", Double.POSITIVE_INFINITY, 100000),
            player("high", "7 parameters", 4.7, 100000),
            player("ours", "7 parameters", 4.5, 100000));
    assertEquals(Set.of("ours"), times.keySet());
    assertEquals(
        List.of(
            "infinite was left out: infinite trains badly: its loss is Infinity",
            "high was left out: high trains badly: its loss is 4.7"),
        notices.subList(0, 2));
    var e = assertThrows(IOException.class, () -> play(player("ours", "7 parameters", 2, WARM)));
    assertEquals("ours trains badly: its loss is NaN", e.getMessage());
  }

  @Test
  void whoIsNotReadyInTimeIsLeftOut() throws IOException {
    Pace impatient = new Pace(5, 0.02, 0.01, 1, Duration.ofMillis(200));
    Contender slow = new Contender("slow", List.of("/bin/sh", "-c", "sleep 60"));
    Map<String, double[]> times = new StepMatch(1, 3, impatient, 10).run(List.of(slow), notices);
    assertEquals(Map.of(), times);
    assertEquals(List.of("slow was left out: slow gave no answer in 0.2 s"), notices);
  }

  @Test
  void longStepsArePlayedInFewerRounds() {
    assertEquals(21, Pace.SHORT.rounds(21));
    assertEquals(11, Pace.MEDIUM.rounds(21));
    assertEquals(7, Pace.LONG.rounds(21));
    assertEquals(3, Pace.LONG.rounds(7));
    assertEquals(1, Pace.LONG.rounds(1));
  }
}

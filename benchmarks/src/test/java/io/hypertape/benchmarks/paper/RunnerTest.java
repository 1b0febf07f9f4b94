package io.hypertape.benchmarks.paper;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.benchmarks.parts.Conditions;
import io.hypertape.benchmarks.parts.Experiment;
import io.hypertape.benchmarks.parts.Outcome;
import io.hypertape.benchmarks.parts.Part;
import io.hypertape.benchmarks.parts.Results;
import io.hypertape.benchmarks.parts.Runner;
import io.hypertape.benchmarks.parts.Store;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunnerTest {

  @TempDir private Path folder;

  private final ByteArrayOutputStream told = new ByteArrayOutputStream();

  private Runner runner(Path out, int jobs, BooleanSupplier interrupted) {
    return new Runner(
        new Store(out.resolve("parts"), Map.of("backend", "test")),
        SessionOptions.of(Device.CPU),
        jobs,
        interrupted,
        new PrintStream(told, true, StandardCharsets.UTF_8));
  }

  private static Table1 table() {
    return new Table1(MnistMlp.of(TinyMnist.draw(600, 100), 1), 2, Table1.Length.SHORT);
  }

  private static byte[] written(Runner runner, Experiment experiment, Path out) throws IOException {
    experiment.write(runner.results(), out, "");
    return Files.readAllBytes(out.resolve("table1.csv"));
  }

  @Test
  void aStoppedRunGoesOnAndSchedulingDecidesNothing() throws IOException {
    Table1 table = table();
    Runner whole = runner(folder.resolve("whole"), 1, () -> false);
    assertTrue(whole.run(table, List.of()));
    byte[] expected = written(whole, table, folder.resolve("whole"));

    // Stopped again and again in the middle of parts, three at once.
    Path out = folder.resolve("stopped");
    boolean done = false;
    int stops = 0;
    while (!done) {
      told.reset();
      AtomicInteger asked = new AtomicInteger();
      Runner runner = runner(out, 3, () -> asked.incrementAndGet() > 150);
      done = runner.run(table, List.of());
      stops++;
      if (done) {
        assertArrayEquals(expected, written(runner, table, out));
      }
    }
    assertTrue(stops > 3, stops + " stops");
  }

  @Test
  void timeLeftCountsWhatCannotBeNamedYet() {
    Table1 table = table();
    long all =
        table.parts(part -> java.util.Optional.empty()).stream().mapToLong(Part::steps).sum();
    // 8 rows of 3 epochs and 10 of 1 with 3 steps each; 6 and 8 of them learn something, and the
    // paper's values are known beforehand.
    assertEquals(2 * 3 * (8 * 3 + 10 + 6 * 3 + 8), all);
    assertEquals(2 * 3 * (6 * 3 + 8), table.laterSteps(part -> java.util.Optional.empty()));
  }

  /** Parts that count how often they run. */
  private record Counted(int number, AtomicInteger runs, Company company, AtomicInteger beside)
      implements Part {

    @Override
    public String label() {
      return "part " + number;
    }

    @Override
    public Map<String, String> key() {
      return Map.of("number", Integer.toString(number));
    }

    @Override
    public long steps() {
      return 10;
    }

    @Override
    public Outcome run(Conditions conditions) throws IOException {
      runs.incrementAndGet();
      int now = beside.incrementAndGet();
      try {
        if (number == 13) {
          throw new IOException("bad luck");
        }
        Thread.sleep(20);
        return new Outcome(Map.of("beside", (double) now), "");
      } catch (InterruptedException e) {
        throw new IOException(e);
      } finally {
        beside.decrementAndGet();
      }
    }

    @Override
    public String told(Outcome outcome) {
      return "done";
    }
  }

  private record Parts(List<Part> all, double stepSeconds) implements Experiment {
    @Override
    public String name() {
      return "parts";
    }

    @Override
    public List<Part> parts(Results results) {
      return all;
    }

    @Override
    public long laterSteps(Results results) {
      return 0;
    }

    @Override
    public String write(Results results, Path folder, String head) {
      return "";
    }
  }

  private static Parts counted(int from, int to, AtomicInteger runs, Part.Company company) {
    AtomicInteger beside = new AtomicInteger();
    return new Parts(
        IntStream.range(from, to)
            .mapToObj(i -> (Part) new Counted(i, runs, company, beside))
            .toList(),
        1e-3);
  }

  @Test
  void timeLeftKnowsThatOthersStepsAreLonger() throws IOException {
    Parts parts = counted(0, 1, new AtomicInteger(), Part.Company.ANY);
    Parts long1000 = new Parts(counted(1, 2, new AtomicInteger(), Part.Company.ANY).all(), 1);
    assertTrue(runner(folder, 1, () -> false).run(parts, List.of(long1000)));
    // Ten steps took 20 ms or more: the other's ten take a thousand times as long, 20 s.
    String text = told.toString(StandardCharsets.UTF_8);
    assertTrue(text.matches("(?s).*; (\\d+ min \\d+|[2-9]\\d) s left\\s*"), text);
  }

  @Test
  void whatIsTimedRunsAlone() throws IOException {
    Parts parts = counted(0, 6, new AtomicInteger(), Part.Company.NONE);
    Runner runner = runner(folder, 4, () -> false);
    assertTrue(runner.run(parts, List.of()));
    for (Part part : parts.all()) {
      assertEquals(1, runner.results().of(part).orElseThrow().figure("beside"));
    }
  }

  @Test
  void aFailureEndsTheRunAndWhatIsDoneStays() throws IOException {
    AtomicInteger runs = new AtomicInteger();
    Parts parts = counted(10, 16, runs, Part.Company.ANY);
    Exception e =
        assertThrows(IOException.class, () -> runner(folder, 1, () -> false).run(parts, List.of()));
    assertEquals("part 13: bad luck", e.getMessage());
    assertEquals(4, runs.get());
    assertThrows(IOException.class, () -> runner(folder, 1, () -> false).run(parts, List.of()));
    assertEquals(5, runs.get(), "only the part that failed runs again, and nothing after it");
    assertTrue(told.toString(StandardCharsets.UTF_8).contains("[1/6] part 10: done"));
  }

  @Test
  void theOthersGoOnIfTheyShall() throws IOException {
    AtomicInteger runs = new AtomicInteger();
    Parts parts = counted(10, 16, runs, Part.Company.ANY);
    Runner runner =
        new Runner(
            new Store(folder.resolve("parts"), Map.of()),
            SessionOptions.of(Device.CPU),
            1,
            () -> false,
            new PrintStream(told, true, StandardCharsets.UTF_8),
            Runner.OnFailure.GO_ON);
    Exception e = assertThrows(IOException.class, () -> runner.run(parts, List.of()));
    assertEquals("part 13: bad luck", e.getMessage());
    assertEquals(6, runs.get());
    assertTrue(told.toString(StandardCharsets.UTF_8).contains("part 15: done"));
  }

  @Test
  void anInterruptionIsNoFailure() throws IOException {
    AtomicInteger runs = new AtomicInteger();
    Parts parts = counted(13, 16, runs, Part.Company.ANY);
    AtomicInteger asked = new AtomicInteger();
    assertFalse(
        runner(folder, 1, () -> asked.incrementAndGet() > 1).run(parts, List.of()),
        "the first part fails, as a process does that Ctrl-C has ended");
    assertEquals(1, runs.get());
  }

  @Test
  void anInterruptOfTheThreadEndsItsParts() throws IOException {
    AtomicInteger runs = new AtomicInteger();
    Parts parts = counted(20, 1020, runs, Part.Company.ANY);
    Thread caller = Thread.currentThread();
    BooleanSupplier afterAWhile =
        () -> {
          if (runs.get() == 3) {
            caller.interrupt();
          }
          return false;
        };
    assertFalse(runner(folder, 1, afterAWhile).run(parts, List.of()));
    assertTrue(Thread.interrupted(), "the status is kept");
    assertTrue(runs.get() < 1000, runs.get() + " parts ran");
  }
}

package io.hypertape.cli;

import io.hypertape.cli.TrialRun.End;
import io.hypertape.testing.files.WatchedFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The n-th operation on files fails, for every n, with each of the system's errors in turn, once or
 * from there on: a command ends with one line that names a file, and whoever goes on afterwards
 * comes to the undisturbed run's bytes. Prints how many failures there were.
 *
 * <p>In a JVM whose default file system is {@link WatchedFiles}.
 */
final class FaultyRuns {

  /** A system's error: as UNIX tells of it. */
  @FunctionalInterface
  interface Fault {
    IOException on(Path file);
  }

  static final List<Fault> FAULTS =
      List.of(
          reason("No space left on device"),
          reason("Input/output error"),
          reason("Disk quota exceeded"),
          reason("Read-only file system"),
          reason("Too many open files"),
          reason("Stale file handle"),
          file -> new AccessDeniedException(file.toString()),
          file -> new NoSuchFileException(file.toString()));

  private static Fault reason(String text) {
    return file -> new FileSystemException(file.toString(), null, text);
  }

  /** Some of a command's work on files. */
  private record Case(int at, boolean persists) {}

  private final TrialRun trial;
  private final Path home;
  private final Random random;
  private final int most;
  private int failures;
  private int tolerated;

  private FaultyRuns(Path home, TrialRun trial, long seed, int most) {
    this.home = home;
    this.trial = trial;
    this.random = new Random(seed);
    this.most = most;
  }

  public static void main(String[] args) throws IOException {
    PrintStream out = System.out;
    System.setOut(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
    Path home = Path.of(args[0]);
    long seed = Long.parseLong(args[1]);
    TrialRun trial = new TrialRun(home, Arrays.asList(args).subList(3, args.length));
    FaultyRuns faulty = new FaultyRuns(home, trial, seed, Integer.parseInt(args[2]));
    String text = faulty.test();
    out.println(text + "; seed " + seed);
  }

  /** A command, which may be tried again and again. */
  @FunctionalInterface
  private interface Work {
    End run();
  }

  private String test() throws IOException {
    StringBuilder text = new StringBuilder();
    TrialRun.put(Map.of(), trial.folder());
    text.append(trial.trains() ? "train " : "paper ").append(everyOperation(trial::begin, true));
    if (trial.trains()) {
      // Half of the way: a run that was stopped within it.
      TrialRun.require("half", trial.half(), 0);
      text.append(", resume ").append(everyOperation(trial::goOn, true));
      String model = trial.whole().toString();
      List<String> use =
          trial.isOfText()
              ? List.of("generate", model, "--length", "9")
              : List.of("evaluate", model, "--limit", "10");
      text.append(", ")
          .append(use.getFirst())
          .append(' ')
          .append(everyOperation(() -> TrialRun.execute(use), false));
    }
    List<String> verify = List.of("verify", trial.whole().toString());
    text.append(", verify ").append(everyOperation(() -> TrialRun.execute(verify), false));
    return failures + " failures, " + tolerated + " of them tolerated: " + text;
  }

  /** Lets each operation fail, or as many as there shall be at the most; tells their number. */
  private int everyOperation(Work work, boolean goesOn) throws IOException {
    Map<String, byte[]> before = TrialRun.contents(trial.folder());
    int operations = failing(Integer.MAX_VALUE, false, work).operations();
    List<Case> cases = new ArrayList<>();
    for (int n = 0; n < operations; n++) {
      cases.add(new Case(n, false));
      cases.add(new Case(n, true));
    }
    if (cases.size() > most) {
      Collections.shuffle(cases, random);
      cases.subList(most, cases.size()).clear();
    }
    for (Case one : cases) {
      TrialRun.put(before, trial.folder());
      Outcome outcome = failing(one.at(), one.persists(), work);
      String when = outcome.told() + (one.persists() ? " and all after it" : "");
      failures++;
      check(when, outcome.end());
      if (goesOn) {
        trial.goOnToTheEnd(when);
      }
    }
    TrialRun.put(before, trial.folder());
    return cases.size();
  }

  private void check(String when, End end) throws IOException {
    if (end.status() == 0) {
      tolerated++;
      return;
    }
    TrialRun.require(when, end, 1);
    List<String> lines = end.told().lines().filter(line -> line.startsWith("hypertape: ")).toList();
    // verify has a line a file.
    List<String> damaged = end.told().lines().filter(l -> l.startsWith("damaged ")).toList();
    if (lines.size() != 1
        || !(lines.getFirst() + damaged).contains("/")
        || end.told().contains("\tat ")
        || end.told().contains("Exception")) {
      throw new IOException(when + ": no single line that names a file, but " + end.told());
    }
  }

  private record Outcome(End end, int operations, String told) {}

  /** Does something of which the n-th operation below the home folder fails. */
  private Outcome failing(int at, boolean persists, Work work) throws IOException {
    Path watched = WatchedFiles.unwatched(home);
    int[] count = new int[1];
    String[] told = {"nothing"};
    int kind = random.nextInt(FAULTS.size());
    WatchedFiles.Watcher fails =
        (change, file) -> {
          if (!file.toAbsolutePath().startsWith(watched) || change.startsWith("after")) {
            return;
          }
          int n = count[0]++;
          if (n == at || persists && n > at) {
            IOException fault = FAULTS.get(kind).on(file);
            if (n == at) {
              told[0] = change + " of " + file.getFileName() + " fails (" + fault + ")";
            }
            throw fault;
          }
        };
    WatchedFiles.tell(fails);
    WatchedFiles.tellOfReading(fails);
    try {
      return new Outcome(work.run(), count[0], told[0]);
    } finally {
      WatchedFiles.tell((change, file) -> {});
      WatchedFiles.tellOfReading((change, file) -> {});
    }
  }
}

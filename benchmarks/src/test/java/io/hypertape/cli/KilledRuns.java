package io.hypertape.cli;

import io.hypertape.testing.files.WatchedFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A run that is killed before, within and after every file operation, all in one process: what is
 * on the disk at such a moment is copied, which is what SIGKILL would have left, and the run goes
 * on. Each of these folders is resumed then, and must come to the undisturbed run's bytes; and what
 * resuming does is killed at each of its operations in turn. Prints how many there were.
 *
 * <p>In a JVM whose default file system is {@link WatchedFiles}. Arguments: a folder, a seed, how
 * many of the folders to resume at the most, drawn by the seed, and a command without --out.
 */
final class KilledRuns {

  private final TrialRun trial;
  private final Random random;
  private final int most;
  private int kills;
  private int different;
  private int resumed;

  private KilledRuns(TrialRun trial, long seed, int most) {
    this.trial = trial;
    this.random = new Random(seed);
    this.most = most;
  }

  /** A folder as a killed process has left it. */
  private record Left(String when, Map<String, byte[]> files) {}

  public static void main(String[] args) throws IOException {
    PrintStream out = System.out;
    System.setOut(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
    long seed = Long.parseLong(args[1]);
    TrialRun trial = new TrialRun(Path.of(args[0]), Arrays.asList(args).subList(3, args.length));
    KilledRuns killed = new KilledRuns(trial, seed, Integer.parseInt(args[2]));
    killed.test();
    out.println(
        killed.kills
            + " kills, "
            + killed.different
            + " different folders, "
            + killed.resumed
            + " resumed; seed "
            + seed);
  }

  private void test() throws IOException {
    List<Left> once = watch(trial::begin);
    List<Left> some = drawn(once);
    for (Left left : some) {
      goOnTo(left, left.when());
    }
    // And what resuming does, from one of them.
    Left first = some.getFirst();
    TrialRun.put(first.files(), trial.folder());
    for (Left again : drawn(watch(trial::goOn))) {
      goOnTo(again, first.when() + ", and " + again.when());
    }
  }

  private List<Left> drawn(List<Left> all) {
    List<Left> some = new ArrayList<>(all);
    Collections.shuffle(some, random);
    return some.subList(0, Math.min(most, some.size()));
  }

  private void goOnTo(Left left, String when) throws IOException {
    TrialRun.put(left.files(), trial.folder());
    if (!left.files().isEmpty()) {
      List<String> verify = List.of("verify", trial.folder().toString());
      TrialRun.require(when, TrialRun.execute(verify), 0);
    }
    trial.goOnToTheEnd(when);
    resumed++;
  }

  /** Something that changes the run's folder. */
  @FunctionalInterface
  private interface Work {
    TrialRun.End run();
  }

  /** What it would leave if it was killed, at each moment at which that is something else. */
  private List<Left> watch(Work work) throws IOException {
    Map<String, Left> found = new LinkedHashMap<>();
    Path watched = WatchedFiles.unwatched(trial.folder());
    WatchedFiles.tell(
        (change, file) -> {
          if (file.toAbsolutePath().startsWith(watched)) {
            kills++;
            Map<String, byte[]> files = TrialRun.contents(watched);
            String when = "killed " + change + " of " + file.getFileName();
            found.putIfAbsent(digest(files), new Left(when, files));
          }
        });
    try {
      TrialRun.End end = work.run();
      // What was killed after its last step has nothing to go on with.
      if (!TrialRun.wasOver(end)) {
        TrialRun.require("watched", end, 0);
      }
    } finally {
      WatchedFiles.tell((change, file) -> {});
    }
    different += found.size();
    return List.copyOf(found.values());
  }

  /** Files in a word; the names of parts are drawn, and do not count. */
  private static String digest(Map<String, byte[]> files) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    files.forEach(
        (name, contents) -> {
          digest.update(name.replaceAll("[0-9a-f]{16}", "").getBytes(StandardCharsets.UTF_8));
          digest.update(contents);
        });
    return HexFormat.of().formatHex(digest.digest());
  }
}

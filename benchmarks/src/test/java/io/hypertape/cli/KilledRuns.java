package io.hypertape.cli;

import io.hypertape.testing.files.WatchedFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

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

  /** What decides whether a run has lost anything. */
  private static final Map<String, List<String>> RESULTS =
      Map.of(
          "train", List.of("model.safetensors", "state.safetensors", "metrics.csv"),
          "paper", List.of("table1.csv", "table1.png"));

  private static final String CONFIG = "config.json";

  private final Path home;
  private final List<String> command;
  private final Random random;
  private final int most;
  private final Path run;
  private final Map<String, byte[]> expected = new TreeMap<>();
  private int kills;
  private int copies;
  private int resumed;

  private KilledRuns(Path home, long seed, int most, List<String> command) {
    this.home = home;
    this.random = new Random(seed);
    this.most = most;
    this.command = command;
    this.run = home.resolve("run");
  }

  /** A folder as a killed process has left it. */
  private record Left(String when, Path folder) {}

  public static void main(String[] args) throws IOException {
    PrintStream out = System.out;
    System.setOut(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
    long seed = Long.parseLong(args[1]);
    KilledRuns killed =
        new KilledRuns(
            Path.of(args[0]),
            seed,
            Integer.parseInt(args[2]),
            Arrays.asList(args).subList(3, args.length));
    killed.test();
    out.println(
        killed.kills
            + " kills, "
            + killed.copies
            + " different folders, "
            + killed.resumed
            + " resumed, seed "
            + seed);
  }

  private void test() throws IOException {
    Path whole = home.resolve("whole");
    begin(whole, "undisturbed");
    for (String name : RESULTS.get(command.getFirst())) {
      expected.put(name, Files.readAllBytes(whole.resolve(name)));
    }
    List<Left> once = watch(() -> begin(run, "watched"));
    check(run, "watched");
    List<Left> some = drawn(once);
    for (Left left : some) {
      goOnTo(left, left.when());
    }
    // And what resuming does, from one of them.
    Left first = some.getFirst();
    put(first.folder(), run);
    for (Left again : drawn(watch(() -> goOn(run, first.when())))) {
      goOnTo(again, first.when() + ", and " + again.when());
    }
  }

  private List<Left> drawn(List<Left> all) {
    List<Left> some = new ArrayList<>(all);
    Collections.shuffle(some, random);
    return some.subList(0, Math.min(most, some.size()));
  }

  private void goOnTo(Left left, String when) throws IOException {
    put(left.folder(), run);
    if (Files.exists(run) && !names(run).isEmpty()) {
      execute(when, List.of("verify", run.toString()));
    }
    goOn(run, when);
    check(run, when);
    resumed++;
  }

  /** Something that changes the run's folder. */
  @FunctionalInterface
  private interface Work {
    void run() throws IOException;
  }

  /** What it would leave if it was killed, at each moment at which that is something else. */
  private List<Left> watch(Work work) throws IOException {
    Map<String, Left> found = new LinkedHashMap<>();
    Path watched = WatchedFiles.unwatched(run);
    WatchedFiles.tell(
        (change, file) -> {
          if (file.toAbsolutePath().startsWith(watched)) {
            kills++;
            String contents = contents(watched);
            if (!found.containsKey(contents)) {
              String when = change + " of " + file.getFileName();
              Path copy = WatchedFiles.unwatched(home).resolve("left" + copies++);
              put(watched, copy);
              found.put(contents, new Left(when, copy));
            }
          }
        });
    try {
      work.run();
    } finally {
      WatchedFiles.tell((change, file) -> {});
    }
    return List.copyOf(found.values());
  }

  private void begin(Path folder, String when) throws IOException {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of("--out", folder.toString()));
    execute(when, all);
  }

  /** As a user would: a folder that says nothing of a run is one to begin in. */
  private void goOn(Path folder, String when) throws IOException {
    if (command.getFirst().equals("train") && Files.exists(folder.resolve(CONFIG))) {
      execute(when, List.of("train", "--resume", folder.toString()));
    } else {
      begin(folder, when);
    }
  }

  private static void execute(String when, List<String> arguments) throws IOException {
    PrintStream err = System.err;
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    System.setErr(new PrintStream(told, true, StandardCharsets.UTF_8));
    int status;
    try {
      status = Main.execute(arguments.toArray(String[]::new));
    } finally {
      System.setErr(err);
    }
    // A run that had come to its end, and was killed before it let go of its folder.
    boolean isOver = status == 2 && told.toString(StandardCharsets.UTF_8).contains(" asked for; ");
    if (status != 0 && !isOver) {
      throw new IOException(
          "killed " + when + ": " + arguments + ": " + told.toString(StandardCharsets.UTF_8));
    }
  }

  private void check(Path folder, String when) throws IOException {
    for (Map.Entry<String, byte[]> file : expected.entrySet()) {
      if (!Arrays.equals(file.getValue(), Files.readAllBytes(folder.resolve(file.getKey())))) {
        throw new IOException(
            "killed " + when + ": " + file.getKey() + " has not the bytes of an undisturbed run");
      }
    }
    Set<String> missing = new TreeSet<>(names(home.resolve("whole")));
    Set<String> more = new TreeSet<>(names(folder));
    more.removeAll(missing);
    missing.removeAll(names(folder));
    if (!missing.isEmpty() || !more.isEmpty()) {
      throw new IOException(
          "killed " + when + ": there are no " + missing + ", and there are " + more);
    }
  }

  private static List<String> names(Path folder) throws IOException {
    Path place = WatchedFiles.unwatched(folder);
    try (Stream<Path> files = Files.walk(place)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> place.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  /** Everything in a folder, in a word; the names of parts are drawn, and do not count. */
  private static String contents(Path folder) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    if (Files.exists(folder)) {
      for (String name : names(folder)) {
        digest.update(name.replaceAll("[0-9a-f]{16}", "").getBytes(StandardCharsets.UTF_8));
        digest.update(Files.readAllBytes(folder.resolve(name)));
      }
      digest.update((byte) 1);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Makes one folder like another, which need not be there. */
  private static void put(Path from, Path to) throws IOException {
    Path source = WatchedFiles.unwatched(from);
    Path target = WatchedFiles.unwatched(to);
    if (Files.exists(target)) {
      try (Stream<Path> files = Files.walk(target)) {
        for (Path file : files.toList().reversed()) {
          Files.delete(file);
        }
      }
    }
    if (Files.exists(source)) {
      try (Stream<Path> files = Files.walk(source)) {
        for (Path file : files.toList()) {
          Files.copy(file, target.resolve(source.relativize(file)));
        }
      }
    }
  }
}

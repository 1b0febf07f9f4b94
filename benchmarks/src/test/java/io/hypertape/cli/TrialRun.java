package io.hypertape.cli;

import io.hypertape.testing.files.WatchedFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A short training, or a part of the paper, and what an undisturbed one leaves, to be compared with
 * one to which something has happened.
 */
final class TrialRun {

  /** What decides whether a run has lost anything. */
  private static final Map<String, List<String>> RESULTS =
      Map.of(
          "train", List.of("model.safetensors", "state.safetensors", "metrics.csv"),
          "paper", List.of("table1.csv", "table1.png"));

  private static final String CONFIG = "config.json";
  private static final String EPOCHS = "--epochs";

  /** How a command has ended, and all that it has told. */
  record End(int status, String told) {}

  private final List<String> command;
  private final Path whole;
  private final Path folder;
  private final Map<String, byte[]> expected = new TreeMap<>();
  private final Set<String> names;

  /**
   * Runs once, undisturbed; the command has no --out, and a training as many --epochs as it has.
   */
  TrialRun(Path home, List<String> command) throws IOException {
    this.command = List.copyOf(command);
    this.folder = home.resolve("run");
    this.whole = home.resolve("whole");
    require("undisturbed", execute(with(command, "--out", whole)), 0);
    for (String name : RESULTS.get(command.getFirst())) {
      expected.put(name, Files.readAllBytes(whole.resolve(name)));
    }
    this.names = contents(whole).keySet();
  }

  private static List<String> with(List<String> command, String option, Object value) {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of(option, value.toString()));
    return all;
  }

  /** The folder in which things happen. */
  Path folder() {
    return folder;
  }

  /** What the undisturbed one has left. */
  Path whole() {
    return whole;
  }

  boolean trains() {
    return command.getFirst().equals("train");
  }

  boolean isOfText() {
    return command.contains("text");
  }

  End begin() {
    return execute(with(command, "--out", folder));
  }

  /** A training that is stopped within an epoch. */
  End half() {
    List<String> fewer = new ArrayList<>(command);
    int at = fewer.indexOf(EPOCHS);
    fewer.subList(at, at + 2).clear();
    return execute(with(with(fewer, "--steps", 3), "--out", folder));
  }

  /** As a user would: a folder that says nothing of a run is one to begin in. */
  End goOn() {
    return trains() && Files.exists(folder.resolve(CONFIG))
        ? execute(
            List.of(
                "train",
                "--resume",
                folder.toString(),
                EPOCHS,
                command.get(command.indexOf(EPOCHS) + 1)))
        : begin();
  }

  /** Whether it had come to its end before something happened. */
  static boolean wasOver(End end) {
    return end.status() == 2 && end.told().contains(" asked for; ");
  }

  /** Goes on, undisturbed, and compares what is left then with what should be. */
  void goOnToTheEnd(String when) throws IOException {
    End end = goOn();
    if (!wasOver(end)) {
      require(when, end, 0);
    }
    for (Map.Entry<String, byte[]> file : expected.entrySet()) {
      if (!Arrays.equals(file.getValue(), Files.readAllBytes(folder.resolve(file.getKey())))) {
        throw new IOException(
            when + ": " + file.getKey() + " has not the bytes of an undisturbed run");
      }
    }
    Set<String> missing = new TreeSet<>(names);
    Set<String> more = new TreeSet<>(contents(folder).keySet());
    more.removeAll(names);
    missing.removeAll(contents(folder).keySet());
    if (!missing.isEmpty() || !more.isEmpty()) {
      throw new IOException(when + ": there are no " + missing + ", and there are " + more);
    }
  }

  static void require(String when, End end, int status) throws IOException {
    if (end.status() != status) {
      throw new IOException(when + ": ended with " + end.status() + ", having told " + end.told());
    }
  }

  static End execute(List<String> arguments) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    PrintStream both = new PrintStream(told, true, StandardCharsets.UTF_8);
    System.setOut(both);
    System.setErr(both);
    try {
      int status = Main.execute(arguments.toArray(String[]::new));
      return new End(status, told.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  /** The files of a folder and those below it, by name. */
  static Map<String, byte[]> contents(Path folder) throws IOException {
    Map<String, byte[]> contents = new TreeMap<>();
    Path plain = WatchedFiles.unwatched(folder);
    if (Files.isDirectory(plain)) {
      try (Stream<Path> files = Files.walk(plain)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          contents.put(plain.relativize(file).toString(), Files.readAllBytes(file));
        }
      }
    }
    return contents;
  }

  /** Makes a folder have these files and no other. */
  static void put(Map<String, byte[]> contents, Path folder) throws IOException {
    Path plain = WatchedFiles.unwatched(folder);
    if (Files.isDirectory(plain)) {
      try (Stream<Path> files = Files.walk(plain)) {
        for (Path file : files.toList().reversed()) {
          Files.delete(file);
        }
      }
    }
    Files.createDirectories(plain);
    for (Map.Entry<String, byte[]> file : contents.entrySet()) {
      Path place = plain.resolve(file.getKey());
      Files.createDirectories(place.getParent());
      Files.write(place, file.getValue());
    }
  }
}

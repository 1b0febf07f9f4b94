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
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A short training and what an undisturbed one leaves, to be compared with one to which something
 * has happened.
 */
final class TrialRun {

  /** What decides whether a run has lost anything. */
  static final List<String> RESULTS =
      List.of("model.safetensors", "state.safetensors", "metrics.csv");

  /** As long as the words of every trial have it. */
  static final String[] LENGTH = {"--epochs", "2"};

  private static final String CONFIG = "config.json";

  /** How a command has ended, and all that it has told. */
  record End(int status, String told) {}

  private final List<String> words;
  private final Path folder;
  private final Map<String, byte[]> expected = new TreeMap<>();
  private final List<String> names;

  /** Trains once, undisturbed. */
  TrialRun(Path home, List<String> words) throws IOException {
    this.words = new ArrayList<>(words);
    this.words.addAll(List.of(LENGTH));
    this.folder = home.resolve("run");
    Path whole = home.resolve("whole");
    require("undisturbed", train(whole), 0);
    for (String name : RESULTS) {
      expected.put(name, Files.readAllBytes(whole.resolve(name)));
    }
    this.names = names(whole);
  }

  /** The folder in which things happen. */
  Path folder() {
    return folder;
  }

  boolean isOfText() {
    return words.contains("text");
  }

  End train(String... more) throws IOException {
    return train(folder, more);
  }

  private End train(Path where, String... more) throws IOException {
    List<String> all = new ArrayList<>(List.of("train", "--out", where.toString()));
    all.addAll(more.length == 0 ? words : words.subList(0, words.size() - LENGTH.length));
    all.addAll(List.of(more));
    return execute(all);
  }

  /** As a user would: a folder that says nothing of a run is one to begin in. */
  End goOn(String... more) throws IOException {
    if (!Files.exists(folder.resolve(CONFIG))) {
      return train();
    }
    List<String> all = new ArrayList<>(List.of("train", "--resume", folder.toString()));
    all.addAll(List.of(more));
    return execute(all);
  }

  /** Goes on, undisturbed, and compares what is left then with what should be. */
  void goOnToTheEnd(String when) throws IOException {
    End end = goOn(LENGTH);
    // A run that had come to its end, before it let go of its folder.
    if (end.status() != 2 || !end.told().contains(" asked for; ")) {
      require(when, end, 0);
    }
    for (Map.Entry<String, byte[]> file : expected.entrySet()) {
      if (!Arrays.equals(file.getValue(), Files.readAllBytes(folder.resolve(file.getKey())))) {
        throw new IOException(
            when + ": " + file.getKey() + " has not the bytes of an undisturbed run");
      }
    }
    if (!names(folder).equals(names)) {
      throw new IOException(when + ": left are " + names(folder) + ", and not " + names);
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

  static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(WatchedFiles.unwatched(folder))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** The files of a folder, by name. */
  static Map<String, byte[]> contents(Path folder) throws IOException {
    Map<String, byte[]> contents = new TreeMap<>();
    if (Files.isDirectory(folder)) {
      for (String name : names(folder)) {
        contents.put(name, Files.readAllBytes(WatchedFiles.unwatched(folder).resolve(name)));
      }
    }
    return contents;
  }

  /** Makes a folder have these files and no other. */
  static void put(Map<String, byte[]> contents, Path folder) throws IOException {
    Path plain = WatchedFiles.unwatched(folder);
    if (Files.isDirectory(plain)) {
      for (String name : names(plain)) {
        Files.delete(plain.resolve(name));
      }
    }
    Files.createDirectories(plain);
    for (Map.Entry<String, byte[]> file : contents.entrySet()) {
      Files.write(plain.resolve(file.getKey()), file.getValue());
    }
  }
}

package io.hypertape.cli;

import io.hypertape.run.RunState;
import io.hypertape.testing.files.WatchedFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * The power fails before and after every operation on files of a run. Of what was not brought to
 * the disk, a part is there afterwards: names as they were after some of the folder's changes since
 * it was last brought there, contents as they were at that time, as they are now, cut off or torn
 * (Pillai et al., All File Systems Are Not Created Equal, OSDI 2014). Whoever goes on comes to the
 * undisturbed run's bytes, and finds every checkpoint that had been completed. Prints how many
 * failures there were.
 *
 * <p>In a JVM whose default file system is {@link WatchedFiles}.
 */
final class PowerLoss {

  private static final String STATE = "state.safetensors";

  /** A file, whatever it is called. */
  private static final class Contents {
    private byte[] onDisk = new byte[0];
    private byte[] now = new byte[0];
  }

  private final TrialRun trial;
  private final Path watched;
  private final Random random;
  private Map<String, Contents> namesOnDisk = new TreeMap<>();
  private final List<Map<String, Contents>> since = new ArrayList<>();
  private Map<String, Contents> names = new TreeMap<>();
  private long written;
  private long checkpoint;

  /** What is on the disk after the power has failed at a moment. */
  record Image(String when, Map<String, byte[]> files, long checkpoint) {}

  private final List<Image> images = new ArrayList<>();

  private PowerLoss(TrialRun trial, long seed) {
    this.trial = trial;
    this.watched = WatchedFiles.unwatched(trial.folder());
    this.random = new Random(seed);
  }

  public static void main(String[] args) throws IOException {
    PrintStream out = System.out;
    System.setOut(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
    long seed = Long.parseLong(args[1]);
    int most = Integer.parseInt(args[2]);
    TrialRun trial = new TrialRun(Path.of(args[0]), Arrays.asList(args).subList(3, args.length));
    int failures = 0;
    // A run that runs through, and one that goes on where another was stopped.
    failures += new PowerLoss(trial, seed).test(most / 2, () -> done(trial.begin()));
    TrialRun.put(Map.of(), trial.folder());
    TrialRun.require("half", trial.half(), 0);
    failures += new PowerLoss(trial, seed).test(most / 2, () -> done(trial.goOn()));
    out.println(failures + " power failures; seed " + seed);
  }

  private static void done(TrialRun.End end) throws IOException {
    TrialRun.require("watched", end, 0);
  }

  /** A command that is watched. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException;
  }

  /** All images of a command, and what SIGKILL leaves, which is what is written at that moment. */
  static List<Image> images(TrialRun trial, long seed, Work work) throws IOException {
    PowerLoss loss = new PowerLoss(trial, seed);
    loss.watch(work);
    return loss.images;
  }

  private void watch(Work work) throws IOException {
    for (Map.Entry<String, byte[]> file : TrialRun.contents(trial.folder()).entrySet()) {
      Contents contents = new Contents();
      contents.onDisk = file.getValue();
      contents.now = file.getValue();
      names.put(file.getKey(), contents);
    }
    namesOnDisk = new TreeMap<>(names);
    written = steps();
    checkpoint = written;
    WatchedFiles.tell(this::changed);
    try {
      work.run();
    } finally {
      WatchedFiles.tell((change, file) -> {});
    }
  }

  private int test(int most, Work work) throws IOException {
    watch(work);
    if (images.size() > most) {
      Collections.shuffle(images, random);
      images.subList(most, images.size()).clear();
    }
    for (Image image : images) {
      TrialRun.put(image.files(), trial.folder());
      long found = image.checkpoint() < 0 ? -1 : steps();
      if (found < image.checkpoint()) {
        throw new IOException(
            image.when()
                + ": the checkpoint after "
                + image.checkpoint()
                + " steps was completed, and there is one after "
                + found);
      }
      trial.goOnToTheEnd(image.when());
    }
    return images.size();
  }

  /** Steps of the checkpoint in the folder; −1 if there is none. */
  private long steps() throws IOException {
    Path state = watched.resolve(STATE);
    return Files.exists(state) ? RunState.read(state).steps() : -1;
  }

  /** Follows what happens to the folder, and what of it is brought to the disk. */
  private void changed(String change, Path file) throws IOException {
    Path plain = file.toAbsolutePath();
    if (!plain.startsWith(watched)) {
      return;
    }
    String name = plain.getFileName().toString();
    if (!plain.equals(watched) && !name.startsWith(STATE)) {
      // The run has turned to something else: it holds what it has written for kept.
      checkpoint = written;
    }
    if (change.startsWith("after ")) {
      follow(change.substring("after ".length()), plain, name);
    }
    String when = "the power fails " + change + " of " + name;
    images.add(new Image(when, image(), checkpoint));
    images.add(new Image(when, image(), checkpoint));
    images.add(new Image("killed " + change + " of " + name, current(), checkpoint));
  }

  private void follow(String what, Path file, String name) throws IOException {
    if (file.equals(watched)) {
      if (what.equals("force")) {
        namesOnDisk = new TreeMap<>(names);
        since.clear();
      }
      return;
    }
    switch (what.split(" ")[0]) {
      case "delete" -> names.remove(name);
      case "move" -> {
        names.put(name, names.remove(what.substring("move ".length())));
        written = steps();
      }
      default -> {
        Contents contents = names.computeIfAbsent(name, unused -> new Contents());
        contents.now = Files.exists(file) ? Files.readAllBytes(file) : contents.now;
        if (what.equals("force")) {
          contents.onDisk = contents.now;
        }
      }
    }
    since.add(new TreeMap<>(names));
  }

  private Map<String, byte[]> current() {
    Map<String, byte[]> current = new TreeMap<>();
    names.forEach((name, contents) -> current.put(name, contents.now));
    return current;
  }

  private Map<String, byte[]> image() {
    int kept = random.nextInt(since.size() + 1);
    Map<String, Contents> found = kept == 0 ? namesOnDisk : since.get(kept - 1);
    Map<Contents, byte[]> drawn = new HashMap<>();
    Map<String, byte[]> image = new TreeMap<>();
    found.forEach(
        (name, contents) ->
            image.put(name, drawn.computeIfAbsent(contents, this::contentsAfterwards)));
    return image;
  }

  private byte[] contentsAfterwards(Contents contents) {
    byte[] now = contents.now;
    if (Arrays.equals(now, contents.onDisk)) {
      return now;
    }
    return switch (random.nextInt(4)) {
      case 0 -> contents.onDisk;
      case 1 -> now;
      // Its length was there, and its last blocks were not.
      case 2 -> Arrays.copyOf(Arrays.copyOf(now, torn(contents)), now.length);
      default -> Arrays.copyOf(now, torn(contents));
    };
  }

  /** Files grow at their ends: what was brought to the disk before is there. */
  private int torn(Contents contents) {
    int whole = Math.min(contents.onDisk.length, contents.now.length);
    return whole + random.nextInt(contents.now.length - whole + 1);
  }
}

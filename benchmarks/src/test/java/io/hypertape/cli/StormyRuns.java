package io.hypertape.cli;

import io.hypertape.cli.TrialRun.End;
import io.hypertape.testing.files.WatchedFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Trainings to which one thing after another happens at random moments, drawn from a seed: an
 * operation on files fails, once or from there on; the run is interrupted; killed; the power fails.
 * Each is gone on with until it has come to its end, in the undisturbed run's bytes. Prints how
 * much has happened.
 *
 * <p>In a JVM whose default file system is {@link WatchedFiles}.
 */
final class StormyRuns {

  private static final int MOST_BLOWS = 6;
  // Operations on files of a whole run; a blow that comes later than the end falls into the water.
  private static final int OPERATIONS = 130;

  private final TrialRun trial;
  private final int[] blows = new int[4];

  private StormyRuns(TrialRun trial) {
    this.trial = trial;
  }

  public static void main(String[] args) throws IOException {
    PrintStream out = System.out;
    System.setOut(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
    long seed = Long.parseLong(args[1]);
    int runs = Integer.parseInt(args[2]);
    TrialRun trial = new TrialRun(Path.of(args[0]), Arrays.asList(args).subList(3, args.length));
    StormyRuns stormy = new StormyRuns(trial);
    for (int i = 0; i < runs; i++) {
      stormy.run(seed + i);
    }
    out.println(
        runs
            + " runs, "
            + stormy.blows[0]
            + " failures, "
            + stormy.blows[1]
            + " interrupts, "
            + stormy.blows[2]
            + " kills, "
            + stormy.blows[3]
            + " power failures; seed "
            + seed);
  }

  private void run(long seed) throws IOException {
    Random random = new Random(seed);
    StringBuilder story = new StringBuilder("storm " + seed);
    TrialRun.put(Map.of(), trial.folder());
    int count = 1 + random.nextInt(MOST_BLOWS);
    for (int blow = 0; blow < count; blow++) {
      int kind = random.nextInt(blows.length);
      story.append("; ").append(kind < 2 ? withstand(kind, random) : fall(kind, random));
      blows[kind]++;
    }
    trial.goOnToTheEnd(story.toString());
  }

  /** Something that the process sees: a failure or an interrupt. */
  private String withstand(int kind, Random random) throws IOException {
    int at = random.nextInt(OPERATIONS);
    boolean persists = random.nextBoolean();
    FaultyRuns.Fault fault = FaultyRuns.FAULTS.get(random.nextInt(FaultyRuns.FAULTS.size()));
    Path watched = WatchedFiles.unwatched(trial.folder());
    Thread owner = Thread.currentThread();
    int[] count = new int[1];
    String[] told = {"nothing"};
    WatchedFiles.Watcher strikes =
        (change, file) -> {
          if (!file.toAbsolutePath().startsWith(watched) || change.startsWith("after")) {
            return;
          }
          int n = count[0]++;
          if (n == at) {
            told[0] = (kind == 0 ? "fails " : "interrupted ") + change + " " + file.getFileName();
          }
          if (kind == 1 && n == at) {
            owner.interrupt();
          } else if (kind == 0 && (n == at || persists && n > at)) {
            throw fault.on(file);
          }
        };
    WatchedFiles.tell(strikes);
    WatchedFiles.tellOfReading(strikes);
    End end;
    try {
      end = trial.goOn();
    } finally {
      Thread.interrupted();
      WatchedFiles.tell((change, file) -> {});
      WatchedFiles.tellOfReading((change, file) -> {});
    }
    boolean isExpected = List.of(0, 1, 130).contains(end.status()) || TrialRun.wasOver(end);
    if (!isExpected || end.told().contains("\tat ")) {
      throw new IOException(told[0] + ": ended with " + end.status() + ": " + end.told());
    }
    return told[0];
  }

  /** Something that the process does not see. */
  private String fall(int kind, Random random) throws IOException {
    List<PowerLoss.Image> images =
        PowerLoss.images(trial, random.nextLong(), () -> trial.goOn()).stream()
            .filter(image -> image.when().startsWith("killed") == (kind == 2))
            .toList();
    if (images.isEmpty()) {
      return "nothing";
    }
    PowerLoss.Image image = images.get(random.nextInt(images.size()));
    TrialRun.put(image.files(), trial.folder());
    return image.when();
  }
}

package io.hypertape.run.folder;

import com.fasterxml.jackson.databind.JsonNode;
import io.hypertape.checks.Nulls;
import io.hypertape.io.guard.AtomicFile;
import io.hypertape.io.guard.CheckedJson;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Where a run keeps its files: config.json, metrics.csv, epochs.csv, model.safetensors,
 * state.safetensors, plot.png; and run.lock while it goes on.
 */
public final class RunFolder {

  /** The file that says what a run was started with. */
  public static final String CONFIG = "config.json";

  /** The table of losses and hyperparameters. */
  public static final String METRICS = "metrics.csv";

  /** The table of judgements, after epochs and within them. */
  public static final String EPOCHS = "epochs.csv";

  /** The model as it was after the last epoch that was finished, or the best one so far. */
  public static final String MODEL = "model.safetensors";

  /** Where the run stands: what it goes on from. */
  public static final String STATE = "state.safetensors";

  /** The picture of a run that has come to its end. */
  public static final String PLOT = "plot.png";

  private static final String RUNS = "runs";
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

  /** Whether the folder is one for a run that begins, or has a run that was begun. */
  private enum Holds {
    NOTHING,
    A_RUN
  }

  private final Path path;
  private final Holds holds;
  private Optional<RunLock> held = Optional.empty();

  private RunFolder(Path path, Holds holds) {
    this.path = path;
    this.holds = holds;
  }

  /**
   * Makes a folder for a run.
   *
   * @param path where; it must not hold a run already
   * @return the folder
   * @throws IOException if it holds a run, or cannot be made
   */
  public static RunFolder create(Path path) throws IOException {
    Nulls.check(path, "run: path");
    if (Files.exists(path) && !Files.isDirectory(path)) {
      throw new IOException(path + ": a file; a folder is expected");
    }
    RunFolder folder = new RunFolder(path, Holds.NOTHING);
    folder.check();
    Files.createDirectories(path);
    return folder;
  }

  /**
   * Makes a folder named for the time, for a run that was given none; two that begin at once get
   * two.
   *
   * @return the folder {@code runs/} and a time stamp, in the current folder
   * @throws IOException if it cannot be made
   */
  public static RunFolder createStamped() throws IOException {
    Files.createDirectories(Path.of(RUNS));
    while (true) {
      Path path = stamped();
      try {
        Files.createDirectory(path);
        return new RunFolder(path, Holds.NOTHING);
      } catch (FileAlreadyExistsException e) {
        // Another run was faster: the next name is still free.
      }
    }
  }

  private void check() throws IOException {
    boolean run = Files.exists(path.resolve(CONFIG));
    if (run && holds == Holds.NOTHING) {
      throw new IOException(path + ": holds a run already; name another folder");
    }
    if (!run && holds == Holds.A_RUN) {
      throw new IOException(path + ": holds no run; it has no " + CONFIG);
    }
  }

  /**
   * Keeps other runs away from the folder, of this process and of others. What a run has written
   * can be read all the while. What an earlier run has left of files that it was writing as it was
   * killed is removed.
   *
   * @return the lock, to be closed when the run has ended
   * @throws IOException if a run is at work in the folder (the message says which process), or has
   *     begun one since {@link #create}
   */
  public RunLock lock() throws IOException {
    RunLock lock = RunLock.take(path);
    try {
      // Another run may have come and gone in between.
      check();
      AtomicFile.removeStrayParts(path);
      held = Optional.of(lock);
      return lock;
    } catch (IOException e) {
      lock.close();
      throw e;
    }
  }

  /**
   * Finds out whether the folder that was locked is still there.
   *
   * @throws IOException if it was removed, renamed or replaced while the run was at work
   */
  public void checkThere() throws IOException {
    if (held.isPresent() && !held.get().isThere()) {
      throw new IOException(
          path
              + ": the run's folder was removed, renamed or replaced while the run was at work in it;"
              + " what was learned since the last checkpoint is not kept (if the folder was renamed,"
              + " --resume with its new name goes on from there)");
    }
  }

  /**
   * The folder of a run that is there already.
   *
   * @param path where
   * @return the folder
   * @throws IOException if it holds no run
   */
  public static RunFolder open(Path path) throws IOException {
    Nulls.check(path, "run: path");
    if (!Files.isDirectory(path)) {
      throw new IOException(
          path + (Files.exists(path) ? ": a file; a run's folder is expected" : ": is not there"));
    }
    RunFolder folder = new RunFolder(path, Holds.A_RUN);
    folder.check();
    return folder;
  }

  /**
   * A name from the time, for a run that was given none.
   *
   * @return {@code runs/} and a time stamp, in the current folder
   */
  public static Path stamped() {
    Path base = Path.of(RUNS, LocalDateTime.now().format(STAMP));
    Path path = base;
    for (int i = 2; Files.exists(path); i++) {
      path = Path.of(base + "-" + i);
    }
    return path;
  }

  /**
   * The folder.
   *
   * @return its path
   */
  public Path path() {
    return path;
  }

  /**
   * A file in it.
   *
   * @param name the file's name
   * @return its path
   */
  public Path file(String name) {
    Nulls.check(name, "run: name");
    return path.resolve(name);
  }

  /**
   * Writes config.json.
   *
   * @param values what the run was started with
   * @throws IOException if it cannot be written
   */
  public void writeConfig(Map<String, ?> values) throws IOException {
    Nulls.check(values, "run: values");
    CheckedJson.write(file(CONFIG), values);
  }

  /**
   * Reads config.json.
   *
   * @return what the run was started with
   * @throws IOException if it cannot be read, is no JSON object, or was changed since
   */
  public JsonNode readConfig() throws IOException {
    return CheckedJson.read(file(CONFIG)).values();
  }
}

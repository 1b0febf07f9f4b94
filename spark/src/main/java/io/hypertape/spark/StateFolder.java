package io.hypertape.spark;

import io.hypertape.io.SafetensorsException;
import io.hypertape.io.guard.AtomicFile;
import io.hypertape.run.RunState;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where states of a run are kept, on any file system that Hadoop knows: each under its number of
 * steps, whole or not at all, the last ones only.
 */
final class StateFolder {

  private static final Pattern NAME = Pattern.compile("state-(\\d+)\\.safetensors");
  private static final Pattern UNFINISHED = Pattern.compile("\\.state-(\\d+)-.*\\.unfinished");
  private static final int KEPT = 2;

  private final Path folder;
  private final Configuration configuration;

  StateFolder(URI folder, Configuration configuration) {
    this.folder = new Path(folder);
    this.configuration = configuration;
  }

  private FileSystem files() throws IOException {
    return folder.getFileSystem(configuration);
  }

  private Path file(long steps) {
    return new Path(folder, "state-" + steps + ".safetensors");
  }

  /** Steps of all states, the latest first. */
  private List<Long> steps() throws IOException {
    List<Long> steps = new ArrayList<>();
    try {
      for (FileStatus status : files().listStatus(folder)) {
        Matcher name = NAME.matcher(status.getPath().getName());
        if (name.matches()) {
          steps.add(Long.parseLong(name.group(1)));
        }
      }
    } catch (FileNotFoundException e) {
      return List.of();
    }
    steps.sort(Comparator.reverseOrder());
    return steps;
  }

  /** Steps of the latest state that can be read. */
  OptionalLong latest() throws IOException {
    for (long steps : steps()) {
      IOException damage = damage(steps);
      if (damage == null) {
        return OptionalLong.of(steps);
      }
      System.getLogger(StateFolder.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "{0} is left out: {1}",
              file(steps),
              damage.getMessage());
    }
    return OptionalLong.empty();
  }

  RunState read(long steps) throws IOException {
    java.nio.file.Path local = Files.createTempFile("hypertape-state", ".safetensors");
    try (var from = files().open(file(steps))) {
      AtomicFile.write(local, from::transferTo);
      return RunState.read(local);
    } finally {
      Files.deleteIfExists(local);
    }
  }

  /** Why a state cannot be gone on from; null if it can. */
  private @Nullable IOException damage(long steps) throws IOException {
    try {
      read(steps);
      return null;
    } catch (IOException e) {
      if (e instanceof SafetensorsException || e.getCause() instanceof ChecksumException) {
        return e;
      }
      throw e;
    }
  }

  /**
   * Keeps a state, and forgets those before the last ones. One of as many steps that is there
   * already is the same, and stays, unless it is damaged.
   */
  void write(RunState state, Map<String, String> notes) throws IOException {
    FileSystem files = files();
    // Its own name, since a worker of an attempt that was given up may still be writing.
    Path unfinished =
        new Path(folder, ".state-" + state.steps() + "-" + UUID.randomUUID() + ".unfinished");
    try (Cleanup cleanup = new Cleanup()) {
      java.nio.file.Path local = Files.createTempFile("hypertape-state", ".safetensors");
      cleanup.add(() -> Files.deleteIfExists(local));
      cleanup.add(() -> files.delete(unfinished, false));
      state.write(local, notes);
      try (var from = Files.newInputStream(local);
          var to = files.create(unfinished, true)) {
        from.transferTo(to);
      }
      place(files, unfinished, state.steps());
      forgetBefore(files, state.steps());
    }
  }

  private void place(FileSystem files, Path unfinished, long steps) throws IOException {
    Path file = file(steps);
    if (files.exists(file)) {
      if (damage(steps) == null) {
        return;
      }
      files.delete(file, false);
    }
    if (!files.rename(unfinished, file) && !files.exists(file)) {
      throw new IOException(unfinished + " cannot be renamed to " + file);
    }
  }

  /** Later ones, which a run that goes on from here could not read, do not count. */
  private void forgetBefore(FileSystem files, long steps) throws IOException {
    List<Long> all = steps().stream().filter(each -> each <= steps).toList();
    for (long old : all.subList(Math.min(KEPT, all.size()), all.size())) {
      files.delete(file(old), false);
    }
    for (FileStatus status : files.listStatus(folder)) {
      Matcher name = UNFINISHED.matcher(status.getPath().getName());
      if (name.matches() && Long.parseLong(name.group(1)) < steps) {
        files.delete(status.getPath(), false);
      }
    }
  }

  /** What is to be undone at the end; a failure of that does not hide another. */
  private static final class Cleanup implements AutoCloseable {

    private final List<Closeable> all = new ArrayList<>();

    void add(Closeable undoing) {
      all.add(undoing);
    }

    @Override
    public void close() throws IOException {
      IOException failure = null;
      for (Closeable undoing : all) {
        try {
          undoing.close();
        } catch (IOException e) {
          if (failure == null) {
            failure = e;
          } else {
            failure.addSuppressed(e);
          }
        }
      }
      if (failure != null) {
        throw failure;
      }
    }
  }
}

package io.hypertape.spark;

import io.hypertape.io.SafetensorsException;
import io.hypertape.io.guard.AtomicFile;
import io.hypertape.run.RunState;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Where states of a run are kept, on any file system that Hadoop knows: each under its number of
 * steps, whole or not at all, the last ones only.
 */
final class StateFolder {

  private static final Pattern NAME = Pattern.compile("state-(\\d+)\\.safetensors");
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
      try {
        read(steps);
        return OptionalLong.of(steps);
      } catch (SafetensorsException e) {
        System.getLogger(StateFolder.class.getName())
            .log(System.Logger.Level.WARNING, "{0} is left out: {1}", file(steps), e.getMessage());
      }
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

  /** Keeps a state, and forgets those before the last ones. */
  void write(RunState state, Map<String, String> notes) throws IOException {
    java.nio.file.Path local = Files.createTempFile("hypertape-state", ".safetensors");
    FileSystem files = files();
    Path unfinished = new Path(folder, ".state-" + state.steps() + ".unfinished");
    Path file = file(state.steps());
    try {
      state.write(local, notes);
      try (var from = Files.newInputStream(local);
          var to = files.create(unfinished, true)) {
        from.transferTo(to);
      }
      if (!files.exists(file) && !files.rename(unfinished, file)) {
        throw new IOException(unfinished + " cannot be renamed to " + file);
      }
      List<Long> all = steps();
      for (long old : all.subList(Math.min(KEPT, all.size()), all.size())) {
        files.delete(file(old), false);
      }
    } finally {
      Files.deleteIfExists(local);
      files.delete(unfinished, false);
    }
  }
}

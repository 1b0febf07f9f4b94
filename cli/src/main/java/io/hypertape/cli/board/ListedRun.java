package io.hypertape.cli.board;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hypertape.io.guard.FileProblem;
import io.hypertape.run.folder.LockOwner;
import io.hypertape.run.folder.RunFolder;
import io.hypertape.run.folder.RunLock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What the list says of one run. Its files are read when they have changed, and no more. */
final class ListedRun {

  /** The table of what is measured once an epoch. */
  static final String EPOCHS = "epochs.csv";

  private static final int LONGEST_LOCK = 1000;
  private static final int LONGEST_TEXT = 300;

  private final Path folder;
  private final String name;
  private Optional<Stamp> config = Optional.empty();
  private Optional<Stamp> metrics = Optional.empty();
  private Optional<Stamp> epochs = Optional.empty();
  private boolean atWork;
  private boolean isNew = true;
  private long revision;
  private ObjectNode start = JsonNodeFactory.instance.objectNode();
  private ObjectNode summary = JsonNodeFactory.instance.objectNode();

  /** What tells that a file is as it was. */
  private record Stamp(Object key, long size, long modified) {

    static Optional<Stamp> of(Path file) {
      try {
        BasicFileAttributes now =
            Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return now.isRegularFile()
            ? Optional.of(
                new Stamp(
                    Objects.requireNonNullElse(now.fileKey(), ""),
                    now.size(),
                    now.lastModifiedTime().toMillis()))
            : Optional.empty();
      } catch (IOException e) {
        return Optional.empty();
      }
    }
  }

  ListedRun(Path folder, String name) {
    this.folder = folder;
    this.name = name;
  }

  Path folder() {
    return folder;
  }

  long revision() {
    return revision;
  }

  ObjectNode summary() {
    return summary;
  }

  /**
   * Looks at the run again.
   *
   * @param next the revision that it gets if it has changed
   * @return false if it is no run, or none any more
   */
  boolean refresh(long next) {
    Optional<Stamp> nowConfig = Stamp.of(folder.resolve(RunFolder.CONFIG));
    Optional<Stamp> nowMetrics = Stamp.of(folder.resolve(RunFolder.METRICS));
    if (nowConfig.isEmpty() && nowMetrics.isEmpty()) {
      return false;
    }
    Optional<Stamp> nowEpochs = Stamp.of(folder.resolve(EPOCHS));
    boolean nowAtWork = isAtWork();
    boolean begun = isNew || !nowConfig.equals(config);
    if (!begun && nowAtWork == atWork && nowMetrics.equals(metrics) && nowEpochs.equals(epochs)) {
      return true;
    }
    if (begun) {
      start = start(nowConfig);
    }
    isNew = false;
    config = nowConfig;
    metrics = nowMetrics;
    epochs = nowEpochs;
    atWork = nowAtWork;
    revision = next;
    summary = summarize();
    return true;
  }

  private boolean isAtWork() {
    Path lock = folder.resolve(RunLock.FILE);
    if (Stamp.of(lock).isEmpty()) {
      return false;
    }
    try (InputStream in = Files.newInputStream(lock, LinkOption.NOFOLLOW_LINKS)) {
      String text = new String(in.readNBytes(LONGEST_LOCK), StandardCharsets.UTF_8);
      return LockOwner.parse(text).filter(LockOwner::hasEnded).isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  /** What a run was started with, as far as the list shows it. */
  private ObjectNode start(Optional<Stamp> file) {
    ObjectNode told = JsonNodeFactory.instance.objectNode();
    if (file.isEmpty()) {
      return told.put("problem", RunFolder.CONFIG + " is not there");
    }
    told.put("begun", file.get().modified());
    try {
      JsonNode values = config();
      for (String key : new String[] {"command", "model", "data", "optimizer"}) {
        if (values.path(key).isTextual()) {
          told.put(key, shortened(values.path(key).asText()));
        }
      }
      if (values.path("steps").canConvertToLong()) {
        told.put("planned", values.path("steps").asLong());
      }
    } catch (IOException e) {
      told.put("problem", shortened(reason(e)));
    }
    return told;
  }

  /**
   * What the run was started with.
   *
   * @throws IOException if config.json is not there, is damaged, or is no file of its own
   */
  JsonNode config() throws IOException {
    Path file = folder.resolve(RunFolder.CONFIG);
    if (Stamp.of(file).isEmpty()) {
      throw new IOException(file + ": there is no such file");
    }
    return RunFolder.open(folder).readConfig();
  }

  /** Without the path, which the page does not know. */
  private String reason(IOException e) {
    return FileProblem.reason(e).replace(folder + folder.getFileSystem().getSeparator(), "");
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…";
  }

  private ObjectNode summarize() {
    ObjectNode told = start.deepCopy();
    told.put("name", name).put("revision", revision).put("running", atWork);
    told.put("changed", metrics.or(() -> config).map(Stamp::modified).orElse(0L));
    ArrayNode problems = told.putArray("problems");
    if (told.remove("problem") instanceof JsonNode of) {
      problems.add(of);
    }
    Map<String, Double> row = last(RunFolder.METRICS, metrics, problems);
    if (row.containsKey("step")) {
      told.put("steps", row.get("step").longValue());
    }
    if (row.containsKey("loss")) {
      told.put("loss", row.get("loss"));
    }
    Map<String, Double> measured = last(EPOCHS, epochs, problems);
    if (!measured.isEmpty()) {
      ObjectNode end = told.putObject("epoch");
      measured.forEach(end::put);
    }
    return told;
  }

  private Map<String, Double> last(String table, Optional<Stamp> stamp, ArrayNode problems) {
    if (stamp.isEmpty()) {
      return Map.of();
    }
    try {
      return TableEnd.read(folder.resolve(table), stamp.get().size());
    } catch (IOException e) {
      problems.add(shortened(reason(e)));
      return Map.of();
    }
  }
}

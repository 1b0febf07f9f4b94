package io.hypertape.run;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.hypertape.io.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/**
 * Where a run keeps its files: config.json, metrics.csv, model.safetensors, state.safetensors,
 * plot.png.
 */
public final class RunFolder {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final String CONFIG = "config.json";
  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

  private final Path path;

  private RunFolder(Path path) {
    this.path = path;
  }

  /**
   * Makes a folder for a run.
   *
   * @param path where; it must not hold a run already
   * @return the folder
   * @throws IOException if it holds a run, or cannot be made
   */
  public static RunFolder create(Path path) throws IOException {
    if (Files.exists(path) && !Files.isDirectory(path)) {
      throw new IOException(path + ": a file; a folder is expected");
    }
    if (Files.exists(path.resolve(CONFIG))) {
      throw new IOException(path + ": holds a run already; name another folder");
    }
    Files.createDirectories(path);
    return new RunFolder(path);
  }

  /**
   * The folder of a run that is there already.
   *
   * @param path where
   * @return the folder
   * @throws IOException if it holds no run
   */
  public static RunFolder open(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      throw new IOException(
          path + (Files.exists(path) ? ": a file; a run's folder is expected" : ": is not there"));
    }
    if (!Files.exists(path.resolve(CONFIG))) {
      throw new IOException(path + ": holds no run; it has no " + CONFIG);
    }
    return new RunFolder(path);
  }

  /**
   * A name from the time, for a run that was given none.
   *
   * @return {@code runs/} and a time stamp, in the current folder
   */
  public static Path stamped() {
    Path base = Path.of("runs", LocalDateTime.now().format(STAMP));
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
    return path.resolve(name);
  }

  /**
   * Writes config.json.
   *
   * @param values what the run was started with
   * @throws IOException if it cannot be written
   */
  public void writeConfig(Map<String, ?> values) throws IOException {
    AtomicFile.write(file(CONFIG), out -> out.write(JSON.writeValueAsBytes(values)));
  }

  /**
   * Reads config.json.
   *
   * @return what the run was started with
   * @throws IOException if it cannot be read, or is no JSON object
   */
  public JsonNode readConfig() throws IOException {
    JsonNode config;
    try {
      config = JSON.readTree(file(CONFIG).toFile());
    } catch (JacksonException e) {
      throw new IOException(file(CONFIG) + ": not valid JSON (" + e.getOriginalMessage() + ")", e);
    }
    if (!config.isObject()) {
      throw new IOException(file(CONFIG) + ": no JSON object");
    }
    return config;
  }
}

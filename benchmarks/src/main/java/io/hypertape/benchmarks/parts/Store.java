package io.hypertape.benchmarks.parts;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hypertape.cli.spi.Interrupt;
import io.hypertape.io.guard.AtomicFile;
import io.hypertape.io.guard.CheckedJson;
import io.hypertape.io.guard.RegularFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Keeps results of parts, a small file each, so that a run that was stopped goes on where it was. A
 * file's name is made of everything that decides the result; the same is written out in it.
 */
public final class Store {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<LinkedHashMap<String, String>> TEXTS =
      new TypeReference<>() {};
  private static final TypeReference<LinkedHashMap<String, Double>> NUMBERS =
      new TypeReference<>() {};

  private final Path folder;
  private final Map<String, String> common;
  private final Map<String, String> circumstances;

  /**
   * Keeps results below a folder.
   *
   * @param folder where
   * @param common decides the results of all parts
   */
  public Store(Path folder, Map<String, String> common) {
    this(folder, common, Map.of());
  }

  /**
   * Keeps results below a folder.
   *
   * @param folder where
   * @param common decides the results of all parts
   * @param circumstances decide no result, and are noted beside each, such as the processor
   */
  public Store(Path folder, Map<String, String> common, Map<String, String> circumstances) {
    this.folder = folder;
    this.common = common;
    this.circumstances = circumstances;
  }

  /**
   * Removes what writers have left that were killed; for who owns the folder.
   *
   * @throws IOException if the folder cannot be read
   */
  public void removeStrayParts() throws IOException {
    if (Files.isDirectory(folder)) {
      AtomicFile.removeStrayParts(folder);
    }
  }

  /**
   * A result that is kept; one that was made under other circumstances is not found.
   *
   * @param part whose
   * @return the result, or nothing
   * @throws IOException if the file cannot be read, or is damaged
   */
  public Optional<Outcome> find(Part part) throws IOException {
    Path file = file(part);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    RegularFile.check(file, "a kept result in JSON");
    JsonNode kept;
    try {
      kept = CheckedJson.read(file).values();
    } catch (IOException e) {
      throw new IOException(e.getMessage() + "; delete it to run this part again", e);
    }
    try {
      if (!key(part).equals(JSON.convertValue(kept.path("key"), TEXTS))) {
        throw new IOException(
            file + ": its key is not that of its name; delete it to run it again");
      }
      return Optional.of(
          new Outcome(
              JSON.convertValue(kept.path("figures"), NUMBERS), kept.path("note").asText()));
    } catch (IllegalArgumentException | NullPointerException e) {
      throw new IOException(file + ": damaged; delete it to run this part again", e);
    }
  }

  /**
   * Keeps a result.
   *
   * @param part whose
   * @param outcome the result
   * @param seconds how long it took
   * @throws IOException if it cannot be written
   */
  public void keep(Part part, Outcome outcome, double seconds) throws IOException {
    Map<String, Object> kept = new LinkedHashMap<>();
    kept.put("key", key(part));
    kept.put("figures", outcome.figures());
    kept.put("note", outcome.note());
    kept.put("seconds", seconds);
    kept.putAll(new TreeMap<>(circumstances));
    Files.createDirectories(folder);
    Interrupt.saving(() -> CheckedJson.write(file(part), kept));
  }

  /**
   * Sorted, as the names of files are made of it and an immutable map's order is another each time.
   */
  private Map<String, String> key(Part part) {
    Map<String, String> key = new TreeMap<>(part.key());
    key.putAll(common);
    return key;
  }

  /**
   * Where its result is kept, or would be.
   *
   * @param part whose
   * @return the file
   */
  public Path file(Part part) {
    Map<String, String> key = key(part);
    StringBuilder all = new StringBuilder();
    key.forEach((name, value) -> all.append(name).append('\0').append(value).append('\0'));
    String readable = part.label().replaceAll("[^A-Za-z0-9.=+-]+", "_");
    String digest = Digest.of(all.toString().getBytes(StandardCharsets.UTF_8)).substring(0, 16);
    return folder.resolve(
        readable.substring(0, Math.min(readable.length(), 80)) + "-" + digest + ".json");
  }
}

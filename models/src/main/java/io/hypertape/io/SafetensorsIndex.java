package io.hypertape.io;

import com.fasterxml.jackson.databind.JsonNode;
import io.hypertape.io.guard.CheckedJson;
import io.hypertape.io.guard.FileKind;
import io.hypertape.io.guard.RegularFile;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which of several files has which tensor, as Hugging Face's libraries write it beside them: a JSON
 * object whose {@code weight_map} has the file's name for each tensor, and whose {@code metadata}
 * says more. Files lie in the index's own folder; a name that leads elsewhere is refused.
 *
 * @param file the index
 * @param fileOf names of files by tensor, in the index's order
 * @param metadata texts by name
 */
record SafetensorsIndex(Path file, Map<String, String> fileOf, Map<String, String> metadata) {

  private static final String ENDING = ".index.json";
  private static final String MAP = "weight_map";

  /** More files than anybody writes; each is held open. */
  private static final int MOST_FILES = 1000;

  /** Whether a file is an index, by its first bytes and its name. */
  static boolean isOne(Path file, byte[] head) {
    return FileKind.isIndexOfWeights(head)
        || file.getFileName().toString().endsWith(ENDING) && HeaderParser.beginsWithBrace(head);
  }

  static SafetensorsIndex read(Path file) throws IOException {
    JsonNode values;
    try {
      values = CheckedJson.read(file).values();
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException e) {
      throw new SafetensorsException(e.getMessage());
    }
    if (!values.path(MAP).isObject()) {
      throw new SafetensorsException(file + ": has no " + MAP + " of tensors to files");
    }
    Map<String, String> fileOf = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> tensor : values.get(MAP).properties()) {
      fileOf.put(tensor.getKey(), fileName(file, tensor.getKey(), tensor.getValue()));
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : values.path("metadata").properties()) {
      if (entry.getValue().isValueNode()) {
        metadata.put(entry.getKey(), entry.getValue().asText());
      }
    }
    SafetensorsIndex index = new SafetensorsIndex(file, fileOf, metadata);
    int count = index.files().size();
    if (count > MOST_FILES) {
      throw new SafetensorsException(
          file + ": names " + count + " files; at most " + MOST_FILES + " are read");
    }
    return index;
  }

  private static String fileName(Path file, String tensor, JsonNode value)
      throws SafetensorsException {
    String name = value.asText();
    boolean plain =
        value.isTextual()
            && !name.isBlank()
            && name.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':' || c < ' ')
            && !name.equals(".")
            && !name.equals("..");
    if (!plain) {
      throw new SafetensorsException(
          file
              + ": "
              + MAP
              + " has "
              + value
              + " for tensor '"
              + tensor
              + "'; the name of a file beside it is needed");
    }
    return name;
  }

  /** The files' names, each once. */
  Set<String> files() {
    return new TreeSet<>(fileOf.values());
  }

  /** Where a file of the index is. */
  Path check(String name) throws IOException {
    Path part = file.resolveSibling(name);
    if (!Files.exists(part)) {
      throw new SafetensorsException(file + ": " + name + ", which it names, is not beside it");
    }
    Optional<String> problem = RegularFile.problem(part, "a safetensors file");
    if (problem.isPresent()) {
      throw new SafetensorsException(part + ": " + problem.get());
    }
    return part;
  }

  /** A file has the tensors that the index says, and none that the index does not know. */
  void check(String name, Set<String> tensors) throws SafetensorsException {
    for (Map.Entry<String, String> entry : fileOf.entrySet()) {
      if (entry.getValue().equals(name) && !tensors.contains(entry.getKey())) {
        throw new SafetensorsException(
            file + ": tensor '" + entry.getKey() + "' is not in " + name + ", where it should be");
      }
    }
    for (String tensor : tensors) {
      if (!fileOf.containsKey(tensor)) {
        throw new SafetensorsException(
            file + ": " + name + " has a tensor '" + tensor + "' that the index does not name");
      }
    }
  }
}

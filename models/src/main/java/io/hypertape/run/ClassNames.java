package io.hypertape.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** Names of classes as a text: a JSON array of strings, as a name may have any character. */
final class ClassNames {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final int SHOWN = 12;

  private ClassNames() {}

  static String text(List<String> names) {
    try {
      return JSON.writeValueAsString(names);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("names " + names + " cannot be stored", e);
    }
  }

  /** Names for people, not all of very many. */
  static String few(List<String> names) {
    return names.size() <= SHOWN
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, SHOWN)) + " and " + (names.size() - SHOWN) + " more";
  }

  /**
   * Reads names back.
   *
   * @throws IllegalArgumentException if the text has none, or one twice
   */
  static List<String> parse(String text) {
    JsonNode read;
    try {
      read = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no JSON (" + e.getOriginalMessage() + ")", e);
    }
    List<String> names = new ArrayList<>();
    for (JsonNode name : read) {
      if (name.isTextual()) {
        names.add(name.asText());
      }
    }
    if (!read.isArray() || names.size() != read.size() || names.isEmpty()) {
      throw new IllegalArgumentException("a JSON array of names is needed");
    }
    if (new HashSet<>(names).size() != names.size()) {
      throw new IllegalArgumentException("a name stands there twice");
    }
    return names;
  }
}

package io.hypertape.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the JSON of a safetensors header, token by token: a header of a hundred megabytes is no
 * tree of objects ten times as large. What is JSON and what is not is as in the format's own
 * implementation (Rust's serde_json), with one exception: a key that occurs twice is refused, as
 * the format's description has it.
 */
final class HeaderParser {

  /** Nesting that serde_json takes: one more is refused. */
  private static final int DEPTH = 127;

  private static final int LONGEST = (int) SafetensorsHeader.MAX_SIZE;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          // No table of names that outlives the file, nor one whose hashes a file could aim at.
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEPTH)
                  .maxNameLength(LONGEST)
                  .maxStringLength(LONGEST)
                  .maxNumberLength(LONGEST)
                  .build())
          .build();

  private final Path file;
  private final byte[] json;
  private final Map<String, SafetensorsHeader.Entry> entries = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();

  HeaderParser(Path file, byte[] json) {
    this.file = file;
    this.json = json;
  }

  SafetensorsHeader parse() throws SafetensorsException {
    try {
      checkJson();
      try (JsonParser in = open()) {
        in.nextToken();
        while (in.nextToken() == JsonToken.FIELD_NAME) {
          String name = in.currentName();
          in.nextToken();
          if (name.equals(SafetensorsHeader.METADATA)) {
            readMetadata(in);
          } else {
            entries.put(name, entry(file + ": tensor '" + name + "'", in));
          }
        }
      }
      return new SafetensorsHeader(entries, metadata);
    } catch (CharacterCodingException e) {
      throw new SafetensorsException(file + ": the header is not UTF-8");
    } catch (JsonProcessingException e) {
      throw new SafetensorsException(
          file + ": the header is not valid JSON (" + e.getOriginalMessage() + ")");
    } catch (SafetensorsException e) {
      throw e;
    } catch (IOException e) {
      throw new IllegalStateException("an array in memory can be read", e);
    }
  }

  /** The format's description wants it first; its implementation passes over white space. */
  static boolean beginsWithBrace(byte[] json) {
    int at = 0;
    while (at < json.length && " \t\n\r".indexOf(json[at]) >= 0) {
      at++;
    }
    return at < json.length && json[at] == '{';
  }

  /** As text, since a parser of bytes would guess at an encoding. */
  private JsonParser open() throws IOException {
    return JSON.createParser(
        new InputStreamReader(new ByteArrayInputStream(json), StandardCharsets.UTF_8.newDecoder()));
  }

  /** The whole header first, so that what is wrong with the JSON is not told as of a tensor. */
  private void checkJson() throws IOException {
    try (JsonParser in = open()) {
      int depth = 0;
      for (JsonToken token = in.nextToken(); token != null; token = in.nextToken()) {
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        switch (token) {
          case FIELD_NAME -> checkText(in.currentName());
          case VALUE_STRING -> checkText(in.getText());
          case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> checkNumber(in.getText());
          default -> {
            // Nothing else can be wrong without being an error of the parser.
          }
        }
        if (depth == 0 && in.nextToken() != null) {
          throw new SafetensorsException(
              file + ": the header is not valid JSON (something follows its last brace)");
        }
      }
    }
  }

  private void checkText(String text) throws SafetensorsException {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (Character.isSurrogate(c) && !pair) {
        throw new SafetensorsException(
            file + ": the header is not valid JSON (half of a surrogate pair in a text)");
      }
      i += pair ? 1 : 0;
    }
  }

  private void checkNumber(String text) throws SafetensorsException {
    if (Double.isInfinite(Double.parseDouble(text))) {
      throw new SafetensorsException(
          file + ": the header is not valid JSON (a number out of range)");
    }
  }

  private void readMetadata(JsonParser in) throws IOException {
    if (in.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    if (in.currentToken() != JsonToken.START_OBJECT) {
      throw new SafetensorsException(file + ": " + SafetensorsHeader.METADATA + " is not a map");
    }
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String key = in.currentName();
      if (in.nextToken() != JsonToken.VALUE_STRING) {
        throw new SafetensorsException(
            file + ": " + SafetensorsHeader.METADATA + " of '" + key + "' is not a text");
      }
      metadata.put(key, in.getText());
    }
  }

  /** A tensor's map; what it has beside the three things needed is passed over. */
  private static SafetensorsHeader.Entry entry(String where, JsonParser in) throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      throw new SafetensorsException(
          where + " is not a map of dtype, shape and data_offsets but " + shown(in));
    }
    StoredType type = null;
    List<Long> shape = null;
    List<Long> offsets = null;
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String key = in.currentName();
      in.nextToken();
      switch (key) {
        case "dtype" -> type = type(where, in);
        case "shape" -> shape = wholes(where + " shape", in);
        case "data_offsets" -> offsets = wholes(where + " data_offsets", in);
        default -> in.skipChildren();
      }
    }
    if (type == null) {
      throw new SafetensorsException(where + " lacks a dtype");
    }
    if (shape == null || offsets == null || offsets.size() != 2) {
      throw new SafetensorsException(where + " lacks a shape or two data_offsets");
    }
    return new SafetensorsHeader.Entry(
        new StoredTensor(type, shape), offsets.getFirst(), offsets.getLast());
  }

  private static String shown(JsonParser in) throws IOException {
    return switch (in.currentToken()) {
      case START_OBJECT -> "a map";
      case START_ARRAY -> "a list";
      case VALUE_STRING -> "\"" + in.getText() + "\"";
      default -> in.getText();
    };
  }

  private static StoredType type(String where, JsonParser in) throws IOException {
    StoredType type = in.currentToken() == JsonToken.VALUE_STRING ? TYPES.get(in.getText()) : null;
    if (type == null) {
      throw new SafetensorsException(
          where
              + " has dtype "
              + shown(in)
              + "; known are "
              + String.join(", ", List.of(StoredType.values()).stream().map(Enum::name).toList()));
    }
    return type;
  }

  private static final Map<String, StoredType> TYPES = new HashMap<>();

  static {
    for (StoredType type : StoredType.values()) {
      TYPES.put(type.name(), type);
    }
  }

  private static List<Long> wholes(String where, JsonParser in) throws IOException {
    if (in.currentToken() != JsonToken.START_ARRAY) {
      throw new SafetensorsException(where + " is not a list of numbers but " + shown(in));
    }
    List<Long> numbers = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      numbers.add(whole(where, in));
    }
    return numbers;
  }

  /** A number without a sign, of 64 bits. */
  private static long whole(String where, JsonParser in) throws IOException {
    String text = shown(in);
    if (in.currentToken() == JsonToken.VALUE_NUMBER_INT && !text.startsWith("-")) {
      try {
        return Long.parseUnsignedLong(text);
      } catch (NumberFormatException e) {
        // Told below, as what is no number of 64 bits.
      }
    }
    throw new SafetensorsException(where + ": " + text + " is not a number of 0 or more");
  }
}

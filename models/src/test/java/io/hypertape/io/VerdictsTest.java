package io.hypertape.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the format's own implementation reads is read, and what it refuses is refused: its verdicts
 * about small files, and the numbers that PyTorch makes of them (src/test/python/verdicts.py).
 */
class VerdictsTest {

  /**
   * Read there and refused here. The format's description forbids keys that occur twice, of which
   * the implementation takes the last; and it knows maps with texts only, where the implementation
   * takes whatever Rust's serde can make an entry of.
   */
  private static final Set<String> REFUSED_HERE =
      Set.of(
          "a tensor twice",
          "a tensor twice, the last one fits",
          "a key of the metadata twice",
          "a further key twice",
          "an entry as a list",
          "a dtype as a map");

  private static final JsonNode VERDICTS = verdicts();

  @TempDir private Path folder;

  private static JsonNode verdicts() {
    try (InputStream in = VerdictsTest.class.getResourceAsStream("verdicts.json")) {
      return new ObjectMapper().readTree(in).path("cases");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  static Stream<String> names() {
    return VERDICTS.valueStream().map(verdict -> verdict.path("name").asText());
  }

  private static byte[] bytes(JsonNode verdict) {
    byte[] header = verdict.path("header").asText().getBytes(StandardCharsets.ISO_8859_1);
    byte[] data = HexFormat.of().parseHex(verdict.path("data").asText());
    return ByteBuffer.allocate(8 + header.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header.length)
        .put(header)
        .put(data)
        .array();
  }

  @ParameterizedTest
  @MethodSource("names")
  void asTheFormatsOwnImplementation(String name) throws IOException {
    JsonNode verdict =
        VERDICTS.valueStream().filter(v -> v.path("name").asText().equals(name)).findFirst().get();
    Path file = Files.write(folder.resolve("file"), bytes(verdict));
    if (verdict.has("refused") || REFUSED_HERE.contains(name)) {
      var e = assertThrows(SafetensorsException.class, () -> SafetensorsFile.open(file));
      assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
      assertThrows(SafetensorsException.class, () -> Safetensors.read(file));
      return;
    }
    try (SafetensorsFile read = SafetensorsFile.open(file)) {
      Map<String, JsonNode> tensors = new TreeMap<>();
      verdict.path("tensors").properties().forEach(t -> tensors.put(t.getKey(), t.getValue()));
      assertEquals(tensors.keySet(), new TreeSet<>(read.tensors().keySet()));
      Map<String, String> metadata = new TreeMap<>();
      verdict
          .path("metadata")
          .properties()
          .forEach(m -> metadata.put(m.getKey(), m.getValue().asText()));
      assertEquals(metadata, new TreeMap<>(read.metadata()));
      for (Map.Entry<String, JsonNode> tensor : tensors.entrySet()) {
        StoredTensor stored = read.tensors().get(tensor.getKey());
        assertEquals(tensor.getValue().path("dtype").asText(), stored.type().name());
        assertEquals(
            texts(tensor.getValue().path("shape")),
            stored.shape().stream().map(Long::toUnsignedString).toList());
        compare(read, tensor.getKey(), tensor.getValue());
      }
    }
  }

  private static List<String> texts(JsonNode list) {
    return list.valueStream().map(JsonNode::asText).toList();
  }

  private static double[] numbers(JsonNode list) {
    return list.valueStream().mapToDouble(text -> Double.parseDouble(text.asText())).toArray();
  }

  private static void compare(SafetensorsFile read, String name, JsonNode expected)
      throws IOException {
    if (!expected.has("double")) {
      return;
    }
    double[] doubles = numbers(expected.path("double"));
    double[] singles = expected.has("float") ? numbers(expected.path("float")) : doubles;
    assertArrayEquals(doubles, read.doubles(name).data());
    SafetensorsFile.Narrowed narrow = read.narrow(name);
    double[] found = new double[narrow.array().data().length];
    long rounded = 0;
    for (int i = 0; i < found.length; i++) {
      found[i] = narrow.array().data()[i];
      boolean whole = expected.has("long");
      String exact = whole ? expected.path("long").get(i).asText() : "";
      rounded +=
          whole
              ? new java.math.BigDecimal(exact).compareTo(new java.math.BigDecimal(found[i])) != 0
                  ? 1
                  : 0
              : Double.compare(found[i], doubles[i]) != 0 ? 1 : 0;
    }
    assertArrayEquals(singles, found);
    assertEquals(rounded, narrow.rounded());
    if (expected.has("long")) {
      List<String> longs = new ArrayList<>();
      for (long value : read.longs(name).data()) {
        boolean unsigned = read.tensors().get(name).type() == StoredType.U64;
        longs.add(unsigned ? Long.toUnsignedString(value) : Long.toString(value));
      }
      assertEquals(texts(expected.path("long")), longs);
    } else {
      assertThrows(IllegalArgumentException.class, () -> read.longs(name));
    }
  }

  /** What is here about every type is there, so that none can be forgotten. */
  @Test
  void everyTypeHasAVerdict() {
    Set<String> types = new TreeSet<>();
    VERDICTS
        .valueStream()
        .flatMap(verdict -> verdict.path("tensors").valueStream())
        .forEach(tensor -> types.add(tensor.path("dtype").asText()));
    assertEquals(new TreeSet<>(Stream.of(StoredType.values()).map(Enum::name).toList()), types);
    assertTrue(names().toList().containsAll(REFUSED_HERE));
  }
}

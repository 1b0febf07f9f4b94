package io.hypertape.io.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckedJsonTest {

  @TempDir private Path folder;

  private Path written() throws IOException {
    Path file = folder.resolve("x.json");
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("text", "\"checksum\": \"crc32c:00000000\"");
    values.put("numbers", List.of(1, 2.5));
    values.put("checksum", "of the caller");
    CheckedJson.write(file, values);
    return file;
  }

  @Test
  void readsWhatWasWritten() throws IOException {
    Path file = written();
    assertEquals(
        "{\n  \"checksum\" : \"crc32c:1652db4e\",\n"
            + "  \"text\" : \"\\\"checksum\\\": \\\"crc32c:00000000\\\"\",\n"
            + "  \"numbers\" : [ 1, 2.5 ]\n}",
        Files.readString(file));
    CheckedJson read = CheckedJson.read(file);
    assertTrue(read.checked());
    assertEquals(List.of("text", "numbers"), List.copyOf(new java.util.ArrayList<>(names(read))));
  }

  private static List<String> names(CheckedJson read) {
    List<String> names = new java.util.ArrayList<>();
    read.values().fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  void noBitCanBeChangedUnseen() throws IOException {
    Path file = written();
    byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < whole.length; i++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] changed = whole.clone();
        changed[i] ^= (byte) (1 << bit);
        Files.write(file, changed);
        var e = assertThrows(IOException.class, () -> CheckedJson.read(file), "byte " + i);
        assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
      }
    }
  }

  @Test
  void whatHasNoChecksumIsRead() throws IOException {
    Path file = folder.resolve("x.json");
    Files.writeString(file, "{\"checksum\": \"of another kind\", \"a\": 1}");
    CheckedJson read = CheckedJson.read(file);
    assertFalse(read.checked());
    assertEquals("of another kind", read.values().path("checksum").asText());
    for (String wrong : List.of("", "[]", "{", "{\"a\": 1, \"a\": 2}", "{\"a\": 1} x")) {
      Files.writeString(file, wrong);
      var e = assertThrows(IOException.class, () -> CheckedJson.read(file), wrong);
      assertTrue(e.getMessage().startsWith(file + ": no"), e.getMessage());
    }
  }
}

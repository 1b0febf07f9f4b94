package io.hypertape.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.models.Mode;
import io.hypertape.run.Checkpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Weights in several files with an index, as Hugging Face's libraries write them. */
class ShardedSafetensorsTest {

  private static final String FIRST = "model-00001-of-00002.safetensors";
  private static final String SECOND = "model-00002-of-00002.safetensors";

  @TempDir private Path folder;
  private Path index;

  @BeforeEach
  void write() throws IOException {
    index = folder.resolve("model.safetensors.index.json");
    write(FIRST, Map.of("a", array(1, 2), "b", array(3)));
    write(SECOND, Map.of("c", array(4, 5, 6)));
    index("{\"c\": \"" + SECOND + "\", \"a\": \"" + FIRST + "\", \"b\": \"" + FIRST + "\"}");
  }

  private static FloatArray array(float... values) {
    return new FloatArray(new int[] {values.length}, values);
  }

  private void write(String name, Map<String, FloatArray> tensors) throws IOException {
    new Safetensors(tensors, Map.of("format", "pt")).write(folder.resolve(name));
  }

  private void index(String map) throws IOException {
    Files.writeString(index, "{\"metadata\": {\"total_size\": 24}, \"weight_map\": " + map + "}\n");
  }

  @Test
  void areReadAsOne() throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(index)) {
      assertEquals(List.of("c", "a", "b"), List.copyOf(file.tensors().keySet()));
      assertArrayEquals(new float[] {4, 5, 6}, file.floats("c").data());
      assertArrayEquals(new double[] {1, 2}, file.doubles("a").data());
      assertEquals(Map.of("format", "pt", "total_size", "24"), file.metadata());
      assertTrue(file.isChecked());
      String message =
          assertThrows(IllegalArgumentException.class, () -> file.floats("d")).getMessage();
      assertTrue(message.contains("no tensor 'd'; there are [c, a, b]"), message);
    }
    assertEquals(3, Safetensors.read(index).tensors().size());
  }

  /** An index is known by what it says; one of a long head, by its name. */
  @Test
  void nameAndLengthOfTheHeadMakeNoDifference() throws IOException {
    Path other = Files.copy(index, folder.resolve("other"));
    assertEquals(3, Safetensors.read(other).tensors().size());
    String note = "\"note\": \"" + "x".repeat(1000) + "\", \"total_size\"";
    Files.writeString(index, Files.readString(index).replace("\"total_size\"", note));
    assertEquals(3, Safetensors.read(index).tensors().size());
  }

  @Test
  void aModelIsReadFromThem() throws IOException {
    try (Session session = Session.open(SessionOptions.of(Device.CPU).withThreads(1))) {
      Mlp model = Mlp.create(session, MlpSpec.tanh(4, 3, 2), 1);
      Path whole = folder.resolve("whole");
      Checkpoint.write(whole, model, Map.of());
      Map<String, FloatArray> tensors = Safetensors.read(whole).tensors();
      StringBuilder map = new StringBuilder();
      int k = 0;
      for (Map.Entry<String, FloatArray> tensor : tensors.entrySet()) {
        String name = "part" + k++ + ".safetensors";
        write(name, Map.of(tensor.getKey(), tensor.getValue()));
        map.append(map.isEmpty() ? "{" : ", ");
        map.append('"').append(tensor.getKey()).append("\": \"").append(name).append('"');
      }
      index(map + "}");
      Mlp read = (Mlp) Checkpoint.read(session, index).model();
      session.scoped(
          () ->
              assertArrayEquals(
                  model.forward(session.ones(2, 4), Mode.EVALUATE).toFloats(),
                  read.forward(session.ones(2, 4), Mode.EVALUATE).toFloats()));
    }
  }

  private void refused(String part) {
    String message =
        assertThrows(SafetensorsException.class, () -> SafetensorsFile.open(index)).getMessage();
    assertTrue(message.startsWith(folder.toString()) && message.contains(part), message);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{\"a\": \"../model\"}|the name of a file beside it is needed",
        "{\"a\": \"/etc/passwd\"}|the name of a file beside it is needed",
        "{\"a\": \"C:model\"}|the name of a file beside it is needed",
        "{\"a\": \"x\\u0000\"}|the name of a file beside it is needed",
        "{\"a\": \"..\"}|the name of a file beside it is needed",
        "{\"a\": 7}|weight_map has 7 for tensor 'a'",
        "{\"a\": \"none.safetensors\"}|none.safetensors, which it names, is not beside it",
        "{\"z\": \"model-00001-of-00002.safetensors\"}|tensor 'z' is not in model-00001",
        "{\"a\": \"model-00001-of-00002.safetensors\"}|has a tensor 'b' that the index does not name",
        "{\"a\": \"model.safetensors.index.json\"}|the index (JSON) of weights in several files",
        "7|has no weight_map",
      })
  void whatDoesNotFitIsRefused(String map, String part) throws IOException {
    index(map);
    refused(part);
  }

  @Test
  void damageIsFoundInEveryFile() throws IOException {
    Path second = folder.resolve(SECOND);
    byte[] bytes = Files.readAllBytes(second);
    bytes[bytes.length - 1] ^= 1;
    Files.write(second, bytes);
    refused(SECOND + ": was damaged");
    Files.writeString(index, "{\"weight_map\": {");
    refused("not valid JSON");
  }

  @Test
  void manyFilesAreRefusedBeforeOneIsOpened() throws IOException {
    Map<String, String> map = new LinkedHashMap<>();
    for (int k = 0; k <= 1000; k++) {
      map.put("\"t" + k + "\"", "\"file" + k + "\"");
    }
    index(map.toString().replace('=', ':'));
    refused("names 1001 files; at most 1000 are read");
  }

  /** A file whose first byte, a length of 123, is a brace. */
  @Test
  void aSafetensorsFileIsNoIndex() throws IOException {
    String json = "{\"weight_map\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
    byte[] header = (json + " ".repeat(123 - json.length())).getBytes(StandardCharsets.UTF_8);
    byte[] bytes = new byte[8 + 123 + 4];
    bytes[0] = 123;
    System.arraycopy(header, 0, bytes, 8, 123);
    Path file = Files.write(folder.resolve("brace"), bytes);
    try (SafetensorsFile read = SafetensorsFile.open(file)) {
      assertEquals(List.of("weight_map"), List.copyOf(read.tensors().keySet()));
      assertFalse(read.isChecked());
    }
  }
}

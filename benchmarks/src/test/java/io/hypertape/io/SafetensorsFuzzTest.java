package io.hypertape.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.hypertape.fuzz.InputFile;
import io.hypertape.fuzz.Promise;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** Files of weights, of which whoever gives them away says what is in them. */
class SafetensorsFuzzTest {

  private static final Promise PROMISE = Promise.of(SafetensorsException.class);

  /** A line with the number of bytes that follow the header, then the header. */
  @FuzzTest
  void header(byte[] input) {
    int line = 0;
    while (line < input.length && input[line] != '\n') {
      line++;
    }
    long size = number(new String(input, 0, line, StandardCharsets.ISO_8859_1));
    byte[] json = Arrays.copyOfRange(input, Math.min(line + 1, input.length), input.length);
    PROMISE.keep(
        input,
        () -> {
          SafetensorsHeader header = SafetensorsHeader.parse(Path.of("header"), json, size);
          for (SafetensorsHeader.Entry entry : header.entries().values()) {
            assertFalse(Long.compareUnsigned(entry.begin(), entry.end()) > 0, entry.toString());
            assertFalse(Long.compareUnsigned(entry.end(), size) > 0, entry.toString());
          }
        });
  }

  private static long number(String digits) {
    try {
      return Math.max(0, Long.parseLong(digits));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** A whole file: every tensor in every form, and written and read again. */
  @FuzzTest
  void file(byte[] input) {
    Path file = InputFile.of("in.safetensors", input);
    PROMISE.keep(
        input,
        () -> {
          try (SafetensorsFile in = SafetensorsFile.open(file)) {
            for (Map.Entry<String, StoredTensor> tensor : in.tensors().entrySet()) {
              in.narrow(tensor.getKey());
              in.doubles(tensor.getKey());
              if (tensor.getValue().type().isInteger()) {
                in.longs(tensor.getKey());
              }
            }
          }
          checkSame(Safetensors.readExactly(file));
        });
  }

  /** An index beside two files that are whole: {@code a} with tensors x and y, {@code b} with z. */
  @FuzzTest
  void index(byte[] input) throws Exception {
    Path folder = InputFile.folder("sharded");
    FloatArray one = new FloatArray(new int[] {1}, new float[] {1});
    new Safetensors(Map.of("x", one, "y", one), Map.of()).write(folder.resolve("a"));
    new Safetensors(Map.of("z", one), Map.of()).write(folder.resolve("b"));
    Path file = Files.write(folder.resolve("model.safetensors.index.json"), input);
    PROMISE.keep(
        input,
        () -> {
          try (SafetensorsFile in = SafetensorsFile.open(file)) {
            for (String name : in.tensors().keySet()) {
              assertArrayEquals(new float[] {1}, in.floats(name).data());
            }
          }
        });
  }

  private static void checkSame(Safetensors read) throws Exception {
    Path file = InputFile.folder("written").resolve("out.safetensors");
    read.write(file);
    Safetensors again = Safetensors.readExactly(file);
    assertEquals(read.metadata(), again.metadata());
    assertEquals(read.tensors().keySet(), again.tensors().keySet());
    assertEquals(read.doubles().keySet(), again.doubles().keySet());
    read.tensors()
        .forEach(
            (name, array) -> {
              assertArrayEquals(array.shape(), again.tensors().get(name).shape());
              assertArrayEquals(array.data(), again.tensors().get(name).data());
            });
    read.doubles()
        .forEach(
            (name, array) -> {
              assertArrayEquals(array.shape(), again.doubles().get(name).shape());
              assertArrayEquals(array.data(), again.doubles().get(name).data());
            });
  }
}

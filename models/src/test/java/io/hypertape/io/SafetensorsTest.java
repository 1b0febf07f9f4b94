package io.hypertape.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("m.safetensors");
  }

  private static byte[] bytes(String header, int data) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + data)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }

  private void refused(byte[] bytes, String part) throws IOException {
    Files.write(file, bytes);
    long before = allocated();
    String message =
        assertThrows(SafetensorsException.class, () -> Safetensors.read(file)).getMessage();
    assertTrue(message.startsWith(file + ": ") && message.contains(part), message);
    assertTrue(allocated() - before < 16 << 20, "allocated " + (allocated() - before));
  }

  private static long allocated() {
    var threads =
        (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
    return threads.getCurrentThreadAllocatedBytes();
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    Map<String, FloatArray> tensors = new LinkedHashMap<>();
    tensors.put(
        "b", new FloatArray(new int[] {2, 3}, new float[] {1, -2, 3, Float.NaN, 5, 1e-40f}));
    tensors.put("none", new FloatArray(new int[] {0, 4}, new float[0]));
    tensors.put("scalar", new FloatArray(new int[0], new float[] {7}));
    float[] large = new float[100_003];
    for (int i = 0; i < large.length; i++) {
      large[i] = i * 0.1f;
    }
    tensors.put("großer \"Name\"", new FloatArray(new int[] {large.length}, large));
    new Safetensors(tensors, Map.of("format", "pt", "größe", "1\n2")).write(file);
    Safetensors read = Safetensors.read(file);
    assertEquals(new ArrayList<>(tensors.keySet()), new ArrayList<>(read.tensors().keySet()));
    tensors.forEach(
        (name, tensor) -> {
          assertArrayEquals(tensor.shape(), read.tensors().get(name).shape());
          assertArrayEquals(tensor.data(), read.tensors().get(name).data());
        });
    assertEquals(Map.of("format", "pt", "größe", "1\n2"), read.metadata());
    long header =
        ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN).getLong();
    assertEquals(0, header % 8, "the data begin at a multiple of 8");
  }

  /** Written by the Python package safetensors 0.8.0: save of NumPy arrays of three types. */
  @Test
  void readsWhatThePythonPackageWrites() throws IOException {
    Files.write(file, HexFormat.of().parseHex(PYTHON));
    Safetensors read = Safetensors.read(file);
    for (String name : List.of("f16", "f32", "f64")) {
      assertArrayEquals(new int[] {2, 2}, read.tensors().get(name).shape());
      assertArrayEquals(
          new float[] {1.5f, -2, 0.25f, 65504}, read.tensors().get(name).data(), name);
    }
    assertEquals(Map.of("made by", "python"), read.metadata());
  }

  private static final String PYTHON =
      "d8000000000000007b225f5f6d657461646174615f5f223a7b226d616465206279223a2270797468"
          + "6f6e227d2c22663634223a7b226474797065223a22463634222c227368617065223a5b322c325d2c"
          + "22646174615f6f666673657473223a5b302c33325d7d2c22663332223a7b226474797065223a2246"
          + "3332222c227368617065223a5b322c325d2c22646174615f6f666673657473223a5b33322c34385d"
          + "7d2c22663136223a7b226474797065223a22463136222c227368617065223a5b322c325d2c226461"
          + "74615f6f666673657473223a5b34382c35365d7d7d202020000000000000f83f00000000000000c0"
          + "000000000000d03f0000000000fcef400000c03f000000c00000803e00e07f47003e00c00034ff7b";

  @Test
  void halfPrecisionOfBrainKind() throws IOException {
    byte[] b = bytes("{\"x\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[0,4]}}", 4);
    b[b.length - 4] = (byte) 0x80;
    b[b.length - 3] = (byte) 0x3f;
    b[b.length - 1] = (byte) 0xc0;
    Files.write(file, b);
    assertArrayEquals(new float[] {1, -2}, Safetensors.read(file).tensors().get("x").data());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}|8|needs 12",
        "{\"x\":{\"dtype\":\"U128\",\"shape\":[1],\"data_offsets\":[0,16]}}|16|dtype \"U128\"; known are BOOL, F4,",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}|4|describes 8 bytes",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}|8|gap at byte 0",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}|8|describes 4 bytes",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}|4|-1 is not a number",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}}|4|1.5 is not",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}|4|two data_offsets",
        "{\"x\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}|4|lacks a shape",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[1000000,1000000],\"data_offsets\":[0,4]}}|4|too large",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[2147483647,2147483647,4],\"data_offsets\":[0,4]}}|4|too large",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[536870911],\"data_offsets\":[0,2147483644]}}|4|describes",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,4]}}|4|not a number",
        "{\"x\":7}|0|dtype",
        "{\"__metadata__\":7}|0|not a map",
        "{\"__metadata__\":{\"a\":7}}|0|not a text",
        "[1,2]|0|does not begin with",
        "{\"x\":|0|not valid JSON",
        "{} {}|0|not valid JSON",
        "{\"a\":{},\"a\":{}}|0|not valid JSON",
        "{\"x\":{\"dtype\":\"F4\",\"shape\":[3],\"data_offsets\":[0,2]}}|2|does not end with a whole byte",
        "{\"a\":[[[[[[[[[[[[1]]]]]]]]]]]]}|0|not a map of dtype, shape and data_offsets but a list"
      })
  void damagedHeaders(String header, int data, String part) throws IOException {
    refused(bytes(header, data), part);
  }

  @Test
  void nestingThatWouldOverflowTheStack() throws IOException {
    refused(
        bytes("{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}", 0), "not valid JSON");
  }

  /** Longer than the JSON library takes by itself; the format's own implementation reads both. */
  @Test
  void longNamesAndTexts() throws IOException {
    String name = "n".repeat(60_000);
    String entry = "{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}";
    Files.write(file, bytes("{\"" + name + "\":" + entry + "}", 1));
    assertEquals(java.util.Set.of(name), Safetensors.read(file).tensors().keySet());
    String text = "t".repeat(20_000_001);
    Files.write(file, bytes("{\"__metadata__\":{\"" + name + "\":\"" + text + "\"}}", 0));
    assertEquals(Map.of(name, text), Safetensors.read(file).metadata());
  }

  @Test
  void wholeNumbersAreReadAsSuch() throws IOException {
    byte[] b = bytes("{\"n\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[0,8]}}", 8);
    ByteBuffer.wrap(b).order(ByteOrder.LITTLE_ENDIAN).putLong(b.length - 8, (1L << 53) + 1);
    Files.write(file, b);
    try (SafetensorsFile in = SafetensorsFile.open(file)) {
      assertEquals(new StoredTensor(StoredType.I64, List.of()), in.tensors().get("n"));
      assertArrayEquals(new long[] {(1L << 53) + 1}, in.longs("n").data());
      assertArrayEquals(new double[] {1L << 53}, in.doubles("n").data());
      assertEquals(1, in.narrow("n").rounded());
      var none = assertThrows(IllegalArgumentException.class, () -> in.floats("m"));
      assertEquals(file + ": has no tensor 'm'; there are [n]", none.getMessage());
    }
  }

  /** The file is what the format's own implementation reads; only these tensors cannot be had. */
  @Test
  void whatNoArrayHoldsIsNamedWhenItIsAskedFor() throws IOException {
    Files.write(
        file,
        bytes(
            "{\"six\":{\"dtype\":\"F6_E2M3\",\"shape\":[4],\"data_offsets\":[0,3]},"
                + "\"wide\":{\"dtype\":\"U8\",\"shape\":[0,5000000000],\"data_offsets\":[3,3]},"
                + "\"one\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[3,4]}}",
            4));
    try (SafetensorsFile in = SafetensorsFile.open(file)) {
      assertArrayEquals(new float[1], in.floats("one").data());
      var six = assertThrows(SafetensorsException.class, () -> in.floats("six"));
      assertTrue(six.getMessage().contains("'six' is of type F6_E2M3"), six.getMessage());
      var wide = assertThrows(SafetensorsException.class, () -> in.floats("wide"));
      assertEquals(
          file + ": tensor 'wide' of U8 [0, 5000000000] is too large to hold in an array",
          wide.getMessage());
    }
  }

  /** A product that wraps round to the number of values must not pass for it. */
  @Test
  void arraysMustFillTheirShape() {
    int side = 1 << 16;
    for (int[] shape : new int[][] {{side, side, side, side}, {-1, -1}, {-1}, {2}}) {
      int numbers = shape.length == 2 ? 1 : 0;
      assertThrows(IllegalArgumentException.class, () -> new FloatArray(shape, new float[numbers]));
      assertThrows(
          IllegalArgumentException.class, () -> new DoubleArray(shape, new double[numbers]));
      assertThrows(IllegalArgumentException.class, () -> new LongArray(shape, new long[numbers]));
    }
    assertEquals(0, new FloatArray(new int[] {Integer.MAX_VALUE, 0}, new float[0]).data().length);
  }

  /** Nobody could read it. */
  @Test
  void aHeaderThatIsTooLongIsNotWritten() throws IOException {
    assertEquals(8, Safetensors.padded(file, 2));
    assertEquals(100_000_000, Safetensors.padded(file, 99_999_993));
    var e = assertThrows(IOException.class, () -> Safetensors.padded(file, 100_000_001));
    assertEquals(
        file
            + ": names, shapes and metadata take 100000008 bytes; readers of safetensors take at"
            + " most 100000000",
        e.getMessage());
  }

  @Test
  void overlappingTensors() throws IOException {
    String entry = "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}";
    refused(bytes("{\"a\":" + entry + ",\"b\":" + entry + "}", 4), "overlap");
  }

  @Test
  void hostileLengths() throws IOException {
    refused(new byte[3], "3 bytes; a safetensors file has at least 8");
    for (long length : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, 99_000_000, 5, 0, 1}) {
      byte[] b = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
      refused(b, "claims a header of " + Long.toUnsignedString(length) + " bytes");
    }
    refused(bytes("{\"x\": \"\u00e4\"}".replace("ä", "\0"), 0), "not valid JSON");
    byte[] latin = bytes("{\"?\":{}}", 0);
    latin[10] = (byte) 0xe4;
    refused(latin, "not UTF-8");
    assertThrows(SafetensorsException.class, () -> Safetensors.read(folder));
  }

  @Test
  void cutOffAnywhere() throws IOException {
    new Safetensors(Map.of("x", new FloatArray(new int[] {5}, new float[5])), Map.of()).write(file);
    byte[] whole = Files.readAllBytes(file);
    for (int n = 0; n < whole.length; n++) {
      Files.write(file, Arrays.copyOf(whole, n));
      assertThrows(SafetensorsException.class, () -> Safetensors.read(file), "cut to " + n);
    }
  }

  /** Damaged files end in a SafetensorsException or are read; nothing else happens. */
  @Test
  void randomDamage() throws IOException {
    Map<String, FloatArray> tensors = new LinkedHashMap<>();
    tensors.put("layer1.weight", new FloatArray(new int[] {2, 2}, new float[4]));
    tensors.put("layer1.bias", new FloatArray(new int[] {2}, new float[2]));
    new Safetensors(tensors, Map.of("a", "b")).write(file);
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(2);
    int refused = 0;
    for (int round = 0; round < 4000; round++) {
      byte[] b = whole.clone();
      for (int k = random.nextInt(3); k >= 0; k--) {
        int at = random.nextInt(b.length);
        b[at] = random.nextBoolean() ? (byte) random.nextInt() : (byte) (b[at] ^ 1);
      }
      Files.write(file, b);
      try {
        Safetensors.read(file);
      } catch (SafetensorsException e) {
        refused++;
        assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
      }
    }
    assertTrue(refused > 2000, refused + " of 4000 were refused");
  }
}

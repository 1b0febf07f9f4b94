package io.hypertape.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.io.FloatArray;
import io.hypertape.io.Safetensors;
import io.hypertape.io.SafetensorsException;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that PyTorch's wrappers, other precisions and other habits have made. */
class ForeignCheckpointTest {

  private static final float[] WEIGHT = {0.1f, -0.2f, 0.3f, 1 / 3f, -5, 6};
  private static final float[] BIAS = {0.5f, -0.5f};

  @TempDir private Path folder;
  private final Session session = Session.open(SessionOptions.of(Device.CPU).withThreads(1));

  @AfterEach
  void close() {
    session.close();
  }

  private Path written(String weight, String bias, String... others) throws IOException {
    Map<String, FloatArray> tensors = new LinkedHashMap<>();
    tensors.put(weight, new FloatArray(new int[] {2, 3}, WEIGHT));
    tensors.put(bias, new FloatArray(new int[] {2}, BIAS));
    for (String other : others) {
      tensors.put(other, new FloatArray(new int[0], new float[1]));
    }
    Path file = folder.resolve("model");
    new Safetensors(tensors, Map.of()).write(file);
    return file;
  }

  private void assertLoaded(Mlp model) {
    assertEquals(List.of(3, 2), model.spec().sizes());
    assertArrayEquals(WEIGHT, model.parameters().get(0).value().toFloats());
    assertArrayEquals(BIAS, model.parameters().get(1).value().toFloats());
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "module.layer1.,'module.'",
        "_orig_mod.layer1.,'_orig_mod.'",
        "_orig_mod.module.layer1.,'_orig_mod.' and 'module.'",
        "module._orig_mod.layer1.,'_orig_mod.' and 'module.'",
        "module.module.layer1.,'module.'",
        "layer1._orig_mod.,'_orig_mod.'",
        "_fsdp_wrapped_module.layer1.,'_fsdp_wrapped_module.'"
      })
  void namesOfWrappersAreTakenAway(String prefix, String removed) throws IOException {
    Path file = written(prefix + "weight", prefix + "bias");
    Checkpoint read = Checkpoint.read(session, file);
    assertLoaded((Mlp) read.model());
    List<String> remark =
        List.of("names were taken without " + removed + ", which a wrapper of PyTorch adds");
    assertEquals(remark, read.remarks());
    Mlp model = Mlp.create(session, MlpSpec.tanh(3, 2), 1);
    assertEquals(remark, Checkpoint.load(session, file, model));
    assertLoaded(model);
  }

  private String refused(Path file) {
    return assertThrows(SafetensorsException.class, () -> Checkpoint.read(session, file))
        .getMessage();
  }

  @Test
  void namesOfOtherWrappersAreTold() throws IOException {
    String lightning = refused(written("model.layer1.weight", "model.layer1.bias"));
    assertTrue(
        lightning.contains(
            "all names begin with 'model.': if that is a wrapper's, write the file without it"),
        lightning);
    Mlp model = Mlp.create(session, MlpSpec.tanh(3, 2), 1);
    Path file = written("net.layer1.weight", "net.layer1.bias");
    var e = assertThrows(SafetensorsException.class, () -> Checkpoint.load(session, file, model));
    assertTrue(e.getMessage().contains("tensor layer1.weight is missing"), e.getMessage());
    assertTrue(e.getMessage().contains("removeprefix(\"net.\")"), e.getMessage());
    String some = refused(written("module.layer1.weight", "module.layer1.bias", "n_averaged"));
    assertTrue(some.contains("2 of 3 names begin with 'module.'"), some);
  }

  /** A name that two tensors would have is no shorter name. */
  @Test
  void whatWouldMakeTwoNamesOneStays() throws IOException {
    Path file =
        written("layer1.weight", "layer1.bias", "_orig_mod.layer1.bias", "a._orig_mod.extra");
    String e = refused(file);
    assertTrue(e.contains("[_orig_mod.layer1.bias, a._orig_mod.extra]"), e);
  }

  private Path bytes(String type, int size, BiConsumer<ByteBuffer, Float> put) throws IOException {
    String header =
        "{\"layer1.weight\":{\"dtype\":\"%s\",\"shape\":[2,3],\"data_offsets\":[0,%d]},"
            + "\"layer1.bias\":{\"dtype\":\"%s\",\"shape\":[2],\"data_offsets\":[%d,%d]}}";
    byte[] json =
        String.format(Locale.ROOT, header, type, 6 * size, type, 6 * size, 8 * size)
            .getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + json.length + 8 * size).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json);
    for (float[] values : List.of(WEIGHT, BIAS)) {
      for (float value : values) {
        put.accept(bytes, value);
      }
    }
    return Files.write(folder.resolve(type), bytes.array());
  }

  @Test
  void halfPrecisionBecomesSingleAndIsRemarked() throws IOException {
    Path file = bytes("F16", 2, (b, v) -> b.putShort(Float.floatToFloat16(v)));
    Checkpoint half = Checkpoint.read(session, file);
    float[] values = half.model().parameters().getFirst().value().toFloats();
    for (int i = 0; i < values.length; i++) {
      assertEquals(Float.float16ToFloat(Float.floatToFloat16(WEIGHT[i])), values[i]);
    }
    assertEquals(List.of("2 tensors are stored as F16"), half.remarks());
    Path brain = bytes("BF16", 2, (b, v) -> b.putShort((short) (Float.floatToIntBits(v) >> 16)));
    assertEquals(
        List.of("2 tensors are stored as BF16"), Checkpoint.read(session, brain).remarks());
  }

  @Test
  void doublePrecisionIsRoundedInASingleOneAndKeptInADoubleOne() throws IOException {
    Path file = bytes("F64", 8, (b, v) -> b.putDouble(v == -5 ? -5 : v + 1e-12));
    Checkpoint single = Checkpoint.read(session, file);
    assertLoaded((Mlp) single.model());
    assertEquals(
        List.of("7 numbers were rounded to single precision, the first in layer1.weight"),
        single.remarks());
    try (Session exact = Session.open(SessionOptions.of(Device.REFERENCE))) {
      Checkpoint read = Checkpoint.read(exact, file);
      Mlp filled = Mlp.create(exact, MlpSpec.tanh(3, 2), 1);
      assertEquals(List.of(), Checkpoint.load(exact, file, filled));
      for (Mlp model : List.of((Mlp) read.model(), filled)) {
        assertEquals(0.1f + 1e-12, model.parameters().getFirst().value().toDoubles()[0]);
        assertEquals(0.5 + 1e-12, model.parameters().get(1).value().toDoubles()[0]);
      }
      assertEquals(List.of(), read.remarks());
    }
  }

  @Test
  void wholeNumbersAreWeightsToo() throws IOException {
    Path file = bytes("I8", 1, (b, v) -> b.put((byte) Math.round(v)));
    Checkpoint read = Checkpoint.read(session, file);
    assertArrayEquals(
        new float[] {0, 0, 0, 0, -5, 6}, read.model().parameters().getFirst().value().toFloats());
    assertEquals(List.of("2 tensors are stored as I8"), read.remarks());
  }

  /** A batch norm's counter is passed over, of whatever type; what only ends alike is not. */
  @Test
  void countersOfBatchesArePassedOver() throws IOException {
    assertLoaded(
        (Mlp)
            Checkpoint.read(
                    session, written("layer1.weight", "layer1.bias", "bn.num_batches_tracked"))
                .model());
    String e = refused(written("layer1.weight", "layer1.bias", "my_num_batches_tracked"));
    assertTrue(e.contains("has no tensors [my_num_batches_tracked]"), e);
  }
}

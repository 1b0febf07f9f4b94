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
import io.hypertape.models.Activation;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {

  @TempDir private Path folder;
  private final Session session = Session.open(SessionOptions.of(Device.CPU).withThreads(1));

  @AfterEach
  void close() {
    session.close();
  }

  @Test
  void theSameModelComesBack() throws IOException {
    MlpSpec form = new MlpSpec(List.of(5, 4, 3), List.of(Activation.RELU, Activation.NONE));
    Mlp model = Mlp.create(session, form, 11);
    Path file = folder.resolve("m");
    Checkpoint.write(file, model, Map.of("note", "x"));
    Mlp read = Checkpoint.read(session, file);
    assertEquals(form, read.spec());
    for (int k = 0; k < 4; k++) {
      assertEquals(model.parameters().get(k).name(), read.parameters().get(k).name());
      assertArrayEquals(
          model.parameters().get(k).value().toFloats(),
          read.parameters().get(k).value().toFloats());
    }
    assertEquals("x", Safetensors.read(file).metadata().get("note"));
  }

  private void refused(String part, Object... namesAndShapes) throws IOException {
    Map<String, FloatArray> tensors = new LinkedHashMap<>();
    for (int i = 0; i < namesAndShapes.length; i += 2) {
      int[] shape = (int[]) namesAndShapes[i + 1];
      int size = 1;
      for (int n : shape) {
        size *= n;
      }
      tensors.put((String) namesAndShapes[i], new FloatArray(shape, new float[size]));
    }
    Path file = folder.resolve("bad");
    new Safetensors(tensors, Map.of()).write(file);
    var e = assertThrows(SafetensorsException.class, () -> Checkpoint.read(session, file));
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  @Test
  void otherTensorsMakeNoModel() throws IOException {
    int[] matrix = {3, 2};
    refused("no tensor layer1.weight", "conv.weight", matrix);
    refused("layer1.weight is no matrix", "layer1.weight", new int[] {6});
    refused("layer1.bias is missing", "layer1.weight", matrix);
    refused("has 2 values", "layer1.weight", matrix, "layer1.bias", new int[] {2});
    refused(
        "given are", "layer1.weight", matrix, "layer1.bias", new int[] {3}, "extra", new int[] {1});
    refused(
        "needs 9",
        "layer1.weight",
        matrix,
        "layer1.bias",
        new int[] {3},
        "layer2.weight",
        new int[] {3, 4},
        "layer2.bias",
        new int[] {3});
  }
}

package io.hypertape.spark;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.Parameter;
import io.hypertape.io.FloatArray;
import io.hypertape.io.Safetensors;
import io.hypertape.models.Layer;
import io.hypertape.models.Model;
import io.hypertape.run.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A model's weights as the bytes of a file. */
final class WeightBytes {

  private WeightBytes() {}

  static byte[] of(Layer model) throws IOException {
    return model instanceof Model known
        ? of(known, Map.of())
        : written(new Safetensors(tensors(model), Map.of("format", "pt"))::write);
  }

  static byte[] of(Model model, Map<String, String> notes) throws IOException {
    return written(file -> Checkpoint.write(file, model, notes));
  }

  private interface Writer {
    void write(Path file) throws IOException;
  }

  private static byte[] written(Writer writer) throws IOException {
    Path file = Files.createTempFile("hypertape-model", ".safetensors");
    try {
      writer.write(file);
      return Files.readAllBytes(file);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static Map<String, FloatArray> tensors(Layer model) {
    Map<String, FloatArray> tensors = new LinkedHashMap<>();
    for (Parameter parameter : model.parameters()) {
      tensors.put(
          parameter.name(), new FloatArray(parameter.shape(), parameter.value().toFloats()));
    }
    for (Buffer buffer : model.buffers()) {
      tensors.put(buffer.name(), new FloatArray(buffer.shape(), buffer.toFloats()));
    }
    return tensors;
  }
}

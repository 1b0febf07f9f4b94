package io.hypertape.run;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.io.FloatArray;
import io.hypertape.io.Safetensors;
import io.hypertape.io.SafetensorsException;
import io.hypertape.models.Activation;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Models in safetensors files. The metadata has the form; tensors alone do for tanh networks. */
public final class Checkpoint {

  private static final String ACTIVATIONS = "activations";

  private Checkpoint() {}

  /**
   * Writes a model.
   *
   * @param file where to
   * @param model the model
   * @param notes more texts for the metadata
   * @throws IOException if it cannot be written
   */
  public static void write(Path file, Mlp model, Map<String, String> notes) throws IOException {
    Map<String, FloatArray> tensors = new LinkedHashMap<>();
    for (Parameter parameter : model.parameters()) {
      tensors.put(
          parameter.name(),
          new FloatArray(parameter.value().shape(), parameter.value().toFloats()));
    }
    // Sorted, so that equal runs leave equal bytes.
    Map<String, String> metadata = new TreeMap<>(notes);
    metadata.put("format", "pt");
    metadata.put("model", "mlp");
    metadata.put(
        ACTIVATIONS,
        model.spec().activations().stream()
            .map(Activation::toString)
            .collect(Collectors.joining(",")));
    new Safetensors(tensors, metadata).write(file);
  }

  /**
   * Reads a model.
   *
   * @param session whose tensors its parameters shall be
   * @param file where from
   * @return the model
   * @throws SafetensorsException if the file is damaged, or its tensors make no MLP
   * @throws IOException if it cannot be read
   */
  public static Mlp read(Session session, Path file) throws IOException {
    Safetensors stored = Safetensors.read(file);
    try {
      return Mlp.of(session, spec(stored), values(stored));
    } catch (IllegalArgumentException e) {
      throw new SafetensorsException(file + ": " + e.getMessage());
    }
  }

  private static MlpSpec spec(Safetensors stored) {
    List<Integer> sizes = new ArrayList<>();
    for (int k = 1; stored.tensors().containsKey("layer" + k + ".weight"); k++) {
      int[] shape = stored.tensors().get("layer" + k + ".weight").shape();
      if (shape.length != 2) {
        throw new IllegalArgumentException("layer" + k + ".weight is no matrix");
      }
      if (sizes.isEmpty()) {
        sizes.add(shape[1]);
      }
      sizes.add(shape[0]);
    }
    if (sizes.isEmpty()) {
      throw new IllegalArgumentException(
          "no tensor layer1.weight; an MLP's file has layer1.weight, layer1.bias, …, not "
              + stored.tensors().keySet());
    }
    String names = stored.metadata().get(ACTIVATIONS);
    if (names == null) {
      return MlpSpec.tanh(sizes.stream().mapToInt(Integer::intValue).toArray());
    }
    List<Activation> activations = new ArrayList<>();
    for (String name : names.split(",")) {
      activations.add(Activation.of(name));
    }
    return new MlpSpec(sizes, activations);
  }

  private static Map<String, double[]> values(Safetensors stored) {
    Map<String, double[]> values = new LinkedHashMap<>();
    stored
        .tensors()
        .forEach(
            (name, tensor) -> {
              double[] wide = new double[tensor.data().length];
              for (int i = 0; i < wide.length; i++) {
                wide[i] = tensor.data()[i];
              }
              values.put(name, wide);
            });
    return values;
  }
}

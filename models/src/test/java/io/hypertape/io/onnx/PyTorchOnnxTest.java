package io.hypertape.io.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.models.Mode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that PyTorch's two exporters wrote ({@code src/test/python/onnx_models.py}). */
class PyTorchOnnxTest {

  private static final String FOLDER = "/io/hypertape/io/onnx/";

  @TempDir private Path folder;

  private static JsonNode expected() throws IOException {
    try (InputStream in = PyTorchOnnxTest.class.getResourceAsStream(FOLDER + "expected.json")) {
      return new ObjectMapper().readTree(in).get("networks");
    }
  }

  static Stream<String> files() throws IOException {
    return expected().properties().stream()
        .flatMap(
            network ->
                StreamSupport.stream(network.getValue().get("kinds").spliterator(), false)
                    .map(kind -> network.getKey() + "-" + kind.asText()));
  }

  /** A file with the one beside it that has its weights, if there is one. */
  private Path file(String name) throws IOException {
    for (String ending : List.of(".onnx", ".onnx.data")) {
      try (InputStream in = PyTorchOnnxTest.class.getResourceAsStream(FOLDER + name + ending)) {
        if (in != null) {
          Files.copy(in, folder.resolve(name + ending));
        }
      }
    }
    return folder.resolve(name + ".onnx");
  }

  private static double[] numbers(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }

  private static Tensor input(Session session, JsonNode given) {
    double[] x = numbers(given.get("x"));
    int[] shape =
        StreamSupport.stream(given.get("shape").spliterator(), false)
            .mapToInt(JsonNode::asInt)
            .toArray();
    if (shape.length > 2) {
      return session.tensor(x, shape);
    }
    int[] symbols = new int[x.length];
    for (int i = 0; i < x.length; i++) {
      symbols[i] = (int) x[i];
    }
    return session.indices(symbols).reshape(shape);
  }

  @ParameterizedTest
  @MethodSource("files")
  void giveWhatPyTorchGives(String name) throws IOException {
    Path file = file(name);
    for (Device device : List.of(Device.CPU, Device.REFERENCE)) {
      try (Session session = Session.open(device);
          OnnxModel model = Onnx.read(session, file)) {
        for (JsonNode given : expected().get(name.split("-")[0]).get("cases")) {
          session.scoped(
              () ->
                  assertArrayEquals(
                      numbers(given.get("y")),
                      model.forward(input(session, given), Mode.EVALUATE).toDoubles(),
                      1e-5));
        }
      }
    }
  }

  /** Every weight learns: of a sum of outputs none has a gradient of zeros alone. */
  @ParameterizedTest
  @MethodSource("files")
  void areTrained(String name) throws IOException {
    try (Session session = Session.open(Device.REFERENCE);
        OnnxModel model = Onnx.read(session, file(name))) {
      assertTrue(model.parameters().size() > 3, model.parameters().toString());
      JsonNode given = expected().get(name.split("-")[0]).get("cases").get(1);
      try (var tape = session.tape()) {
        tape.watch(model.parameters());
        Tensor y = model.forward(input(session, given), Mode.TRAIN);
        Tensor loss = y.mul(session.normal(y.shape(), 1, 1)).sum();
        for (Parameter parameter : model.parameters()) {
          double size =
              tape.gradient(loss, model.parameters()).get(parameter).square().sum().item();
          assertTrue(size > 0, parameter + " has no gradient");
        }
      }
    }
  }

  /** As models of PyTorch are called, where the exporter leaves the names. */
  @Test
  void namesAreTheFilesOwn() throws IOException {
    try (Session session = Session.open(Device.CPU);
        OnnxModel model = Onnx.read(session, file("convolutions-training"))) {
      assertEquals(
          List.of(
              "first.weight",
              "norm.weight",
              "norm.bias",
              "depthwise.weight",
              "depthwise.bias",
              "second.weight",
              "second.bias",
              "out.weight",
              "out.bias"),
          model.parameters().stream().map(Parameter::name).toList());
      assertEquals(4, model.buffers().size());
      assertEquals(1, model.dropoutCounters().size());
    }
  }
}

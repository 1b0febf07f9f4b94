package io.hypertape.benchmarks.peers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.autodiff.Tensor;
import io.hypertape.io.FloatArray;
import io.hypertape.io.Safetensors;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardPassTest {

  private static Session session() {
    return Session.open(SessionOptions.of(Device.CPU).withThreads(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlp", "cnn", "resnet20", "char-lstm"})
  void whatIsReplayedIsWhatIsRunAndWhatIsWritten(String model, @TempDir Path folder)
      throws Exception {
    try (Session session = session()) {
      ForwardPass pass = ForwardPass.of(new PredictionCase(model, 2), session);
      float[] output = pass.predict();
      assertArrayEquals(output, pass.predict(), "the state begins anew");
      Path file = folder.resolve("pass.safetensors");
      pass.write(file, output);
      Safetensors stored = Safetensors.read(file);
      assertArrayEquals(output, stored.tensors().get("output").data());
      assertTrue(stored.tensors().containsKey("input"), stored.tensors().keySet().toString());
      assertEquals(
          model.equals("resnet20"),
          stored.tensors().keySet().stream().anyMatch(name -> name.endsWith("running_var")));
      Tensor x = pass.input();
      pass.begin();
      try (Replay replay = new Replay(session, tape -> List.of(pass.output(x)))) {
        for (int i = 0; i < 2; i++) {
          pass.begin();
          pass.overwrite(x);
          replay.run();
          assertArrayEquals(output, replay.results().getFirst().toFloats());
        }
      }
    }
  }

  /** With the name that the peer's side has for the first axis. */
  @ParameterizedTest
  @ValueSource(strings = {"mlp", "cnn", "resnet20"})
  void theGraphBesideItIsTheSameModel(String model, @TempDir Path folder) throws Exception {
    Path file = folder.resolve("pass.safetensors");
    float[] output;
    try (Session session = session()) {
      ForwardPass pass = ForwardPass.of(new PredictionCase(model, 2), session);
      output = pass.predict();
      pass.write(file, output);
    }
    FloatArray input = Safetensors.read(file).tensors().get("input");
    OrtEnvironment environment = environment();
    try (var options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setSymbolicDimensionValue("batch", 2);
      String graph = ForwardPass.graph(file).toString();
      long[] shape = IntStream.of(input.shape()).asLongStream().toArray();
      try (OrtSession other = environment.createSession(graph, options);
          OnnxTensor x =
              OnnxTensor.createTensor(environment, FloatBuffer.wrap(input.data()), shape);
          OrtSession.Result result = other.run(Map.of("input", x))) {
        TensorInfo info = (TensorInfo) other.getOutputInfo().get("log_probabilities").getInfo();
        assertArrayEquals(new long[] {2, 10}, info.getShape(), "the first axis is known");
        float[] found = new float[output.length];
        ((OnnxTensor) result.get(0)).getFloatBuffer().get(found);
        assertEquals(0, OutputJudge.difference(found, output), 1e-5);
      }
    }
  }

  private static OrtEnvironment environment() {
    try {
      return OrtEnvironment.getEnvironment();
    } catch (UnsatisfiedLinkError | NoClassDefFoundError | ExceptionInInitializerError e) {
      return abort("ONNX Runtime's jar has no library for this system: " + e);
    }
  }

  @Test
  void anUnknownModelIsNamed() {
    try (Session session = session()) {
      PredictionCase none = new PredictionCase("vgg", 1);
      var e = assertThrows(IllegalArgumentException.class, () -> ForwardPass.of(none, session));
      assertEquals("model is 'vgg'; mlp, cnn, resnet20, char-lstm fit", e.getMessage());
    }
  }

  @Test
  void scriptsKnowEveryModelAndLayer() throws Exception {
    List<String> scripts =
        List.of(
            Python.SCRIPT,
            Python.TURNS,
            "torch_predictions.py",
            "onnx_predictions.py",
            "torch_layers.py");
    Path folder = Python.folder(scripts);
    try {
      String torch = Files.readString(folder.resolve("torch_predictions.py"));
      String onnx = Files.readString(folder.resolve("onnx_predictions.py"));
      String layers = Files.readString(folder.resolve("torch_layers.py"));
      for (PredictionCase one : PredictionCase.LISTED) {
        assertTrue(torch.contains('"' + one.model() + '"'), one.model());
        assertTrue(onnx.contains('"' + one.model() + "\": "), one.model());
      }
      for (LayerCase one : LayerCase.LISTED) {
        assertTrue(layers.contains('"' + one.kind() + "\": "), one.kind());
        assertTrue(layers.contains('"' + one.pass() + "\": "), one.pass());
      }
    } finally {
      Python.deleteFolder(folder);
    }
    assertTrue(Files.notExists(folder));
  }

  @Test
  void aFirstLookTakesSomeOfEverything() {
    Pattern few = Pattern.compile(PeerSuites.FEW);
    Stream<String> names =
        Stream.of(
                StepCase.LISTED.stream().map(StepCase::name),
                LayerCase.LISTED.stream().map(LayerCase::name),
                PredictionCase.LISTED.stream().map(PredictionCase::name),
                io.hypertape.benchmarks.GemmShape.LISTED.stream().map(shape -> "gemm " + shape))
            .flatMap(all -> all);
    Set<String> found =
        names
            .filter(name -> few.matcher(name).find())
            .map(name -> name.replaceAll(" .*", ""))
            .collect(Collectors.toSet());
    assertEquals(Set.of("gemm", "step", "layer", "predict"), found);
  }

  @Test
  void operationsAreCounted() {
    double flops =
        LayerCase.LISTED.stream()
            .filter(one -> one.pass().equals(LayerCase.BOTH))
            .mapToDouble(LayerCase::flops)
            .sum();
    assertEquals(3.93e9, flops, 0.01e9);
  }
}

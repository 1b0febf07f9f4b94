package io.hypertape.io.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.autodiff.Tensor;
import io.hypertape.data.Normalization;
import io.hypertape.models.Activation;
import io.hypertape.models.AveragePool2d;
import io.hypertape.models.BatchNorm2d;
import io.hypertape.models.CharLstm;
import io.hypertape.models.CharLstmSpec;
import io.hypertape.models.Cnn;
import io.hypertape.models.CnnSpec;
import io.hypertape.models.Conv2d;
import io.hypertape.models.Dense;
import io.hypertape.models.Dropout;
import io.hypertape.models.Embedding;
import io.hypertape.models.Flatten;
import io.hypertape.models.GlobalAveragePool;
import io.hypertape.models.Gru;
import io.hypertape.models.Initializer;
import io.hypertape.models.Layer;
import io.hypertape.models.Lstm;
import io.hypertape.models.MaxPool2d;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.models.Mode;
import io.hypertape.models.ParameterFactory;
import io.hypertape.models.RecurrentState;
import io.hypertape.models.ResNet;
import io.hypertape.models.Sequential;
import io.hypertape.optim.Sgd;
import io.hypertape.run.Checkpoint;
import io.hypertape.tensor.Convolution;
import io.hypertape.tensor.Pooling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written is read, and gives the same. */
class OnnxRoundTripTest {

  private static final double TOLERANCE = 1e-6;

  @TempDir private Path folder;
  private final Session session = Session.open(SessionOptions.of(Device.CPU).withThreads(1));
  private final ParameterFactory factory = new ParameterFactory(session, 3);

  @AfterEach
  void close() {
    session.close();
  }

  /** Running statistics as after a training. */
  private static void vary(Layer layer) {
    for (Buffer buffer : layer.buffers()) {
      float[] values = buffer.toFloats();
      for (int i = 0; i < values.length; i++) {
        values[i] += 0.1f * (i % 7 + 1);
      }
      buffer.set(values);
    }
  }

  private static int[] prepended(int first, int... rest) {
    return IntStream.concat(IntStream.of(first), Arrays.stream(rest)).toArray();
  }

  private Path file() {
    return folder.resolve("model.onnx");
  }

  private OnnxModel assertSame(Layer layer, int[] written, int... example) throws IOException {
    vary(layer);
    Onnx.write(file(), layer, written);
    OnnxModel read = Onnx.read(session, file());
    assertEquals(
        layer.parameters().stream().map(Parameter::name).sorted().toList(),
        read.parameters().stream().map(Parameter::name).sorted().toList());
    assertEquals(
        layer.buffers().stream().map(Buffer::name).sorted().toList(),
        read.buffers().stream().map(Buffer::name).sorted().toList());
    for (int batch : new int[] {1, 7}) {
      session.scoped(
          () -> {
            Tensor x = session.normal(prepended(batch, example), batch, 1);
            assertSame(layer.forward(x, Mode.EVALUATE), read.forward(x, Mode.EVALUATE));
          });
    }
    return read;
  }

  private static void assertSame(Tensor expected, Tensor actual) {
    assertArrayEquals(expected.shape(), actual.shape());
    assertArrayEquals(expected.toDoubles(), actual.toDoubles(), TOLERANCE);
  }

  @Test
  void mlp() throws IOException {
    Mlp model = Mlp.create(session, MlpSpec.tanh(12, 9, 4), 1);
    assertSame(model, new int[0], 12);
    assertSame(model, new int[] {3, 2, 2}, 3, 2, 2);
  }

  /** Whoever has images hands them over as they are. */
  @Test
  void axesOfAnInputAreMadeOneAsAnMlpDoes() throws IOException {
    Mlp model = Mlp.create(session, MlpSpec.tanh(12, 9, 4), 1);
    assertSame(model, new int[0], 3, 2, 2);
  }

  @Test
  void cnn() throws IOException {
    assertSame(Cnn.create(session, new CnnSpec(2, 12, 9, 5), 1), new int[0], 2, 12, 9);
  }

  @Test
  void resNet() throws IOException {
    OnnxModel read = assertSame(ResNet.cifar(session, 8, 10, 1), new int[0], 3, 16, 12);
    assertEquals(Map.of("input", List.of(0, 3, 0, 0)), read.inputs());
    assertEquals(Map.of("log_probabilities", List.of(0, 10)), read.outputs());
  }

  @Test
  void everyOtherLayer() throws IOException {
    Sequential network =
        Sequential.of(
            Conv2d.create(factory, "conv", 4, 6, 3, new Convolution(2, 1, 1, 2, 1, 2, 2)),
            BatchNorm2d.create(factory, "bn", 6),
            Activation.SIGMOID,
            new AveragePool2d(new Pooling(3, 2, 2, 1, 1, 1)),
            new MaxPool2d(new Pooling(2, 3, 1, 2, 1, 0)),
            Dropout.create(factory, 0.3),
            new Flatten(),
            Dense.create(factory, "dense", 6 * 4 * 5, 3, Activation.TANH));
    assertSame(network, new int[] {4, 10, 11}, 4, 10, 11);
    assertSame(Sequential.of(new GlobalAveragePool()), new int[] {4, 0, 0}, 4, 5, 6);
    assertSame(Sequential.of(), new int[] {4}, 4);
  }

  /** Two layers with one weight have it once. */
  @Test
  void tiedWeights() throws IOException {
    Dense first = Dense.create(factory, "first", 4, 4, Activation.TANH);
    Dense second = Dense.tied(factory, "second", first.weight(), Activation.NONE);
    OnnxModel read = assertSame(Sequential.of(first, second), new int[] {4}, 4);
    assertEquals(3, read.parameters().size());
  }

  @Test
  void recurrentLayers() throws IOException {
    assertSame(Lstm.create(factory, "lstm", 5, 6, 2, 0.2), new int[] {0, 5}, 3, 5);
    OnnxModel read = assertSame(Gru.create(factory, "gru", 5, 6, 2, 0), new int[] {0, 5}, 3, 5);
    assertEquals(Map.of("input", List.of(0, 0, 5)), read.inputs());
  }

  @Test
  void embedding() throws IOException {
    Sequential network =
        Sequential.of(
            Embedding.create(factory, "table", 9, 4),
            Dense.create(factory, "dense", 4, 2, Activation.NONE));
    Onnx.write(file(), network);
    OnnxModel read = Onnx.read(session, file());
    session.scoped(
        () -> {
          Tensor x = session.indices(8, 0, 3, 3);
          assertSame(network.forward(x, Mode.EVALUATE), read.forward(x, Mode.EVALUATE));
        });
  }

  @Test
  void charLstm() throws IOException {
    CharLstm model = CharLstm.create(session, new CharLstmSpec(11, 4, 6, 2, 0.1), 1);
    Onnx.write(file(), model, Map.of("vocabulary", "abcdefghijk"));
    OnnxModel read = Onnx.read(session, file());
    assertEquals("abcdefghijk", read.metadata().get("vocabulary"));
    for (int batch : new int[] {1, 7}) {
      session.scoped(() -> assertSame(model, read, batch));
    }
  }

  private void assertSame(CharLstm model, OnnxModel read, int batch) {
    int steps = 3;
    int[] symbols = IntStream.range(0, steps * batch).map(i -> i * 5 % 11).toArray();
    RecurrentState state = model.newState(batch);
    Tensor hidden = session.zeros(2, batch, 6);
    Tensor cell = session.zeros(2, batch, 6);
    for (int piece = 0; piece < 2; piece++) {
      Tensor expected = model.forward(session.indices(symbols), steps, batch, state, Mode.EVALUATE);
      Map<String, Tensor> outputs =
          read.forward(
              Map.of(
                  "symbols",
                  session.indices(symbols).reshape(steps, batch),
                  "hidden",
                  hidden,
                  "cell",
                  cell),
              Mode.EVALUATE);
      assertEquals(
          List.of("log_probabilities", "hidden_out", "cell_out"), List.copyOf(outputs.keySet()));
      assertSame(expected, outputs.get("log_probabilities").reshape(steps * batch, 11));
      hidden = outputs.get("hidden_out");
      cell = outputs.get("cell_out");
    }
    state.close();
  }

  /** A step of training is the model's own: gradients, running statistics, recorded steps too. */
  @Test
  void whatIsReadIsTrained() throws IOException {
    ResNet model = ResNet.cifar(session, 8, 10, 1);
    Onnx.write(file(), model);
    OnnxModel read = Onnx.read(session, file());
    double[] expected = losses(model);
    assertArrayEquals(expected, losses(read), 1e-4);
    assertTrue(expected[4] < expected[0], Arrays.toString(expected));
    Map<String, float[]> statistics = new java.util.HashMap<>();
    model.buffers().forEach(buffer -> statistics.put(buffer.name(), buffer.toFloats()));
    read.buffers()
        .forEach(
            buffer ->
                assertArrayEquals(
                    statistics.get(buffer.name()), buffer.toFloats(), 1e-3f, buffer.name()));
  }

  private double[] losses(Layer model) {
    double[] losses = new double[5];
    float[] x = new float[4 * 3 * 8 * 8];
    for (int i = 0; i < x.length; i++) {
      x[i] = (i * 37 % 101) / 101f;
    }
    try (var optimizer = new Sgd(0.05).tower().bind(session, model.parameters())) {
      var step =
          optimizer.prepare(
              in ->
                  io.hypertape.models.Losses.nll(model.forward(in.get(0), Mode.TRAIN), in.get(1)));
      for (int k = 0; k < losses.length; k++) {
        losses[k] =
            step.run(
                    io.hypertape.optim.Input.floats(x, 4, 3, 8, 8),
                    io.hypertape.optim.Input.indices(1, 2, 3, 4))
                .item();
      }
    }
    return losses;
  }

  @Test
  void metadataTellsWhatACheckpointTells() throws IOException {
    Cnn model = Cnn.create(session, new CnnSpec(1, 8, 8, 2), 1);
    Normalization normalization = new Normalization(new float[] {0.5f}, new float[] {0.25f});
    Map<String, String> notes = new java.util.HashMap<>(Checkpoint.notes(normalization));
    notes.putAll(Checkpoint.notes(List.of("left", "right")));
    Onnx.write(file(), (io.hypertape.models.Model) model, notes);
    OnnxModel read = Onnx.read(session, file());
    assertEquals("cnn", read.metadata().get("model"));
    Checkpoint told = new Checkpoint(read, read.metadata());
    assertEquals(normalization, told.normalization().orElseThrow());
    assertEquals(List.of("left", "right"), told.classNames().orElseThrow());
    // Its tensors have a checkpoint's names.
    Path weights = folder.resolve("weights.safetensors");
    Checkpoint.write(weights, model, Map.of());
    model.parameters().getFirst().set(new float[model.parameters().getFirst().size()]);
    Checkpoint.load(session, weights, read);
  }

  private record Doubled() implements OnnxLayer {
    @Override
    public Tensor forward(Tensor input, Mode mode) {
      return input.mul(2);
    }

    @Override
    public List<Parameter> parameters() {
      return List.of();
    }

    @Override
    public String addTo(OnnxGraph graph, String input) {
      return graph.node("Mul", input, graph.number(2)).output();
    }
  }

  private record Scaled(Parameter factor) implements Layer {
    @Override
    public Tensor forward(Tensor input, Mode mode) {
      return input.mul(factor.value());
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(factor);
    }
  }

  @Test
  void aLayerOfOnesOwn() throws IOException {
    assertSame(Sequential.of(new Doubled(), Activation.TANH), new int[] {3}, 3);
    Parameter factor = factory.parameter("f", new int[] {3}, Initializer.constant(2), 1, 1);
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> Onnx.write(file(), Sequential.of(new Scaled(factor)), 3))
            .getMessage();
    assertTrue(message.contains("Scaled does not say which nodes it is"), message);
  }

  @Test
  void whatDoesNotFitIsNotWritten() throws IOException {
    Mlp model = Mlp.create(session, MlpSpec.tanh(12, 9, 4), 1);
    assertThrows(IllegalArgumentException.class, () -> Onnx.write(file(), model, 11));
    assertThrows(IllegalArgumentException.class, () -> Onnx.write(file(), model, -1));
    model.parameters().get(1).set(new float[] {1, 2, Float.NaN, 4, 5, 6, 7, 8, 9});
    String message =
        assertThrows(IllegalStateException.class, () -> Onnx.write(file(), model)).getMessage();
    assertTrue(message.contains("layer1.bias has NaN"), message);
    assertTrue(Files.notExists(file()));
  }

  @Test
  void equalModelsLeaveEqualBytes() throws IOException {
    Onnx.write(file(), Mlp.create(session, MlpSpec.tanh(12, 9, 4), 1));
    byte[] first = Files.readAllBytes(file());
    Onnx.write(file(), Mlp.create(session, MlpSpec.tanh(12, 9, 4), 1));
    assertArrayEquals(first, Files.readAllBytes(file()));
  }
}

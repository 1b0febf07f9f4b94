package io.hypertape.io.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.abort;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.autodiff.Tensor;
import io.hypertape.models.Activation;
import io.hypertape.models.AveragePool2d;
import io.hypertape.models.BatchNorm2d;
import io.hypertape.models.CharLstm;
import io.hypertape.models.CharLstmSpec;
import io.hypertape.models.Cnn;
import io.hypertape.models.Conv2d;
import io.hypertape.models.Dense;
import io.hypertape.models.Dropout;
import io.hypertape.models.Embedding;
import io.hypertape.models.Flatten;
import io.hypertape.models.Gru;
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
import io.hypertape.tensor.Convolution;
import io.hypertape.tensor.Pooling;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ONNX Runtime computes with files that are written here is what the models compute. */
class OnnxRuntimeTest {

  private static final double TOLERANCE = 1e-5;
  private static final int[] BATCHES = {1, 7};

  @TempDir private Path folder;
  private final Session session = Session.open(SessionOptions.of(Device.CPU).withThreads(1));
  private final ParameterFactory factory = new ParameterFactory(session, 5);

  @AfterEach
  void close() {
    session.close();
  }

  /** The runtime; its library is in its jar, for the usual systems. */
  static OrtEnvironment environment() {
    try {
      return OrtEnvironment.getEnvironment();
    } catch (UnsatisfiedLinkError | NoClassDefFoundError | ExceptionInInitializerError e) {
      return abort("ONNX Runtime's jar has no library for this system: " + e);
    }
  }

  private OrtSession open() throws OrtException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(1);
    options.setInterOpNumThreads(1);
    return environment().createSession(file().toString(), options);
  }

  private Path file() {
    return folder.resolve("model.onnx");
  }

  private static OnnxTensor tensor(float[] values, int... shape) throws OrtException {
    return OnnxTensor.createTensor(environment(), FloatBuffer.wrap(values), longs(shape));
  }

  private static OnnxTensor tensor(int[] values, int... shape) throws OrtException {
    long[] wide = IntStream.of(values).asLongStream().toArray();
    return OnnxTensor.createTensor(environment(), LongBuffer.wrap(wide), longs(shape));
  }

  private static long[] longs(int... shape) {
    return IntStream.of(shape).asLongStream().toArray();
  }

  private static void assertSame(Tensor ours, OrtSession.Result theirs, int output) {
    OnnxTensor tensor = (OnnxTensor) theirs.get(output);
    assertArrayEquals(longs(ours.shape()), tensor.getInfo().getShape());
    FloatBuffer values = tensor.getFloatBuffer();
    double[] found = new double[values.remaining()];
    for (int i = 0; i < found.length; i++) {
      found[i] = values.get();
    }
    assertArrayEquals(ours.toDoubles(), found, TOLERANCE);
  }

  private void check(Layer layer, int[] example, int... given) throws IOException, OrtException {
    for (Buffer buffer : layer.buffers()) {
      // As after a training.
      float[] values = buffer.toFloats();
      for (int i = 0; i < values.length; i++) {
        values[i] += 0.2f * (i % 3 + 1);
      }
      buffer.set(values);
    }
    Onnx.write(file(), layer, example);
    try (OrtSession runtime = open()) {
      for (int batch : BATCHES) {
        int[] shape = IntStream.concat(IntStream.of(batch), IntStream.of(given)).toArray();
        try (var scope = session.scratch();
            OnnxTensor input = tensor(session.normal(shape, batch, 2).toFloats(), shape);
            OrtSession.Result result = runtime.run(Map.of("input", input))) {
          Tensor x = session.normal(shape, batch, 2);
          assertSame(layer.forward(x, Mode.EVALUATE), result, 0);
        }
      }
    }
  }

  @Test
  void mlp() throws Exception {
    check(Mlp.create(session, MlpSpec.tanh(784, 128, 10), 1), new int[0], 784);
  }

  @Test
  void cnn() throws Exception {
    check(Cnn.mnist(session, 10, 1), new int[0], 1, 28, 28);
  }

  @Test
  void resNet() throws Exception {
    check(ResNet.cifar(session, 20, 10, 1), new int[0], 3, 32, 32);
  }

  @Test
  void everyOtherLayer() throws Exception {
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
    check(network, new int[] {4, 10, 11}, 4, 10, 11);
  }

  @Test
  void recurrentLayers() throws Exception {
    check(Lstm.create(factory, "lstm", 5, 6, 2, 0.2), new int[] {0, 5}, 3, 5);
    check(Gru.create(factory, "gru", 5, 6, 2, 0), new int[] {0, 5}, 3, 5);
  }

  @Test
  void embedding() throws Exception {
    Sequential network =
        Sequential.of(
            Embedding.create(factory, "table", 9, 4),
            Dense.create(factory, "dense", 4, 2, Activation.NONE));
    Onnx.write(file(), network);
    int[] symbols = {8, 0, 3, 3};
    try (OrtSession runtime = open();
        var scope = session.scratch();
        OnnxTensor input = tensor(symbols, 4);
        OrtSession.Result result = runtime.run(Map.of("input", input))) {
      assertSame(network.forward(session.indices(symbols), Mode.EVALUATE), result, 0);
    }
  }

  @Test
  void charLstm() throws Exception {
    CharLstm model = CharLstm.create(session, new CharLstmSpec(65, 16, 32, 2, 0.1), 1);
    Onnx.write(file(), model, Map.of("vocabulary", "…"));
    try (OrtSession runtime = open()) {
      assertEquals("…", runtime.getMetadata().getCustomMetadata().get("vocabulary"));
      for (int batch : BATCHES) {
        check(model, runtime, batch);
      }
    }
  }

  /** Two pieces of text, the second from the state that the first has left. */
  private void check(CharLstm model, OrtSession runtime, int batch) throws OrtException {
    int steps = 4;
    int[] symbols = IntStream.range(0, steps * batch).map(i -> i * 17 % 65).toArray();
    int[] shape = {2, batch, 32};
    float[] hidden = new float[2 * batch * 32];
    float[] cell = new float[2 * batch * 32];
    RecurrentState state = model.newState(batch);
    for (int piece = 0; piece < 2; piece++) {
      Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
      inputs.put("symbols", tensor(symbols, steps, batch));
      inputs.put("hidden", tensor(hidden, shape));
      inputs.put("cell", tensor(cell, shape));
      try (var scope = session.scratch();
          OrtSession.Result result = runtime.run(inputs)) {
        Tensor x = session.indices(symbols);
        Tensor y = model.forward(x, steps, batch, state, Mode.EVALUATE);
        assertSame(y.reshape(steps, batch, 65), result, 0);
        ((OnnxTensor) result.get(1)).getFloatBuffer().get(hidden);
        ((OnnxTensor) result.get(2)).getFloatBuffer().get(cell);
      }
    }
    state.close();
    assertEquals(List.of("log_probabilities", "hidden_out", "cell_out"), names(runtime));
  }

  private static List<String> names(OrtSession runtime) {
    return List.copyOf(runtime.getOutputNames());
  }
}

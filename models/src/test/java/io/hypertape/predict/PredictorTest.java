package io.hypertape.predict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.autodiff.Tensor;
import io.hypertape.io.SafetensorsException;
import io.hypertape.models.Activation;
import io.hypertape.models.CharLstm;
import io.hypertape.models.CharLstmSpec;
import io.hypertape.models.Cnn;
import io.hypertape.models.CnnSpec;
import io.hypertape.models.Dense;
import io.hypertape.models.FeedForward;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.models.Mode;
import io.hypertape.models.Network;
import io.hypertape.models.ParameterFactory;
import io.hypertape.models.ResNet;
import io.hypertape.models.ResNetSpec;
import io.hypertape.run.Checkpoint;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a predictor computes, and what it refuses. */
class PredictorTest {

  private final Session session = Session.open(SessionOptions.of(Device.CPU).withThreads(1));

  @TempDir private Path folder;

  @AfterEach
  void close() {
    session.close();
  }

  static float[] numbers(int n) {
    Random random = new Random(n);
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static float[] forward(
      Session session, UnaryOperator<Tensor> function, float[] values, int... shape) {
    return session.scoped(() -> function.apply(session.tensor(values, shape)).toFloats());
  }

  private Network model(String family) {
    return switch (family) {
      // An output of 10 columns and one of a whole number of vectors.
      case "mlp" -> Mlp.create(session, MlpSpec.tanh(33, 512, 10), 1);
      case "feed-forward" -> FeedForward.create(session, MlpSpec.relu(33, 40, 10), 1);
      case "cnn" -> Cnn.create(session, new CnnSpec(1, 8, 8, 10), 1);
      default -> {
        ResNet model = ResNet.create(session, new ResNetSpec(8, 3, 10), 1);
        session.scoped( // running statistics that are not those of a fresh model
            () -> {
              model.forward(session.tensor(numbers(4 * 192), 4, 3, 8, 8), Mode.TRAIN);
            });
        yield model;
      }
    };
  }

  /** The model's own bits, of any number of examples, however they are parted. */
  @ParameterizedTest
  @ValueSource(strings = {"mlp", "feed-forward", "cnn", "resnet"})
  void theBitsAreTheModels(String family) {
    Network model = model(family);
    var options = PredictorOptions.DEFAULTS.withLanes(2).withBatch(8);
    if (family.equals("resnet")) {
      options = options.withExample(3, 8, 8);
    }
    try (Predictor predictor = Predictor.of(model, options)) {
      assertEquals(10, predictor.outputs());
      int size = predictor.inputs();
      for (int n : new int[] {1, 1, 1, 2, 3, 7, 8, 9, 29, 63}) {
        int[] shape = new int[predictor.inputShape().size() + 1];
        Arrays.setAll(shape, k -> k == 0 ? n : predictor.inputShape().get(k - 1));
        float[] x = numbers(n * size);
        float[] expected = forward(session, t -> model.forward(t, Mode.EVALUATE), x, shape);
        assertArrayEquals(expected, predictor.predict(x, n), n + " examples");
        float[] into = new float[n * 10];
        predictor.predict(x, n, into);
        assertArrayEquals(expected, into);
        for (int i = 0; i < n; i++) {
          float[] one = predictor.predict(Arrays.copyOfRange(x, i * size, (i + 1) * size));
          assertArrayEquals(Arrays.copyOfRange(expected, i * 10, (i + 1) * 10), one);
        }
      }
      assertArrayEquals(new float[0], predictor.predict(new float[0], 0));
    }
  }

  @Test
  void buffersAndSegmentsGiveTheSame() {
    Mlp model = Mlp.create(session, MlpSpec.tanh(7, 5, 3), 1);
    try (Predictor predictor = Predictor.of(model, PredictorOptions.DEFAULTS.withBatch(4));
        Arena arena = Arena.ofConfined()) {
      float[] x = numbers(9 * 7);
      float[] expected = predictor.predict(x, 9);
      FloatBuffer out = FloatBuffer.allocate(40).position(2).limit(29);
      FloatBuffer in =
          ByteBuffer.allocateDirect(4 * x.length)
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer()
              .put(x)
              .flip();
      predictor.predict(in.asReadOnlyBuffer(), 9, out);
      float[] got = new float[27];
      out.get(got);
      assertArrayEquals(expected, got);
      MemorySegment segment = arena.allocateFrom(ValueLayout.JAVA_FLOAT, x);
      MemorySegment results = arena.allocate(4 * 27);
      predictor.predict(segment, 9, results);
      assertArrayEquals(expected, results.toArray(ValueLayout.JAVA_FLOAT));
      FloatBuffer foreign = ByteBuffer.allocate(4 * x.length).asFloatBuffer();
      if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
        refused("byte order", () -> predictor.predict(foreign, 9, out));
      }
      refused("read-only", () -> predictor.predict(segment, 9, results.asReadOnly()));
      refused("104 bytes, and 4 × 9 × 3", () -> predictor.predict(segment, 9, results.asSlice(4)));
    }
  }

  private static void refused(String why, Runnable call) {
    var e = assertThrows(IllegalArgumentException.class, call::run);
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }

  @Test
  void wrongLengthsAreToldWithWhatFits() {
    Mlp model = Mlp.create(session, MlpSpec.tanh(7, 3), 1);
    try (Predictor predictor = Predictor.of(model)) {
      refused(
          "examples has 6 numbers, and 1 × 7 are needed; an example has the shape [7], its result 3",
          () -> predictor.predict(new float[6]));
      refused("2 × 7", () -> predictor.predict(new float[15], 2));
      refused("-1 × 7", () -> predictor.predict(new float[0], -1));
      refused("into has 4", () -> predictor.predict(new float[7], 1, new float[4]));
    }
  }

  /** NaN stays in its row. */
  @Test
  void anExampleThatIsNotFiniteSpoilsNoOther() {
    Mlp model = Mlp.create(session, MlpSpec.tanh(7, 5, 3), 1);
    try (Predictor predictor = Predictor.of(model)) {
      float[] x = numbers(14);
      float[] second = predictor.predict(Arrays.copyOfRange(x, 7, 14));
      x[3] = Float.NaN;
      float[] both = predictor.predict(x, 2);
      assertTrue(Float.isNaN(both[0]));
      assertArrayEquals(second, Arrays.copyOfRange(both, 3, 6));
    }
  }

  /** What a function makes of constants, of its session's tensors, with pieces that are written. */
  @Test
  void anyFunctionOfATensorIsServed() {
    var factory = new ParameterFactory(session, 1);
    Dense dense = Dense.create(factory, "dense", 6, 32, Activation.RELU);
    Tensor mask = session.tensor(numbers(32), 32);
    UnaryOperator<Tensor> function =
        x -> {
          Tensor rows = session.tensor(new float[] {1, 2, 3, 4, 5, 6}, 6).mul(2);
          Tensor h = dense.forward(x.reshape(-1, 6).add(rows).mul(0.5), Mode.EVALUATE);
          Tensor wide = h.mul(mask.square()).slice(1, 3, 20).pad(1, 2, 1);
          Tensor rest = h.slice(1, 20, 32).square().sumKeepDims(1).broadcastTo(h.shape()[0], 20);
          return wide.exp().add(rest).sub(h.max(1).reshape(-1, 1)).reshape(-1, 4, 5);
        };
    float[] before = forward(session, x -> mask, new float[1], 1);
    try (Predictor predictor =
        Predictor.of(session, function, PredictorOptions.DEFAULTS.withExample(2, 3))) {
      assertEquals(20, predictor.outputs());
      for (int n : new int[] {1, 1, 5, 1, 32}) {
        float[] x = numbers(6 * n);
        assertArrayEquals(forward(session, function, x, n, 2, 3), predictor.predict(x, n));
      }
      // The session is as it was, and what changes there is not the predictor's.
      float[] x = numbers(6);
      float[] expected = predictor.predict(x);
      dense.weight().set(new float[6 * 32]);
      assertArrayEquals(expected, predictor.predict(x));
      assertArrayEquals(before, forward(session, y -> mask, new float[1], 1));
    }
    assertEquals(3, session.scoped(() -> session.scalar(1).add(2).item()));
  }

  /** Weights that are read by a dense layer and in another way lie as they did. */
  @Test
  void sharedWeightsServe() {
    var factory = new ParameterFactory(session, 1);
    Dense first = Dense.create(factory, "first", 16, 16, Activation.TANH);
    Dense tied = Dense.tied(factory, "tied", first.weight(), Activation.NONE);
    UnaryOperator<Tensor> function =
        x -> {
          Tensor scale = first.weight().value().softmax(1).sum(0);
          return tied.forward(first.forward(x, Mode.EVALUATE).mul(scale), Mode.EVALUATE);
        };
    try (Predictor predictor =
        Predictor.of(session, function, PredictorOptions.DEFAULTS.withExample(16))) {
      float[] x = numbers(16 * 5);
      assertArrayEquals(forward(session, function, x, 5, 16), predictor.predict(x, 5));
    }
  }

  /** Scales, shifts, what is added and relu are one step where nobody needs what is between. */
  @Test
  void scalingIsFusedInTheSameBits() {
    Tensor scale = session.tensor(numbers(3), 3, 1, 1);
    Tensor shift = session.tensor(new float[] {1, -1, 0.5f}, 3, 1, 1);
    List<UnaryOperator<Tensor>> functions =
        List.of(
            x -> x.mul(scale).add(shift),
            x -> x.mul(scale).add(shift).relu(),
            x -> shift.add(scale.mul(x)).add(x.square()).relu().mul(2),
            x -> x.square().add(x.mul(scale).add(shift)).relu(),
            x -> x.mul(scale).add(shift).add(x).tanh(),
            x -> {
              Tensor product = x.mul(scale);
              return product.add(shift).relu().add(product);
            },
            x -> {
              Tensor sum = x.mul(scale).add(shift);
              return sum.relu().add(sum);
            },
            x -> x.mul(scale).add(x.mul(scale)).relu(),
            x -> x.mul(x).add(shift).relu(),
            x -> x.mul(scale).add(shift.mul(x)).relu());
    for (int[] shape : new int[][] {{3, 4, 5}, {3, 8, 8}, {3, 1, 2}}) {
      for (UnaryOperator<Tensor> function : functions) {
        try (Predictor predictor =
            Predictor.of(session, function, PredictorOptions.DEFAULTS.withExample(shape))) {
          for (int n : new int[] {1, 1, 3, 3}) {
            float[] x = numbers(n * predictor.inputs());
            float[] expected = forward(session, function, x, n, shape[0], shape[1], shape[2]);
            assertArrayEquals(expected, predictor.predict(x, n));
          }
        }
      }
    }
  }

  @Test
  void whatIsNoPredictionIsRefused() {
    var options = PredictorOptions.DEFAULTS.withExample(2);
    Buffer state = new Buffer("state", session.zeros(2));
    var e =
        assertThrows(
            IllegalStateException.class,
            () ->
                Predictor.of(
                    session,
                    x -> {
                      state.write(x.sum(0));
                      return x;
                    },
                    options));
    assertTrue(e.getMessage().contains("a state that is carried from call to call"));
    e =
        assertThrows(
            IllegalStateException.class,
            () -> Predictor.of(session, x -> x.mul(x.sum().item()), options));
    assertTrue(e.getMessage().contains("on the way (item, toFloats)"), e.getMessage());
    refused("the first axis", () -> Predictor.of(session, Tensor::sum, options));
    refused("the first axis", () -> Predictor.of(session, x -> x.matmul(x.transpose()), options));
    Tensor ones = session.ones(1, 2);
    refused("whatever the input", () -> Predictor.of(session, x -> ones, options.withBatch(1)));
    refused("withExample", () -> Predictor.of(session, x -> x, PredictorOptions.DEFAULTS));
    assertArrayEquals(new double[2], state.toDoubles());
    refused("withExample", () -> Predictor.of(ResNet.cifar(session, 8, 10, 1)));
    Mlp mlp = Mlp.create(session, MlpSpec.tanh(2, 2), 1);
    refused("[3] for a model of [2]", () -> Predictor.of(mlp, options.withExample(3)));
    refused(
        "on the cpu backend in F32, and the options ask for reference in F64",
        () -> Predictor.of(mlp, options.withSession(SessionOptions.of(Device.REFERENCE))));
  }

  @Test
  void aFileIsServed() throws IOException {
    Path file = folder.resolve("model.safetensors");
    Mlp model = Mlp.create(session, MlpSpec.tanh(7, 5, 3), 1);
    Checkpoint.write(file, model, Map.of());
    float[] x = numbers(7);
    float[] expected = forward(session, t -> model.forward(t, Mode.EVALUATE), x, 1, 7);
    try (Predictor predictor = Predictor.open(file)) {
      assertArrayEquals(expected, predictor.predict(x));
      assertTrue(predictor.description().startsWith("cpu backend"), predictor.description());
    }
    CharLstm lstm = CharLstm.create(session, new CharLstmSpec(5, 2, 3, 1, 0), 1);
    Checkpoint.write(file, lstm, Map.of());
    var e = assertThrows(SafetensorsException.class, () -> Predictor.open(file));
    assertTrue(e.getMessage().contains("char-lstm, which carries a state"), e.getMessage());
  }

  /** Another backend has one lane, and its own numbers. */
  @Test
  void theReferenceServesToo() {
    var on = SessionOptions.of(Device.REFERENCE);
    try (Session other = Session.open(on)) {
      Mlp model = Mlp.create(other, MlpSpec.tanh(7, 5, 3), 1);
      var options = PredictorOptions.DEFAULTS.withSession(on);
      float[] x = numbers(28);
      float[] expected = forward(other, t -> model.forward(t, Mode.EVALUATE), x, 4, 7);
      try (Predictor predictor = Predictor.of(model, options)) {
        assertArrayEquals(expected, predictor.predict(x, 4));
        assertArrayEquals(expected, predictor.predict(x, 4));
        assertTrue(predictor.description().endsWith("; 1 call at a time"));
      }
      refused("lanes is 2", () -> Predictor.of(model, options.withLanes(2)));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SCALAR", "AUTO"})
  void kernelsAndThreadsMakeNoDifference(SessionOptions.Simd simd) {
    Mlp model = Mlp.create(session, MlpSpec.tanh(784, 200, 10), 1);
    float[] x = numbers(63 * 784);
    float[] expected = forward(session, t -> model.forward(t, Mode.EVALUATE), x, 63, 784);
    var on = SessionOptions.of(Device.CPU).withThreads(2).withSimd(simd);
    try (Predictor predictor =
        Predictor.of(model, PredictorOptions.DEFAULTS.withSession(on).withBatch(63))) {
      assertArrayEquals(expected, predictor.predict(x, 63));
    }
  }

  @Test
  void warmingUpEndsInTime() {
    Mlp model = Mlp.create(session, MlpSpec.tanh(7, 5, 3), 1);
    long begin = System.nanoTime();
    try (Predictor predictor =
        Predictor.of(model, PredictorOptions.DEFAULTS.withWarmUp(Duration.ofMillis(100)))) {
      assertTrue(System.nanoTime() - begin >= 100_000_000);
      assertEquals(3, predictor.predict(new float[7]).length);
    }
  }

  @Test
  void optionsAreChecked() {
    var o = PredictorOptions.DEFAULTS;
    refused("lanes is -1", () -> o.withLanes(-1));
    refused("batch is 0", () -> o.withBatch(0));
    refused("example is [3, 0]", () -> o.withExample(3, 0));
    refused("warmUp is PT-1S", () -> o.withWarmUp(Duration.ofSeconds(-1)));
    refused("most is 0", () -> new Batching(0, Duration.ZERO));
    refused("delay is PT2M", () -> new Batching(2, Duration.ofMinutes(2)));
    assertEquals(List.of(3, 8, 8), o.withExample(3, 8, 8).example());
  }

  @Test
  void batchesAreFilledOrNearlySo() {
    var form = new ExampleForm(List.of(1), 1, 1, ExampleForm.batches(20));
    assertArrayEquals(new int[] {1, 2, 4, 8, 16, 20}, form.batches());
    assertArrayEquals(new int[] {1}, ExampleForm.batches(1));
    int[] sizes =
        java.util.stream.IntStream.of(1, 2, 3, 4, 6, 7, 12, 13, 15, 16, 20, 90)
            .map(n -> form.batches()[form.batchFor(n)])
            .toArray();
    assertArrayEquals(new int[] {1, 2, 2, 4, 4, 8, 8, 16, 16, 20, 20, 20}, sizes);
  }
}

package io.hypertape.house;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.DropoutCounter;
import io.hypertape.autodiff.FusedOp;
import io.hypertape.autodiff.GradientCheck;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.ParameterMap;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.autodiff.Tape;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.TensorAlgebra;
import io.hypertape.autodiff.TensorArithmetic;
import io.hypertape.autodiff.TensorComparison;
import io.hypertape.autodiff.TensorReading;
import io.hypertape.autodiff.TensorReduction;
import io.hypertape.autodiff.TensorSource;
import io.hypertape.autodiff.TensorViews;
import io.hypertape.autodiff.backend.BlasChoice;
import io.hypertape.cli.spi.Interrupt;
import io.hypertape.cli.spi.ProgressBar;
import io.hypertape.data.Augmentation;
import io.hypertape.data.Batches;
import io.hypertape.data.DataSplit;
import io.hypertape.data.LabeledImages;
import io.hypertape.data.Normalization;
import io.hypertape.data.Preparation;
import io.hypertape.data.TextCorpus;
import io.hypertape.data.Vocabulary;
import io.hypertape.io.FloatArray;
import io.hypertape.io.Safetensors;
import io.hypertape.io.SafetensorsFile;
import io.hypertape.io.guard.FileKind;
import io.hypertape.io.onnx.Onnx;
import io.hypertape.io.onnx.OnnxGraph;
import io.hypertape.io.onnx.OnnxLayer;
import io.hypertape.io.onnx.OnnxModel;
import io.hypertape.io.onnx.OnnxNode;
import io.hypertape.models.Activation;
import io.hypertape.models.AveragePool2d;
import io.hypertape.models.BatchNorm2d;
import io.hypertape.models.CharLstm;
import io.hypertape.models.CharLstmSpec;
import io.hypertape.models.Classifier;
import io.hypertape.models.Cnn;
import io.hypertape.models.CnnSpec;
import io.hypertape.models.Conv2d;
import io.hypertape.models.Dense;
import io.hypertape.models.Dropout;
import io.hypertape.models.Embedding;
import io.hypertape.models.FeedForward;
import io.hypertape.models.Flatten;
import io.hypertape.models.GlobalAveragePool;
import io.hypertape.models.Gru;
import io.hypertape.models.Initializer;
import io.hypertape.models.Lstm;
import io.hypertape.models.MaxPool2d;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.models.Mode;
import io.hypertape.models.PaddedShortcut;
import io.hypertape.models.ParameterFactory;
import io.hypertape.models.RecurrentState;
import io.hypertape.models.ResNet;
import io.hypertape.models.ResNetSpec;
import io.hypertape.models.Residual;
import io.hypertape.models.Sampler;
import io.hypertape.models.Sequential;
import io.hypertape.optim.Sgd;
import io.hypertape.optim.Tower;
import io.hypertape.plots.DotPlot;
import io.hypertape.plots.Figure;
import io.hypertape.plots.Series;
import io.hypertape.predict.Batching;
import io.hypertape.predict.Predictor;
import io.hypertape.predict.PredictorOptions;
import io.hypertape.run.Checkpoint;
import io.hypertape.run.CoolDown;
import io.hypertape.run.Evaluation;
import io.hypertape.run.LanguageTrainer;
import io.hypertape.run.RunState;
import io.hypertape.run.Score;
import io.hypertape.run.TextEvaluation;
import io.hypertape.run.TextGenerator;
import io.hypertape.run.Trainer;
import io.hypertape.run.TrainingListener;
import io.hypertape.run.TrainingOptions;
import io.hypertape.run.folder.MetricsCsv;
import io.hypertape.run.folder.RunFolder;
import io.hypertape.tensor.Convolution;
import io.hypertape.tensor.Pooling;
import io.hypertape.trace.ReferenceTrace;
import io.hypertape.trace.TraceReport;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Array;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** A value of each type that public methods take or belong to, to call them with. */
final class Samples implements AutoCloseable {

  private final Path folder;
  private final Session session;
  private final Tape tape;
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final Map<Class<?>, Object> values = new HashMap<>();

  Samples(Path folder) throws Exception {
    this(folder, Session.open(Device.REFERENCE));
  }

  /** Of a session that is closed with them. */
  Samples(Path folder, Session session) throws Exception {
    this.folder = folder;
    this.session = session;
    this.tape = session.tape();
    host();
    tensors();
    data();
    models();
    onnx();
    OptimizerSamples.put(this, session);
    runs();
    TrainingSamples.put(this);
  }

  <T> void put(Class<? super T> type, T value) {
    values.put(type, value);
    if (value instanceof AutoCloseable closeable) {
      opened.add(closeable);
    }
  }

  private void host() {
    put(String.class, "x");
    put(int.class, 1);
    put(long.class, 1L);
    put(double.class, 0.5);
    put(float.class, 0.5f);
    put(char.class, (char) 0);
    put(boolean.class, false);
    put(Path.class, folder.resolve("file"));
    put(List.class, List.of());
    put(Map.class, Map.of());
    put(Set.class, Set.of());
    put(Optional.class, Optional.empty());
    put(MemorySegment.class, MemorySegment.ofArray(new double[1]));
    put(FloatBuffer.class, FloatBuffer.allocate(1));
    put(DoubleBuffer.class, DoubleBuffer.allocate(1));
    values.put(PrintStream.class, new PrintStream(OutputStream.nullOutputStream()));
    put(IntBuffer.class, IntBuffer.allocate(1));
  }

  private void tensors() {
    Tensor tensor = session.ones(1, 1);
    values.put(Session.class, session);
    values.put(TensorSource.class, session);
    values.put(Tape.class, tape);
    values.put(Scope.class, tape);
    put(Tensor.class, tensor);
    put(TensorArithmetic.class, tensor);
    put(TensorAlgebra.class, tensor);
    put(TensorComparison.class, tensor);
    put(TensorReading.class, tensor);
    put(TensorReduction.class, tensor);
    put(TensorViews.class, tensor);
    put(Parameter.class, new Parameter("w", session.ones(1)));
    put(Collection.class, List.of());
    put(ParameterMap.class, ParameterMap.of(List.of(), unused -> tensor));
    put(Buffer.class, new Buffer("state", session.ones(1)));
    put(SessionOptions.class, SessionOptions.of(Device.REFERENCE));
    put(BlasChoice.class, BlasChoice.OFF);
    put(Interrupt.class, new Interrupt());
    put(DropoutCounter.class, new DropoutCounter(session, 1));
    put(GradientCheck.class, new GradientCheck(session, List::getFirst));
    put(FusedOp.class, FusedOp.of("sample", in -> in));
    put(Convolution.class, Convolution.of(1, 0));
    put(Pooling.class, Pooling.of(1));
  }

  private void data() throws IOException {
    LabeledImages images = new LabeledImages("one", 1, 1, 1, 2, new byte[1], new byte[] {1});
    put(LabeledImages.class, images);
    put(DataSplit.class, new DataSplit("one", images, images));
    put(Normalization.class, Normalization.none(1));
    put(Augmentation.class, Augmentation.NONE);
    put(Preparation.class, Preparation.none(1));
    put(Batches.class, new Batches(images, 1, Batches.LastBatch.KEEP));
    put(
        TextCorpus.class,
        TextCorpus.load(Files.writeString(folder.resolve("text"), "abcdefghij".repeat(9))));
    put(Vocabulary.class, Vocabulary.ofCharacters("a\uFFFD"));
    FloatArray array = new FloatArray(new int[] {1}, new float[1]);
    Safetensors safetensors = new Safetensors(Map.of("x", array), Map.of());
    Path file = folder.resolve("x.safetensors");
    safetensors.write(file);
    put(FloatArray.class, array);
    put(Safetensors.class, safetensors);
    put(SafetensorsFile.class, SafetensorsFile.open(file));
    put(FileKind.class, FileKind.of(new byte[0]).orElseThrow());
  }

  private void models() {
    ParameterFactory factory = new ParameterFactory(session, 1);
    put(ParameterFactory.class, factory);
    put(MlpSpec.class, MlpSpec.tanh(1, 2));
    put(FeedForward.class, FeedForward.of(factory, MlpSpec.tanh(1, 2)));
    put(CnnSpec.class, new CnnSpec(1, 4, 4, 2));
    put(ResNetSpec.class, new ResNetSpec(8, 1, 2));
    put(CharLstmSpec.class, new CharLstmSpec(2, 1, 1, 1, 0));
    put(Mlp.class, Mlp.of(factory, MlpSpec.tanh(1, 2)));
    put(Cnn.class, Cnn.of(factory, new CnnSpec(1, 4, 4, 2)));
    put(ResNet.class, ResNet.of(factory, new ResNetSpec(8, 1, 2)));
    CharLstm charLstm = CharLstm.of(factory, new CharLstmSpec(2, 1, 1, 1, 0));
    put(CharLstm.class, charLstm);
    put(RecurrentState.class, charLstm.state(Mode.EVALUATE, 1));
    put(AveragePool2d.class, new AveragePool2d(Pooling.of(1)));
    put(MaxPool2d.class, MaxPool2d.of(1));
    put(GlobalAveragePool.class, new GlobalAveragePool());
    put(BatchNorm2d.class, BatchNorm2d.create(factory, "bn", 1));
    put(Conv2d.class, Conv2d.create(factory, "conv", 1, 1, 1, Convolution.of(1, 0)));
    put(Dense.class, Dense.create(factory, "dense", 1, 1, Activation.NONE));
    put(Dropout.class, Dropout.create(factory, 0.5));
    put(Embedding.class, Embedding.create(factory, "embedding", 1, 1));
    put(Flatten.class, new Flatten());
    put(Gru.class, Gru.create(factory, "gru", 1, 1, 1, 0));
    put(Lstm.class, Lstm.create(factory, "lstm", 1, 1, 1, 0));
    put(PaddedShortcut.class, new PaddedShortcut(1, 0, 0));
    put(Residual.class, new Residual(new Flatten(), new Flatten(), Activation.NONE));
    put(Sequential.class, Sequential.of(new Flatten()));
    put(Initializer.class, Initializer.constant(1));
    put(Sampler.class, new Sampler(1, 1));
  }

  /** A graph and a node are there while a layer of one's own is written. */
  private void onnx() throws IOException {
    OnnxLayer layer =
        new OnnxLayer() {
          @Override
          public String addTo(OnnxGraph graph, String input) {
            put(OnnxGraph.class, graph);
            put(OnnxNode.class, graph.node("Identity", input));
            return input;
          }

          @Override
          public Tensor forward(Tensor input, Mode mode) {
            return input;
          }

          @Override
          public List<Parameter> parameters() {
            return List.of();
          }
        };
    Path file = folder.resolve("x.onnx");
    Onnx.write(file, layer, 1);
    put(OnnxLayer.class, layer);
    put(OnnxModel.class, Onnx.read(session, file));
  }

  private void runs() throws Exception {
    TrainingListener silent = new TrainingListener() {};
    TrainingOptions options = new TrainingOptions(1, 1, 1);
    put(TrainingListener.class, silent);
    put(TrainingOptions.class, options);
    put(CoolDown.class, CoolDown.atTheEnd(1));
    put(DotPlot.class, new DotPlot("title", "axis", List.of()));
    put(Figure.class, new Figure("title", "x", "y"));
    put(Series.class, new Series("s", new double[1], new double[1]));
    put(MetricsCsv.class, new MetricsCsv(folder.resolve("metrics.csv"), List.of("x")));
    put(RunFolder.class, RunFolder.create(folder.resolve("run")));
    put(Score.class, new Evaluation(1, 0, 0));
    put(Evaluation.class, new Evaluation(1, 0, 0));
    put(Checkpoint.class, new Checkpoint(of(Mlp.class), Map.of()));
    PredictorOptions serving = PredictorOptions.DEFAULTS.withSession(of(SessionOptions.class));
    put(PredictorOptions.class, serving);
    put(Duration.class, Duration.ZERO);
    put(Batching.class, Batching.NONE);
    put(Classifier.class, of(Mlp.class));
    put(Predictor.class, Predictor.of(of(Mlp.class), serving));
    put(ProgressBar.class, new ProgressBar(of(PrintStream.class), false, "steps", 1));
    put(TextEvaluation.class, new TextEvaluation(1, 0));
    put(
        ReferenceTrace.class,
        new ReferenceTrace(
            "trace",
            MlpSpec.tanh(1, 2),
            Map.of(),
            of(Tower.class),
            List.of(),
            List.of(),
            List.of(),
            Map.of()));
    put(TraceReport.Tolerance.class, TraceReport.Tolerance.FLOAT32);
    put(
        Trainer.class,
        new Trainer(session, of(Mlp.class), of(DataSplit.class)).options(options).listener(silent));
    CharLstm model =
        CharLstm.of(new ParameterFactory(session, 1), new CharLstmSpec(11, 1, 1, 1, 0));
    TextCorpus corpus = of(TextCorpus.class);
    put(
        LanguageTrainer.class,
        new LanguageTrainer(session, model, corpus).options(options).unroll(1).listener(silent));
    put(TextGenerator.class, new TextGenerator(session, of(CharLstm.class), of(Vocabulary.class)));
    put(RunState.class, state(options));
  }

  private RunState state(TrainingOptions options) throws IOException {
    List<RunState> states = new ArrayList<>();
    try (Session own = Session.open(Device.REFERENCE)) {
      Mlp model = Mlp.create(own, MlpSpec.tanh(1, 2), 1);
      TrainingListener keeper =
          new TrainingListener() {
            @Override
            public void checkpoint(Supplier<RunState> state) {
              states.add(state.get());
            }
          };
      new Trainer(own, model, of(DataSplit.class))
          .options(options)
          .listener(keeper)
          .run(new Sgd(0.1).tower());
    }
    return states.getFirst();
  }

  <T> T of(Class<T> type) {
    return type.cast(values.get(type));
  }

  /** A value of a type; empty if there is none. */
  Optional<Object> find(Class<?> type) {
    if (values.containsKey(type)) {
      return Optional.of(values.get(type));
    }
    if (type.isEnum()) {
      return Optional.of(type.getEnumConstants()[0]);
    }
    if (type.isArray()) {
      Object array = Array.newInstance(type.getComponentType(), 1);
      Optional<Object> element = find(type.getComponentType());
      if (element.isPresent() && !type.getComponentType().isPrimitive()) {
        Array.set(array, 0, element.get());
      }
      return Optional.of(array);
    }
    if (type.isInterface() && !type.isSealed()) {
      return Optional.of(Proxies.idle(type));
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    opened
        .reversed()
        .forEach(
            closeable ->
                unchecked(
                    () -> {
                      closeable.close();
                      return null;
                    }));
    tape.close();
    session.close();
  }

  private static void unchecked(Callable<?> work) {
    try {
      work.call();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}

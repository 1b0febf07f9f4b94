package io.hypertape.benchmarks.peers;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.io.FloatArray;
import io.hypertape.io.Safetensors;
import io.hypertape.io.onnx.Onnx;
import io.hypertape.models.CharLstm;
import io.hypertape.models.CharLstmSpec;
import io.hypertape.models.Classifier;
import io.hypertape.models.Cnn;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.models.Mode;
import io.hypertape.models.Model;
import io.hypertape.models.RecurrentState;
import io.hypertape.models.ResNet;
import io.hypertape.predict.Predictor;
import io.hypertape.predict.PredictorOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;

/** A model of ours in {@link Mode#EVALUATE} with one input that lies ready on the host. */
final class ForwardPass {

  private static final int SYMBOLS = 90;

  /** Forward passes in training that move running statistics from where they begin. */
  private static final int PASSES = 3;

  private final Session session;
  private final Model model;
  private final Workload.Values input;
  private final UnaryOperator<Tensor> forward;
  private Runnable begin = () -> {};

  private ForwardPass(
      Session session, Model model, Workload.Values input, UnaryOperator<Tensor> forward) {
    this.session = session;
    this.model = model;
    this.input = input;
    this.forward = forward;
  }

  /** Of a case, with weights and an input that are the same each time. */
  static ForwardPass of(PredictionCase which, Session session) {
    int batch = which.batch();
    return switch (which.model()) {
      case StepCase.MLP ->
          of(session, Mlp.create(session, MlpSpec.tanh(784, 128, 10), 1), batch, 784);
      case PredictionCase.CNN -> of(session, Cnn.mnist(session, 10, 1), batch, 1, 28, 28);
      case StepCase.RESNET20 -> of(session, ResNet.cifar(session, 20, 10, 1), batch, 3, 32, 32);
      case StepCase.CHAR_LSTM -> charLstm(session, batch);
      default ->
          throw new IllegalArgumentException(
              "model is '" + which.model() + "'; mlp, cnn, resnet20, char-lstm fit");
    };
  }

  private static <M extends Model & Classifier> ForwardPass of(
      Session session, M model, int... shape) {
    int size = 1;
    for (int length : shape) {
      size *= length;
    }
    Random random = new Random(1);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < PASSES && !model.buffers().isEmpty(); i++) {
      session.scoped(
          () -> {
            model.forward(session.tensor(values, shape), Mode.TRAIN);
          });
    }
    return new ForwardPass(
        session,
        model,
        new Workload.Values(values, new int[0], shape),
        x -> model.forward(x, Mode.EVALUATE));
  }

  /** At the beginning of texts: of other states the output would be another in each call. */
  private static ForwardPass charLstm(Session session, int batch) {
    CharLstm model = CharLstm.create(session, CharLstmSpec.of(SYMBOLS), 1);
    RecurrentState state = model.newState(batch);
    int count = PredictionCase.TEXT * batch;
    ForwardPass pass =
        new ForwardPass(
            session,
            model,
            new Workload.Values(new float[0], new Random(1).ints(count, 0, SYMBOLS).toArray()),
            x -> model.forward(x, PredictionCase.TEXT, batch, state, Mode.EVALUATE));
    pass.begin = state::reset;
    return pass;
  }

  /** As a program predicts: the input is copied to a tensor, the output to an array. */
  float[] predict() {
    begin.run();
    return session.scoped(() -> forward.apply(input.tensor(session)).toFloats());
  }

  /** The same pass for services; the model must carry no state. */
  Predictor predictor(PredictorOptions options) {
    int[] shape = input.shape();
    return Predictor.of(
        (Classifier) model, options.withExample(Arrays.copyOfRange(shape, 1, shape.length)));
  }

  /** The input. */
  float[] numbers() {
    return input.floats();
  }

  /** Puts things where {@link #output} begins. */
  void begin() {
    begin.run();
  }

  Tensor output(Tensor x) {
    return forward.apply(x);
  }

  /** A tensor of the input in the current scope. */
  Tensor input() {
    return input.tensor(session);
  }

  /** Copies the input to a tensor that is there. */
  void overwrite(Tensor x) {
    if (input.floats().length > 0) {
      session.overwrite(x, input.floats());
    } else {
      session.overwrite(x, input.indices());
    }
  }

  /** Where the model lies as an ONNX file, beside the other one. */
  static Path graph(Path file) {
    return Path.of(file + ".onnx");
  }

  /**
   * Writes weights, running statistics, the input and what is to come out; and, if it is served,
   * the model as an ONNX file.
   */
  void write(Path file, float[] output) throws IOException {
    Map<String, FloatArray> tensors = new LinkedHashMap<>();
    for (Parameter parameter : model.parameters()) {
      tensors.put(parameter.name(), array(parameter.value()));
    }
    for (Buffer buffer : model.buffers()) {
      session.scoped(() -> tensors.put(buffer.name(), array(buffer.read())));
    }
    session.scoped(
        () -> {
          Tensor x = input();
          float[] values = new float[x.size()];
          for (int i = 0; i < values.length; i++) {
            values[i] = input.floats().length > 0 ? input.floats()[i] : input.indices()[i];
          }
          tensors.put("input", new FloatArray(x.shape(), values));
          tensors.put("output", new FloatArray(output(x).shape(), output));
        });
    new Safetensors(tensors, Map.of()).write(file);
    if (model instanceof Classifier classifier) {
      int[] shape = input.shape();
      Onnx.write(graph(file), classifier, Arrays.copyOfRange(shape, 1, shape.length));
    }
  }

  private static FloatArray array(Tensor tensor) {
    return new FloatArray(tensor.shape(), tensor.toFloats());
  }
}

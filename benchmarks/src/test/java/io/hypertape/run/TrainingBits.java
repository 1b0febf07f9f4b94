package io.hypertape.run;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.autodiff.Tensor;
import io.hypertape.models.Activation;
import io.hypertape.models.CharLstm;
import io.hypertape.models.CharLstmSpec;
import io.hypertape.models.Classifier;
import io.hypertape.models.Cnn;
import io.hypertape.models.CnnSpec;
import io.hypertape.models.Losses;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.models.Mode;
import io.hypertape.models.Model;
import io.hypertape.models.ResNet;
import io.hypertape.models.ResNetSpec;
import io.hypertape.optim.Input;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.optim.TrainingStep;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Run by {@link TrainingBitsTest}: whole trainings with the kernels and threads that it is given;
 * prints each one's last loss and the hash of its losses and weights.
 */
final class TrainingBits {

  private static final int BATCH = 21;
  private static final int CLASSES = 10;
  private static final int SYMBOLS = 30;

  private final SessionOptions options;

  private TrainingBits(SessionOptions options) {
    this.options = options;
  }

  public static void main(String[] args) {
    SessionOptions options =
        SessionOptions.of(Device.CPU)
            .withSimd(SessionOptions.Simd.valueOf(args[0]))
            .withThreads(Integer.parseInt(args[1]));
    new TrainingBits(options).run();
  }

  private void run() {
    images(
        "adam(1e-3)/sgd(1e-5)^2",
        25,
        session -> Mlp.create(session, MlpSpec.tanh(100, 70, CLASSES), 1),
        BATCH,
        100);
    images(
        "auto(sgd(mu=0.9)) schedule=decay(0.5, 40)",
        40,
        session ->
            Mlp.create(
                session,
                new MlpSpec(List.of(100, 33, 8), List.of(Activation.RELU, Activation.NONE)),
                1),
        2 * BATCH,
        100);
    images(
        "rmsprop(1e-3)/adagrad(1e-4)",
        4,
        session -> Cnn.create(session, new CnnSpec(2, 12, 20, CLASSES), 1),
        5,
        2,
        12,
        20);
    images(
        "sgd(0.1, mu=0.9)/sgd(1e-3)",
        3,
        session -> ResNet.create(session, new ResNetSpec(8, 3, CLASSES), 1),
        6,
        3,
        20,
        20);
    texts("adam(2e-3)", new CharLstmSpec(SYMBOLS, 20, 35, 2, 0.2));
  }

  private void images(
      String tower, int steps, Function<Session, Classifier> create, int batch, int... shape) {
    int[] whole = new int[shape.length + 1];
    whole[0] = batch;
    System.arraycopy(shape, 0, whole, 1, shape.length);
    int size = Arrays.stream(whole).reduce(1, Math::multiplyExact);
    Random random = new Random(7);
    try (Session session = Session.open(options);
        Classifier model = create.apply(session)) {
      train(
          Tower.parse(tower).bind(session, model.parameters()),
          steps,
          model,
          in -> Losses.nll(model.forward(in.get(0), Mode.TRAIN), in.get(1)),
          () -> {
            float[] pixels = new float[size];
            for (int i = 0; i < size; i++) {
              pixels[i] = random.nextFloat();
            }
            int[] labels = random.ints(batch, 0, model.classes()).toArray();
            return new Input[] {Input.floats(pixels, whole), Input.indices(labels)};
          });
    }
  }

  private void texts(String tower, CharLstmSpec spec) {
    Random random = new Random(8);
    try (Session session = Session.open(options);
        CharLstm model = CharLstm.create(session, spec, 1)) {
      train(
          Tower.parse(tower).bind(session, model.parameters()),
          6,
          model,
          in -> Losses.nll(model.forward(in.get(0), 9, 7, Mode.TRAIN), in.get(1)),
          () -> new Input[] {symbols(random), symbols(random)});
    }
  }

  private static Input symbols(Random random) {
    return Input.indices(random.ints(9 * 7, 0, SYMBOLS).toArray());
  }

  private static void train(
      TowerOptimizer optimizer,
      int steps,
      Model model,
      Function<List<Tensor>, Tensor> loss,
      Supplier<Input[]> batches) {
    try (optimizer) {
      TrainingStep step = optimizer.prepare(loss);
      double[] losses = new double[steps];
      for (int i = 0; i < steps; i++) {
        losses[i] = step.run(batches.get()).item();
      }
      int hash = Arrays.hashCode(losses);
      for (Parameter parameter : model.parameters()) {
        hash = 31 * hash + Arrays.hashCode(parameter.value().toFloats());
      }
      System.out.println(model.family() + " " + losses[steps - 1] + " " + hash);
    }
  }
}

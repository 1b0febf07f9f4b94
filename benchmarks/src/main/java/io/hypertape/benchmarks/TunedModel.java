package io.hypertape.benchmarks;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.models.CharLstm;
import io.hypertape.models.CharLstmSpec;
import io.hypertape.models.Losses;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.models.Mode;
import io.hypertape.models.ResNet;
import io.hypertape.models.ResNetSpec;
import io.hypertape.optim.Input;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A model that steps are taken of, with batches of random numbers that lie ready.
 *
 * @param parameters what is trained
 * @param loss of a batch's inputs
 * @param batches inputs of steps, taken in turn
 */
record TunedModel(
    List<Parameter> parameters, Function<List<Tensor>, Tensor> loss, List<Input[]> batches) {

  private static final int BATCHES = 8;
  private static final int SYMBOLS = 90;
  private static final int CLASSES = 10;

  /**
   * One of the study's sizes.
   *
   * @param name {@code mlp}: the paper's, batch 256; {@code char-lstm}: one layer of 96 units, 32
   *     texts of 32 symbols; {@code resnet20}: batches of 32 images of 3 × 32 × 32
   * @param session where it lives
   */
  static TunedModel of(String name, Session session) {
    Random random = new Random(1);
    return switch (name) {
      case "mlp" -> {
        Mlp model = Mlp.create(session, MlpSpec.tanh(784, 128, CLASSES), 1);
        yield new TunedModel(
            model.parameters(),
            in -> Losses.nll(model.forward(in.get(0), Mode.TRAIN), in.get(1)),
            batches(() -> images(random, 256, 784)));
      }
      case "char-lstm" -> {
        CharLstm model = CharLstm.create(session, new CharLstmSpec(SYMBOLS, 32, 96, 1, 0), 1);
        yield new TunedModel(
            model.parameters(),
            in -> Losses.nll(model.forward(in.get(0), 32, 32, Mode.TRAIN), in.get(1)),
            batches(() -> texts(random, 32 * 32)));
      }
      case "resnet20" -> {
        ResNet model = ResNet.create(session, new ResNetSpec(20, 3, CLASSES), 1);
        yield new TunedModel(
            model.parameters(),
            in -> Losses.nll(model.forward(in.get(0), Mode.TRAIN), in.get(1)),
            batches(() -> images(random, 32, 3, 32, 32)));
      }
      default ->
          throw new IllegalArgumentException(
              "model is '" + name + "'; mlp, char-lstm, resnet20 fit");
    };
  }

  private static List<Input[]> batches(Supplier<Input[]> batch) {
    return new ArrayList<>(Stream.generate(batch).limit(BATCHES).toList());
  }

  private static Input[] images(Random random, int... shape) {
    int size = 1;
    for (int length : shape) {
      size *= length;
    }
    float[] pixels = new float[size];
    for (int i = 0; i < size; i++) {
      pixels[i] = random.nextFloat();
    }
    return new Input[] {Input.floats(pixels, shape), indices(random, shape[0], CLASSES)};
  }

  private static Input[] texts(Random random, int symbols) {
    return new Input[] {indices(random, symbols, SYMBOLS), indices(random, symbols, SYMBOLS)};
  }

  private static Input indices(Random random, int count, int bound) {
    return Input.indices(random.ints(count, 0, bound).toArray());
  }
}

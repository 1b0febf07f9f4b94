package io.hypertape.benchmarks.peers;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.models.CharLstm;
import io.hypertape.models.CharLstmSpec;
import io.hypertape.models.Losses;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.models.Mode;
import io.hypertape.models.Model;
import io.hypertape.models.ResNet;
import io.hypertape.optim.Input;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/**
 * A model of ours with batches of random numbers that lie ready.
 *
 * @param model whose parameters are trained
 * @param loss of the tensors that a batch's inputs become
 * @param batches inputs of a step, taken in turn
 */
public record Workload(Model model, Function<List<Tensor>, Tensor> loss, List<Input[]> batches) {

  private static final int IMAGES = 128;
  private static final int TEXTS = 50;
  private static final int SYMBOLS = 90;

  /**
   * A model and its batches.
   *
   * @param model {@code mlp}, {@code char-lstm} or {@code resnet20}
   * @param session where it lives
   * @return the model, and batches as the paper trains it with
   */
  public static Workload of(String model, Session session) {
    return switch (model) {
      case StepCase.MLP -> mlp(session);
      case StepCase.RESNET20 -> resNet20(session);
      case StepCase.CHAR_LSTM -> charLstm(session);
      default ->
          throw new IllegalArgumentException(
              "model is '"
                  + model
                  + "'; "
                  + String.join(", ", StepCase.MLP, StepCase.RESNET20, StepCase.CHAR_LSTM)
                  + " fit");
    };
  }

  /** The paper's: 784-128-10, tanh, batch 256. */
  private static Workload mlp(Session session) {
    Mlp model = Mlp.create(session, MlpSpec.tanh(784, 128, 10), 1);
    Random random = new Random(1);
    List<Input[]> batches = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      float[] x = new float[256 * 784];
      for (int j = 0; j < x.length; j++) {
        x[j] = random.nextFloat();
      }
      batches.add(new Input[] {Input.floats(x, 256, 784), indices(random, 256, 10)});
    }
    return new Workload(
        model, in -> Losses.nll(model.forward(in.get(0), Mode.TRAIN), in.get(1)), batches);
  }

  /** He et al.'s network for CIFAR-10, batch 128. */
  private static Workload resNet20(Session session) {
    ResNet model = ResNet.cifar(session, 20, 10, 1);
    Random random = new Random(1);
    List<Input[]> batches = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      float[] x = new float[IMAGES * 3 * 32 * 32];
      for (int j = 0; j < x.length; j++) {
        x[j] = (float) random.nextGaussian();
      }
      batches.add(new Input[] {Input.floats(x, IMAGES, 3, 32, 32), indices(random, IMAGES, 10)});
    }
    return new Workload(
        model, in -> Losses.nll(model.forward(in.get(0), Mode.TRAIN), in.get(1)), batches);
  }

  /** Two layers of 128 units, 50 texts of 50 symbols; the state is carried on. */
  private static Workload charLstm(Session session) {
    CharLstm model = CharLstm.create(session, CharLstmSpec.of(SYMBOLS), 1);
    Random random = new Random(1);
    List<Input[]> batches = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      batches.add(
          new Input[] {
            indices(random, TEXTS * TEXTS, SYMBOLS), indices(random, TEXTS * TEXTS, SYMBOLS)
          });
    }
    return new Workload(
        model,
        in -> Losses.nll(model.forward(in.get(0), TEXTS, TEXTS, Mode.TRAIN), in.get(1)),
        batches);
  }

  private static Input indices(Random random, int count, int bound) {
    return Input.indices(random.ints(count, 0, bound).toArray());
  }

  /** How many numbers are trained. */
  long size() {
    return model.parameters().stream().map(Parameter::value).mapToLong(Tensor::size).sum();
  }
}

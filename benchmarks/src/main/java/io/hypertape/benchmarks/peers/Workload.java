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
 * @param values of each batch, taken in turn
 */
public record Workload(
    Model model, Function<List<Tensor>, Tensor> loss, List<List<Values>> values) {

  private static final int IMAGES = 128;
  private static final int MANY_IMAGES = 1024;
  private static final int TEXTS = 50;
  private static final int SYMBOLS = 90;

  /**
   * Values of one input on the host: floats with a shape, or indices.
   *
   * @param floats if it is of floats; else empty
   * @param indices if it is of indices; else empty
   * @param shape of the floats
   */
  public record Values(float[] floats, int[] indices, int... shape) {

    Input input() {
      return floats.length > 0 ? Input.floats(floats, shape) : Input.indices(indices);
    }

    /** On the device, for as long as the session lives. */
    Tensor tensor(Session session) {
      return floats.length > 0 ? session.tensor(floats, shape) : session.indices(indices);
    }
  }

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
      case StepCase.RESNET20 -> resNet20(session, 8, IMAGES);
      case StepCase.WIDE_RESNET20 -> resNet20(session, 2, MANY_IMAGES);
      case StepCase.CHAR_LSTM -> charLstm(session);
      default ->
          throw new IllegalArgumentException(
              "model is '"
                  + model
                  + "'; "
                  + String.join(
                      ", ",
                      StepCase.MLP,
                      StepCase.RESNET20,
                      StepCase.WIDE_RESNET20,
                      StepCase.CHAR_LSTM)
                  + " fit");
    };
  }

  /** The paper's: 784-128-10, tanh, batch 256. */
  private static Workload mlp(Session session) {
    Mlp model = Mlp.create(session, MlpSpec.tanh(784, 128, 10), 1);
    Random random = new Random(1);
    List<List<Values>> batches = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      float[] x = new float[256 * 784];
      for (int j = 0; j < x.length; j++) {
        x[j] = random.nextFloat();
      }
      batches.add(List.of(floats(x, 256, 784), indices(random, 256, 10)));
    }
    return new Workload(
        model, in -> Losses.nll(model.forward(in.get(0), Mode.TRAIN), in.get(1)), batches);
  }

  /** He et al.'s network for CIFAR-10. */
  private static Workload resNet20(Session session, int count, int images) {
    ResNet model = ResNet.cifar(session, 20, 10, 1);
    Random random = new Random(1);
    List<List<Values>> batches = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] x = new float[images * 3 * 32 * 32];
      for (int j = 0; j < x.length; j++) {
        x[j] = (float) random.nextGaussian();
      }
      batches.add(List.of(floats(x, images, 3, 32, 32), indices(random, images, 10)));
    }
    return new Workload(
        model, in -> Losses.nll(model.forward(in.get(0), Mode.TRAIN), in.get(1)), batches);
  }

  /** Two layers of 128 units, 50 texts of 50 symbols; the state is carried on. */
  private static Workload charLstm(Session session) {
    CharLstm model = CharLstm.create(session, CharLstmSpec.of(SYMBOLS), 1);
    Random random = new Random(1);
    List<List<Values>> batches = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      batches.add(
          List.of(
              indices(random, TEXTS * TEXTS, SYMBOLS), indices(random, TEXTS * TEXTS, SYMBOLS)));
    }
    return new Workload(
        model,
        in -> Losses.nll(model.forward(in.get(0), TEXTS, TEXTS, Mode.TRAIN), in.get(1)),
        batches);
  }

  private static Values floats(float[] values, int... shape) {
    return new Values(values, new int[0], shape);
  }

  private static Values indices(Random random, int count, int bound) {
    return new Values(new float[0], random.ints(count, 0, bound).toArray());
  }

  /** Inputs of a step, taken in turn. */
  public List<Input[]> batches() {
    return values.stream()
        .map(batch -> batch.stream().map(Values::input).toArray(Input[]::new))
        .toList();
  }

  /** How many numbers are trained. */
  long size() {
    return model.parameters().stream().map(Parameter::value).mapToLong(Tensor::size).sum();
  }
}

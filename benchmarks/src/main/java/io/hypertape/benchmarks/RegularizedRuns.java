package io.hypertape.benchmarks;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.DropoutCounter;
import io.hypertape.autodiff.NeuralOps;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.autodiff.Tensor;
import io.hypertape.cli.spi.StandardOutput;
import io.hypertape.data.Batches;
import io.hypertape.data.LabeledImages;
import io.hypertape.data.Mnist;
import io.hypertape.models.Activation;
import io.hypertape.models.Losses;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.optim.Input;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.optim.TrainingStep;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What dropout and label smoothing could gain: a relu MLP 784-128-10 on MNIST's first 54,000 images
 * with each of some values of both, by error and loss on the other 6,000, without either; the loss
 * is what a hypergradient would descend by. Arguments: MNIST's folder, a tower, number of epochs,
 * of seeds, then any number of {@code DROPOUT,SMOOTHING}.
 */
public final class RegularizedRuns {

  private static final int BATCH = 256;
  private static final int HIDDEN = 128;
  private static final int CLASSES = 10;
  private static final int LEARNED = 54_000;
  private static final int JUDGED_AT_ONCE = 1000;

  private final LabeledImages images;
  private final Tower tower;
  private final int epochs;

  private RegularizedRuns(LabeledImages images, Tower tower, int epochs) {
    this.images = images;
    this.tower = tower;
    this.epochs = epochs;
  }

  /** Error in % and loss in nats. */
  private record Result(double error, double loss) {}

  /**
   * Runs it.
   *
   * @param args see above
   * @throws IOException if the images cannot be read
   */
  public static void main(String[] args) throws IOException {
    StandardOutput.install();
    if (args.length < 5) {
      System.out.println("RegularizedRuns MNIST-FOLDER TOWER EPOCHS SEEDS DROPOUT,SMOOTHING …");
      return;
    }
    RegularizedRuns runs =
        new RegularizedRuns(
            Mnist.load(Path.of(args[0])).train(), Tower.parse(args[1]), Integer.parseInt(args[2]));
    int seeds = Integer.parseInt(args[3]);
    System.out.println("dropout  smoothing  validation error %  validation loss");
    for (int i = 4; i < args.length; i++) {
      String[] values = args[i].split(",");
      runs.print(Double.parseDouble(values[0]), Double.parseDouble(values[1]), seeds);
    }
  }

  private void print(double dropout, double smoothing, int seeds) {
    double error = 0;
    double loss = 0;
    for (int seed = 1; seed <= seeds; seed++) {
      Result result = run(dropout, smoothing, seed);
      error += result.error / seeds;
      loss += result.loss / seeds;
    }
    System.out.printf(
        Locale.ROOT, "%7.2f  %9.2f  %18.2f  %15.4f%n", dropout, smoothing, error, loss);
  }

  private Result run(double dropout, double smoothing, long seed) {
    MlpSpec spec =
        new MlpSpec(List.of(784, HIDDEN, CLASSES), List.of(Activation.RELU, Activation.NONE));
    try (Session session = Session.open(SessionOptions.of(Device.CPU).withThreads(1))) {
      List<Parameter> weights = Mlp.create(session, spec, seed).parameters();
      DropoutCounter counter = new DropoutCounter(session, seed);
      Batches batches = new Batches(images.first(LEARNED), BATCH, Batches.LastBatch.DROP);
      long steps = (long) epochs * (LEARNED / BATCH);
      try (TowerOptimizer optimizer = tower.over(steps).bind(session, weights)) {
        TrainingStep step =
            optimizer.prepare(
                in -> {
                  Tensor hidden = hidden(weights, in.getFirst());
                  Tensor kept = NeuralOps.dropout(hidden, dropout, counter);
                  return Losses.nll(output(weights, kept), in.get(1), smoothing);
                });
        for (int epoch = 1; epoch <= epochs; epoch++) {
          batches.shuffle(seed, epoch);
          while (batches.next()) {
            step.run(
                Input.floats(batches.x(), BATCH, images.features()), Input.indices(batches.y()));
          }
        }
      }
      return judged(session, weights);
    }
  }

  private static Tensor hidden(List<Parameter> weights, Tensor x) {
    return x.matmulTransposed(weights.get(0).value()).add(weights.get(1).value()).relu();
  }

  private static Tensor output(List<Parameter> weights, Tensor hidden) {
    return hidden.matmulTransposed(weights.get(2).value()).add(weights.get(3).value()).logSoftmax();
  }

  private Result judged(Session session, List<Parameter> weights) {
    int count = images.size() - LEARNED;
    float[] x = new float[JUDGED_AT_ONCE * images.features()];
    int[] y = new int[JUDGED_AT_ONCE];
    int[] order = new int[images.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    int wrong = 0;
    double loss = 0;
    for (int from = LEARNED; from < images.size(); from += JUDGED_AT_ONCE) {
      images.gather(order, from, from + JUDGED_AT_ONCE, x, y);
      try (Scope unused = session.scratch()) {
        Tensor input = session.tensor(x, JUDGED_AT_ONCE, images.features());
        Tensor output = output(weights, hidden(weights, input));
        loss += Losses.nll(output, session.indices(y)).item() * JUDGED_AT_ONCE / count;
        float[] all = output.toFloats();
        for (int i = 0; i < JUDGED_AT_ONCE; i++) {
          wrong += mostProbable(all, i * CLASSES) == y[i] ? 0 : 1;
        }
      }
    }
    return new Result(100.0 * wrong / count, loss);
  }

  private static int mostProbable(float[] logProbabilities, int from) {
    int best = 0;
    for (int c = 1; c < CLASSES; c++) {
      if (logProbabilities[from + c] > logProbabilities[from + best]) {
        best = c;
      }
    }
    return best;
  }
}

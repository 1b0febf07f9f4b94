package io.hypertape.benchmarks.peers;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.benchmarks.fork.Server;
import io.hypertape.models.Losses;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.models.Mode;
import io.hypertape.optim.Input;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.optim.TrainingStep;
import java.io.IOException;
import java.util.Random;

/**
 * Our side of a comparison of training steps, in a process of its own: the paper's MLP (784-128-10,
 * tanh, batch 256). Batches lie ready, as on the other side; a step takes one in and gives the
 * loss.
 */
public final class Steps {

  private static final int BATCH = 256;
  private static final int FEATURES = 784;
  private static final int CLASSES = 10;
  private static final int BATCHES = 40;

  private final float[][] x = new float[BATCHES][BATCH * FEATURES];
  private final int[][] y = new int[BATCHES][BATCH];
  private int place;

  private Steps() {
    Random random = new Random(1);
    for (int i = 0; i < BATCHES; i++) {
      for (int j = 0; j < x[i].length; j++) {
        x[i][j] = random.nextFloat();
      }
      for (int j = 0; j < BATCH; j++) {
        y[i][j] = random.nextInt(CLASSES);
      }
    }
  }

  /**
   * Serves steps.
   *
   * @param args the tower and the number of threads
   * @throws IOException if the pipe breaks
   */
  public static void main(String[] args) throws IOException {
    Steps data = new Steps();
    int threads = Integer.parseInt(args[1]);
    SessionOptions options =
        SessionOptions.of(Device.CPU).withThreads(threads).withSimd(SessionOptions.Simd.VECTOR);
    try (Session session = Session.open(options)) {
      Mlp model = Mlp.create(session, MlpSpec.tanh(FEATURES, 128, CLASSES), 1);
      try (TowerOptimizer optimizer = Tower.parse(args[0]).bind(session, model.parameters())) {
        TrainingStep step =
            optimizer.prepare(in -> Losses.nll(model.forward(in.get(0), Mode.TRAIN), in.get(1)));
        Server.serve("Hypertape, " + threads + " threads", count -> data.run(step, count));
      }
    }
  }

  private void run(TrainingStep step, int count) {
    double loss = 0;
    for (int i = 0; i < count; i++) {
      loss = step.run(Input.floats(x[place], BATCH, FEATURES), Input.indices(y[place])).item();
      place = (place + 1) % BATCHES;
    }
    // Labels are random, so ln 10 is the best to expect.
    if (!(loss < 2 * Math.log(CLASSES))) {
      throw new IllegalStateException("the loss is " + loss);
    }
  }
}

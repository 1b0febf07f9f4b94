package io.hypertape.run.follow;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.data.DataSplit;
import io.hypertape.data.Strokes;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.run.Evaluation;
import io.hypertape.run.RunState;
import io.hypertape.run.Score;
import io.hypertape.run.Trainer;
import io.hypertape.run.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Short runs with a listener: five batches an epoch. */
final class FollowedRuns {

  static final String TOWER = "adam(1e-3)/sgd(1e-5)";

  private static final DataSplit DATA = Strokes.generate(1, 250, 100);

  private FollowedRuns() {}

  /** Trains, from a state if the file is there. */
  static Evaluation run(int epochs, Path state, TrainingListener listener) throws IOException {
    try (Session session = Session.open(SessionOptions.of(Device.CPU).withThreads(1));
        Mlp model = Mlp.create(session, MlpSpec.tanh(784, 8, 10), 1)) {
      Trainer trainer =
          new Trainer(session, model, DATA).epochs(epochs).batch(50).seed(1).listener(listener);
      Tower tower = Tower.parse(TOWER);
      return Files.exists(state) ? trainer.resume(tower, RunState.read(state)) : trainer.run(tower);
    }
  }

  /** Trains. */
  static Evaluation run(int epochs, TrainingListener listener) throws IOException {
    return run(epochs, Path.of("none"), listener);
  }

  /** Trains for two epochs, judged after every third step too: after 3, 5, 6, 9 and 10. */
  static List<Evaluation> judged(TrainingListener listener) throws IOException {
    List<Evaluation> scores = new ArrayList<>();
    TrainingListener own =
        new TrainingListener() {
          @Override
          public void evaluated(long step, double loss, Score score, TowerOptimizer optimizer) {
            scores.add((Evaluation) score);
          }

          @Override
          public void epoch(int epoch, double loss, Score test, TowerOptimizer optimizer) {
            scores.add((Evaluation) test);
          }
        };
    try (Session session = Session.open(SessionOptions.of(Device.CPU).withThreads(1));
        Mlp model = Mlp.create(session, MlpSpec.tanh(784, 8, 10), 1)) {
      new Trainer(session, model, DATA)
          .epochs(2)
          .batch(50)
          .seed(1)
          .evaluateEvery(3)
          .listener(TrainingListener.all(own, listener))
          .run(Tower.parse(TOWER));
    }
    return scores;
  }
}

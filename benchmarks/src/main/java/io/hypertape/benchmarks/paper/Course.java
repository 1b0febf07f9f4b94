package io.hypertape.benchmarks.paper;

import io.hypertape.autodiff.Session;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.run.DivergedException;
import io.hypertape.run.Score;
import io.hypertape.run.TrainingListener;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** A model to train on data for a given number of steps, and how it is judged. */
abstract class Course {

  /**
   * How a trained model does on the test set.
   *
   * @param figure what it is judged by
   * @param loss mean negative log-likelihood
   */
  record Result(double figure, double loss) {}

  /** Its short name, such as {@code rnn}. */
  abstract String name();

  /** For titles, with its length, such as {@code ResNet-20 on CIFAR-10, 200 epochs}. */
  abstract String title();

  /** What decides its results: model, data, batch, length. */
  abstract Map<String, String> key();

  /** Training steps of a run. */
  abstract long steps();

  /** The figure that it is judged by, such as {@code test_perplexity}. */
  abstract String measure();

  /** That figure for people, with its unit, such as {@code test error (%)}. */
  abstract String measureText();

  /** The figure of one who only guesses, which is what a run that diverged is given. */
  abstract double guessing();

  /** About how many seconds a step takes on a processor; for the time left. */
  abstract double stepSeconds();

  /** What is to be said of data and length below a table, such as that a run is a short one. */
  abstract String remark();

  /**
   * Trains a fresh model.
   *
   * @param session where
   * @param tower the optimizers
   * @param seed of weights and order
   * @param listener follows the run
   * @return how the model does at its end
   * @throws IOException if something it needs fails
   */
  abstract Result run(Session session, Tower tower, long seed, TrainingListener listener)
      throws IOException;

  /**
   * Trains a fresh model.
   *
   * @param tower the optimizers
   * @param seed of weights and order
   * @param conditions where
   * @return the figure it is judged by, losses, and every hyperparameter's last value by its label;
   *     if it diverged, the note says when
   * @throws IOException if something it needs fails
   */
  final Outcome train(Tower tower, long seed, Conditions conditions) throws IOException {
    Map<String, Double> last = new LinkedHashMap<>();
    try (Session session = conditions.open()) {
      Result result = run(session, tower, seed, new Follower(conditions, last));
      if (conditions.stops()) {
        throw new StoppedException();
      }
      if (!Double.isFinite(result.figure()) || !Double.isFinite(result.loss())) {
        return diverged("after the last step");
      }
      Map<String, Double> figures = new LinkedHashMap<>();
      figures.put(measure(), result.figure());
      figures.put("test_loss", result.loss());
      figures.putAll(last);
      return new Outcome(figures, "");
    } catch (DivergedException e) {
      return diverged("at step " + e.step());
    }
  }

  private Outcome diverged(String when) {
    return new Outcome(
        Map.of(measure(), guessing()), "diverged " + when + " (counted as guessing)");
  }

  /** Keeps what stands at the end of the last epoch. */
  private record Follower(Conditions conditions, Map<String, Double> last)
      implements TrainingListener {

    @Override
    public void step(long step, double loss, TowerOptimizer optimizer) {
      conditions.step();
    }

    @Override
    public void epoch(int epoch, double trainLoss, Score test, TowerOptimizer optimizer) {
      last.put("train_loss", trainLoss);
      optimizer.hyperparameters().forEach(v -> last.put(v.label(), v.value()));
    }

    @Override
    public boolean stops() {
      return conditions.stops();
    }
  }
}

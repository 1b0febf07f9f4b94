package io.hypertape.benchmarks.paper;

import io.hypertape.autodiff.Session;
import io.hypertape.optim.Tower;
import io.hypertape.run.Evaluation;
import io.hypertape.run.TrainingListener;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;

/**
 * What is trained and for how long: a model, its data, batch and length, how all that is named and
 * kept, and how its end is judged. With a tower and a seed it is a {@link TrainingPart}.
 */
sealed interface TrainingRun permits MnistMlp, CharRnn, CifarResNet {

  /**
   * How a trained model does on the test set.
   *
   * @param figure what it is judged by
   * @param loss mean negative log-likelihood
   */
  record Result(double figure, double loss) {

    /** The error in percent, without the digits that a fraction of so many images does not have. */
    static Result ofError(Evaluation test) {
      return new Result(
          100.0 * Math.round(test.error() * test.examples()) / test.examples(), test.loss());
    }
  }

  /**
   * A length.
   *
   * @param unit in the plural, {@code epochs} or {@code steps}
   * @param count how many
   */
  record Length(String unit, long count) {

    static Length epochs(int count) {
      return new Length("epochs", count);
    }

    static Length steps(long count) {
      return new Length("steps", count);
    }

    private String unit(long of) {
      return of == 1 ? unit.substring(0, unit.length() - 1) : unit;
    }

    /** {@code 30 epochs}, {@code 1 epoch}, {@code 3,000 steps}, {@code 1 step}. */
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%,d %s", count, unit(count));
    }

    /**
     * In a part's label, which what is kept is found by: {@code 1 epoch}, {@code 3000 steps}, and
     * {@code 1 steps} as ever.
     */
    String label() {
      return count + " " + (equals(steps(1)) ? unit : unit(count));
    }
  }

  /** The model, as experiments on several are named by it. */
  PaperModel model();

  /** The short name in labels of parts, such as {@code rnn}: what is kept is found by it. */
  String name();

  /** For titles, with the length, such as {@code ResNet-20 on CIFAR-10, 200 epochs}. */
  String title();

  /** How long it is, in the unit that it is told in. */
  Length length();

  /** What decides its results: model, data, batch, length. */
  Map<String, String> key();

  /** Training steps. */
  long steps();

  /** About how many seconds a step takes on a processor; for the time left. */
  double stepSeconds();

  /** What it is judged by. */
  RunMeasure measure();

  /** What is to be said of data and length below a table; empty for nothing. */
  String remark();

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
  Result train(Session session, Tower tower, long seed, TrainingListener listener)
      throws IOException;

  /** The part that trains it by a tower. */
  default TrainingPart part(Tower tower, long seed) {
    return new TrainingPart(this, tower, seed);
  }
}

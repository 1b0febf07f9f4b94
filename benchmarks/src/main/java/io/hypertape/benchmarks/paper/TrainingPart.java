package io.hypertape.benchmarks.paper;

import io.hypertape.autodiff.Session;
import io.hypertape.benchmarks.parts.Conditions;
import io.hypertape.benchmarks.parts.Outcome;
import io.hypertape.benchmarks.parts.Part;
import io.hypertape.benchmarks.parts.Spread;
import io.hypertape.benchmarks.parts.StoppedException;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.run.DivergedException;
import io.hypertape.run.Score;
import io.hypertape.run.TrainingListener;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A training run by one tower from one seed. Its outcome has the figure that it is judged by,
 * losses, and every hyperparameter's last value by its label; if it diverged, the note says when.
 *
 * @param training what is trained, and how long
 * @param tower by what
 * @param seed of weights and order
 */
record TrainingPart(TrainingRun training, Tower tower, long seed) implements Part {

  @Override
  public String label() {
    return training.name() + " " + tower + ", " + training.length().label() + ", seed " + seed;
  }

  @Override
  public Map<String, String> key() {
    Map<String, String> key = new LinkedHashMap<>(training.key());
    key.put("tower", tower.toString());
    key.put("seed", Long.toString(seed));
    return key;
  }

  @Override
  public long steps() {
    return training.steps();
  }

  @Override
  public Company company() {
    return Company.ANY;
  }

  @Override
  public Outcome run(Conditions conditions) throws IOException {
    Map<String, Double> last = new LinkedHashMap<>();
    try (Session session = conditions.open()) {
      TrainingRun.Result result =
          training.train(session, tower, seed, new Follower(conditions, last));
      if (conditions.stops()) {
        throw new StoppedException();
      }
      if (!Double.isFinite(result.figure()) || !Double.isFinite(result.loss())) {
        return diverged("after the last step");
      }
      Map<String, Double> figures = new LinkedHashMap<>();
      figures.put(training.measure().name(), result.figure());
      figures.put("test_loss", result.loss());
      figures.putAll(last);
      return new Outcome(figures, "");
    } catch (DivergedException e) {
      return diverged("at step " + e.step());
    }
  }

  private Outcome diverged(String when) {
    RunMeasure measure = training.measure();
    return new Outcome(
        Map.of(measure.name(), measure.guessing()), "diverged " + when + " (counted as guessing)");
  }

  @Override
  public String told(Outcome outcome) {
    RunMeasure measure = training.measure();
    String figure = measure.text() + " " + Spread.number(outcome.figure(measure.name()));
    return outcome.note().isEmpty() ? figure : figure + ", " + outcome.note();
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

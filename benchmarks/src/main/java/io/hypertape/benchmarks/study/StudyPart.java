package io.hypertape.benchmarks.study;

import io.hypertape.autodiff.Session;
import io.hypertape.benchmarks.parts.Conditions;
import io.hypertape.benchmarks.parts.Outcome;
import io.hypertape.benchmarks.parts.Part;
import io.hypertape.benchmarks.parts.Spread;
import io.hypertape.benchmarks.parts.StoppedException;
import io.hypertape.optim.HyperparameterValue;
import io.hypertape.optim.StepSchedule;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.optim.TrainingStep;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A training run. Nothing is judged before its end. Its outcome has {@link #TEST} and {@link
 * #VALID} in the task's unit, losses, the number of steps, and the step size, times its schedule,
 * from step to step; also times what the optimizer has found itself, if it is one that does so. A
 * run whose loss is no number in the end has what chance gives, and a note.
 *
 * @param task what is learned
 * @param text the tower as it is told
 * @param tower by what
 * @param revision the state of the code that it depends on; empty for the version's
 * @param seed of weights and batches
 */
record StudyPart(Task task, String text, Tower tower, String revision, long seed) implements Part {

  static final String TEST = "test";
  static final String VALID = "valid";

  /** Figures' names begin with it, the step's number follows. */
  static final String STEP_SIZE = "step_size@";

  /** The same of the step size that an optimizer has found itself, where it does so. */
  static final String FOUND = "found_step_size@";

  /** How many step sizes are noted of a run. */
  private static final int NOTED = 50;

  /** So many losses in a row that are no numbers end a run: no optimizer comes back from them. */
  private static final int LOST = 100;

  /** Characters of a tower's own text up to which it is told so. */
  private static final int SHORT = 60;

  /** A run by a tower, which is told as it was written where its own text is long. */
  static StudyPart of(Task task, String written, String revision, long seed) {
    Tower tower = Tower.parse(written);
    String own = tower.toString();
    return new StudyPart(task, own.length() <= SHORT ? own : written, tower, revision, seed);
  }

  @Override
  public String label() {
    return task.name() + " " + text + ", seed " + seed;
  }

  @Override
  public Map<String, String> key() {
    Map<String, String> key = new LinkedHashMap<>(task.key());
    key.put("study", "robustness 1");
    key.put("tower", tower.toString());
    key.put("seed", Long.toString(seed));
    if (!revision.isEmpty()) {
      key.put("revision", revision);
    }
    return key;
  }

  @Override
  public long steps() {
    return task.steps();
  }

  @Override
  public Company company() {
    return Company.ANY;
  }

  @Override
  public Outcome run(Conditions conditions) {
    Map<String, Double> noted = new LinkedHashMap<>();
    Tower timed = tower.over(task.steps());
    try (Session session = conditions.open();
        Trial trial = task.begin(session, seed)) {
      Losses losses = new Losses(task.steps());
      try (TowerOptimizer optimizer = timed.bind(session, trial.parameters())) {
        train(trial, optimizer, timed.schedule(), losses, noted, conditions);
      }
      return outcome(trial, losses, noted);
    }
  }

  private void train(
      Trial trial,
      TowerOptimizer optimizer,
      StepSchedule schedule,
      Losses losses,
      Map<String, Double> noted,
      Conditions conditions) {
    TrainingStep step = optimizer.prepare(trial::loss);
    long every = Math.max(1, task.steps() / NOTED);
    Optional<FoundStep> found = FoundStep.of(tower);
    for (long k = 0; k < task.steps() && !losses.areLost(); k++) {
      if (conditions.stops()) {
        throw new StoppedException();
      }
      boolean notes = k % every == 0;
      if (notes) {
        note(optimizer, schedule.factor(k), k, noted);
      }
      losses.add(step.run(trial.next()).item());
      if (notes && found.isPresent()) {
        note(optimizer, found.get(), k, noted);
      }
      conditions.step();
    }
  }

  /** The bottom level's step size, if its optimizer has one of that name. */
  private static void note(
      TowerOptimizer optimizer, double factor, long step, Map<String, Double> noted) {
    for (HyperparameterValue value : optimizer.hyperparameters()) {
      if (value.group() == 0 && value.level() == 1 && value.name().equals("alpha")) {
        noted.put(STEP_SIZE + step, value.value() * factor);
      }
    }
  }

  /** The step size that a step went by which has just been taken, if it had found one. */
  private static void note(
      TowerOptimizer optimizer, FoundStep found, long step, Map<String, Double> noted) {
    Double size = noted.get(STEP_SIZE + step);
    double factor = found.factor(optimizer.snapshot());
    if (size != null && factor > 0 && Double.isFinite(factor)) {
      noted.put(FOUND + step, size * factor);
    }
  }

  private Outcome outcome(Trial trial, Losses losses, Map<String, Double> noted) {
    Map<String, Double> figures = new LinkedHashMap<>();
    String note = losses.areLost() ? "no number from step " + losses.lostAt() + " on" : "";
    if (note.isEmpty()) {
      Mark valid = trial.valid();
      Mark test = trial.test();
      if (valid.isFinite() && test.isFinite()) {
        figures.put(TEST, test.figure());
        figures.put(VALID, valid.figure());
        figures.put("test_loss", test.loss());
        figures.put("valid_loss", valid.loss());
        figures.put("train_loss", losses.last());
      } else {
        note = "no number after the last step";
      }
    }
    if (!note.isEmpty()) {
      figures.put(TEST, task.quality().chance());
      figures.put(VALID, task.quality().chance());
    }
    figures.put("steps", (double) losses.count());
    figures.putAll(noted);
    return new Outcome(figures, note);
  }

  @Override
  public String told(Outcome outcome) {
    String figure = task.quality().text() + " " + Spread.number(outcome.figure(TEST));
    return outcome.note().isEmpty() ? figure : figure + ", " + outcome.note();
  }

  /** The losses of a run: the mean of its last tenth, and whether they are numbers. */
  private static final class Losses {
    private final long tail;
    private long count;
    private double sum;
    private long summed;
    private int lost;

    Losses(long steps) {
      tail = steps - Math.max(1, steps / 10);
    }

    void add(double loss) {
      if (count >= tail) {
        sum += loss;
        summed++;
      }
      count++;
      lost = Double.isFinite(loss) ? 0 : lost + 1;
    }

    long count() {
      return count;
    }

    boolean areLost() {
      return lost >= LOST;
    }

    long lostAt() {
      return count - lost + 1;
    }

    double last() {
      return sum / summed;
    }
  }
}

package io.hypertape.benchmarks.paper;

import io.hypertape.optim.Tower;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One training run.
 *
 * @param task what to train
 * @param tower by what
 * @param epochs how long
 * @param seed of weights and order
 */
record TrainingPart(Task task, Tower tower, int epochs, long seed) implements Part {

  @Override
  public String label() {
    return String.format(
        Locale.ROOT,
        "%s %s, %d %s, seed %d",
        task.name(),
        tower,
        epochs,
        epochs == 1 ? "epoch" : "epochs",
        seed);
  }

  @Override
  public Map<String, String> key() {
    Map<String, String> key = new LinkedHashMap<>(task.key());
    key.put("tower", tower.toString());
    key.put("epochs", Integer.toString(epochs));
    key.put("seed", Long.toString(seed));
    return key;
  }

  @Override
  public long steps() {
    return epochs * task.stepsOfEpoch();
  }

  @Override
  public Company company() {
    return Company.ANY;
  }

  @Override
  public Outcome run(Conditions conditions) throws IOException {
    return task.train(tower, epochs, seed, conditions);
  }

  @Override
  public String told(Outcome outcome) {
    String figure =
        String.format(Locale.ROOT, "%s %.2f", task.measureText(), outcome.figure(task.measure()));
    return outcome.note().isEmpty() ? figure : figure + ", " + outcome.note();
  }
}

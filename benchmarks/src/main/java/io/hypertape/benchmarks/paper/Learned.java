package io.hypertape.benchmarks.paper;

import io.hypertape.benchmarks.parts.Outcome;
import io.hypertape.optim.Hyperparameter;
import io.hypertape.optim.Level;
import io.hypertape.optim.Tower;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a tower's first level ended at, as a tower of height one with these values fixed: the means
 * over the seeds, to four digits, so that a row can be tried again by its text.
 *
 * @param tower the fixed tower; none if it would have no meaning, as with a negative step size
 * @param text the learned values for people, or why there is no tower
 */
record Learned(Optional<Tower> tower, String text) {

  private static final MathContext DIGITS = new MathContext(4);

  /** From a tower and what its runs left, which have not diverged. */
  static Learned of(Tower tower, List<Outcome> outcomes) {
    if (outcomes.isEmpty()) {
      return new Learned(Optional.empty(), "every run diverged");
    }
    Level first = tower.levels().getFirst();
    String name = first.optimizer().name();
    List<String> arguments = new ArrayList<>();
    List<String> shown = new ArrayList<>();
    for (Hyperparameter hyper : first.optimizer().hyperparameters()) {
      String label = "L1." + name + "." + hyper.name();
      double value =
          outcomes.stream().mapToDouble(o -> o.figure(label)).average().orElse(Double.NaN);
      boolean changed = value != hyper.initial();
      if (!Double.isFinite(value)) {
        return new Learned(Optional.empty(), hyper.name() + " is " + value);
      }
      double rounded = changed ? new BigDecimal(value).round(DIGITS).doubleValue() : value;
      arguments.add(hyper.name() + "=" + rounded);
      if (changed) {
        shown.add(String.format(Locale.ROOT, "%.4f", value));
      }
    }
    String text = String.join(", ", shown);
    try {
      return new Learned(
          Optional.of(Tower.parse(name + "(" + String.join(", ", arguments) + ")")), text);
    } catch (IllegalArgumentException e) {
      return new Learned(Optional.empty(), text + ": no fixed values");
    }
  }
}

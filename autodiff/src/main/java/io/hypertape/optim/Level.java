package io.hypertape.optim;

import io.hypertape.checks.Nulls;
import java.util.List;
import java.util.Set;

/**
 * One level of a tower.
 *
 * @param optimizer the optimizer
 * @param tuned names of those of its hyperparameters that the level above tunes; empty for all
 */
public record Level(Optimizer optimizer, Set<String> tuned) {

  /** Checks the names. */
  public Level {
    Nulls.check(optimizer, "level: optimizer");
    Nulls.check(tuned, "level: tuned");
    List<String> known = optimizer.hyperparameters().stream().map(Hyperparameter::name).toList();
    for (String name : tuned) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            optimizer.name()
                + " has no hyperparameter '"
                + name
                + "' to tune; it has "
                + String.join(", ", known));
      }
    }
    tuned = java.util.Collections.unmodifiableSet(new java.util.LinkedHashSet<>(tuned));
  }

  boolean tunes(String hyperparameter) {
    return tuned.isEmpty() || tuned.contains(hyperparameter);
  }

  String text() {
    if (tuned.isEmpty()) {
      return optimizer.text();
    }
    String text = optimizer.text();
    return text.substring(0, text.length() - 1) + ", tune=" + String.join("+", tuned) + ")";
  }
}

package io.hypertape.optim;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A stack of optimizers: the first tunes the model's weights, each other one the hyperparameters of
 * the one below it. Immutable. As text, the levels stand from the bottom up, {@code
 * adam(1e-3)/sgd(1e-5)}.
 *
 * @param levels the levels, bottom first; at least one
 */
public record Tower(List<Level> levels) {

  /** Checks and copies the levels. */
  public Tower {
    if (levels.isEmpty()) {
      throw new IllegalArgumentException("a tower needs at least one level");
    }
    levels = List.copyOf(levels);
  }

  /**
   * A tower of given optimizers, each tuning all hyperparameters of the one before it.
   *
   * @param optimizers bottom first
   * @return the tower
   */
  public static Tower of(Optimizer... optimizers) {
    List<Level> levels = new ArrayList<>();
    for (Optimizer optimizer : optimizers) {
      levels.add(new Level(optimizer, Set.of()));
    }
    return new Tower(levels);
  }

  /**
   * Reads a tower's text, such as {@code adam(1e-3)/sgd(1e-5)}, {@code sgd(0.01, mu=0.9)}, {@code
   * adam(1e-3, tune=alpha)/sgd(1e-5)} or {@code sgd(0.01)/sgd(1e-4)^49}.
   *
   * @param text the text
   * @return the tower
   * @throws TowerSyntaxException if it is none; the message points at the character
   */
  public static Tower parse(String text) {
    return new TowerParser(text).parse();
  }

  /**
   * Number of levels.
   *
   * @return at least 1
   */
  public int height() {
    return levels.size();
  }

  /**
   * One level higher.
   *
   * @param above tunes the hyperparameters of what is now the topmost level
   * @return the higher tower
   */
  public Tower tunedBy(Optimizer above) {
    return tunedBy(above.tower());
  }

  /**
   * Higher by a tower.
   *
   * @param above tunes the hyperparameters of what is now the topmost level
   * @return the higher tower
   */
  public Tower tunedBy(Tower above) {
    List<Level> higher = new ArrayList<>(levels);
    higher.addAll(above.levels);
    return new Tower(higher);
  }

  /**
   * Chooses which hyperparameters of the topmost level the next level shall tune.
   *
   * @param names names of its hyperparameters
   * @return the changed tower
   */
  public Tower tuning(String... names) {
    List<Level> changed = new ArrayList<>(levels);
    Level top = changed.removeLast();
    changed.add(new Level(top.optimizer(), Set.copyOf(List.of(names))));
    return new Tower(changed);
  }

  /**
   * Sets the tower to work on parameters.
   *
   * @param session whose tensors they are
   * @param parameters what the first level shall tune
   * @return the running optimizer, to be closed by the caller
   */
  public TowerOptimizer bind(Session session, List<Parameter> parameters) {
    return new TowerOptimizer(this, session, parameters);
  }

  @Override
  public String toString() {
    return levels.stream().map(Level::text).collect(Collectors.joining("/"));
  }
}

package io.hypertape.trace;

import io.hypertape.checks.Nulls;
import io.hypertape.models.MlpSpec;
import io.hypertape.optim.Tower;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One reference trace. Immutable: arrays and collections are copied.
 *
 * @param name the case's name
 * @param model form of the MLP
 * @param initial row-major starting weights by name
 * @param tower the optimizers
 * @param batches step i uses batch i mod their number
 * @param initialHyper stored values of every level's hyperparameters before the first step
 * @param steps what happened, in order
 * @param finalWeights row-major weights after the last step, by name
 */
public record ReferenceTrace(
    String name,
    MlpSpec model,
    Map<String, double[]> initial,
    Tower tower,
    List<Batch> batches,
    List<Map<String, Double>> initialHyper,
    List<Step> steps,
    Map<String, double[]> finalWeights) {

  /** Copies the parts. */
  public ReferenceTrace {
    Nulls.check(name, "trace: name");
    Nulls.check(model, "trace: model");
    Nulls.copy(initial, "trace: initial");
    Nulls.check(tower, "trace: tower");
    Nulls.checkAll(batches, "trace: batches");
    Nulls.checkAll(initialHyper, "trace: initialHyper");
    Nulls.checkAll(steps, "trace: steps");
    Nulls.copy(finalWeights, "trace: finalWeights");
    initial = copied(initial);
    batches = List.copyOf(batches);
    initialHyper = copied(initialHyper);
    steps = List.copyOf(steps);
    finalWeights = copied(finalWeights);
  }

  private static Map<String, double[]> copied(Map<String, double[]> arrays) {
    Map<String, double[]> copy = new LinkedHashMap<>();
    arrays.forEach((name, values) -> copy.put(name, values.clone()));
    return Collections.unmodifiableMap(copy);
  }

  private static List<Map<String, Double>> copied(List<Map<String, Double>> levels) {
    return levels.stream()
        .map(level -> Collections.unmodifiableMap(new LinkedHashMap<>(level)))
        .toList();
  }

  /**
   * Where the run starts.
   *
   * @return copies of the row-major starting weights by name
   */
  @Override
  public Map<String, double[]> initial() {
    return copied(initial);
  }

  /**
   * Where the run ends.
   *
   * @return copies of the row-major weights after the last step, by name
   */
  @Override
  public Map<String, double[]> finalWeights() {
    return copied(finalWeights);
  }

  /**
   * A batch.
   *
   * @param x row-major [rows, features]
   * @param y the classes
   */
  public record Batch(double[] x, int[] y) {

    /** Copies the arrays. */
    public Batch {
      Nulls.check(x, "trace: x");
      Nulls.check(y, "trace: y");
      x = x.clone();
      y = y.clone();
    }

    /**
     * What goes in.
     *
     * @return a copy, row-major [rows, features]
     */
    @Override
    public double[] x() {
      return x.clone();
    }

    /**
     * What is to come out.
     *
     * @return a copy of the classes
     */
    @Override
    public int[] y() {
      return y.clone();
    }
  }

  /**
   * A step.
   *
   * @param loss before the update
   * @param hyper stored values of every level's hyperparameters after it
   */
  public record Step(double loss, List<Map<String, Double>> hyper) {

    /** Copies the values. */
    public Step {
      Nulls.checkAll(hyper, "trace: hyper");
      hyper = copied(hyper);
    }
  }
}

package io.hypertape.trace;

import io.hypertape.models.MlpSpec;
import io.hypertape.optim.Tower;
import java.util.List;
import java.util.Map;

/**
 * One reference trace.
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

  /**
   * A batch.
   *
   * @param x row-major [rows, features]
   * @param y the classes
   */
  public record Batch(double[] x, int[] y) {}

  /**
   * A step.
   *
   * @param loss before the update
   * @param hyper stored values of every level's hyperparameters after it
   */
  public record Step(double loss, List<Map<String, Double>> hyper) {}
}

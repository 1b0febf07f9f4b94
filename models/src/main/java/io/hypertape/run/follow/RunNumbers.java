package io.hypertape.run.follow;

import io.hypertape.optim.HyperparameterValue;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.run.Score;
import java.util.LinkedHashMap;
import java.util.Map;

/** A run's numbers by the names that they have elsewhere, of which the part before / is a group. */
final class RunNumbers {

  private static final String LOSS = "train/loss";
  private static final String HYPERPARAMETERS = "hyperparameters/";

  private RunNumbers() {}

  /** Those of a step. */
  static Map<String, Double> ofStep(double loss, TowerOptimizer optimizer) {
    Map<String, Double> all = new LinkedHashMap<>();
    all.put(LOSS, loss);
    for (HyperparameterValue value : optimizer.hyperparameters()) {
      all.put(HYPERPARAMETERS + value.label(), value.value());
    }
    return all;
  }

  /** Those of an epoch that is over. */
  static Map<String, Double> ofEpoch(int epoch, double trainLoss, Score score) {
    Map<String, Double> all = new LinkedHashMap<>();
    all.put("train/epoch", (double) epoch);
    all.putAll(ofScore(trainLoss, score));
    return all;
  }

  /** Those of a judgement: {@code test_error} is {@code test/error}. */
  static Map<String, Double> ofScore(double trainLoss, Score score) {
    Map<String, Double> all = new LinkedHashMap<>();
    all.put("train/mean_loss", trainLoss);
    score.numbers().forEach((name, value) -> all.put(name.replaceFirst("_", "/"), value));
    return all;
  }
}

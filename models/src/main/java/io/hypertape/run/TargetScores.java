package io.hypertape.run;

import io.hypertape.data.Targets;
import io.hypertape.metrics.Calibration;
import io.hypertape.metrics.ConfusionMatrix;
import io.hypertape.metrics.LabelCounts;
import io.hypertape.metrics.Measure;
import io.hypertape.metrics.RegressionErrors;
import io.hypertape.metrics.RocAuc;
import io.hypertape.models.Loss;
import io.hypertape.models.QuantileLoss;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Takes a model's outputs batch by batch, and measures them against one kind of targets. */
sealed interface TargetScores {

  /**
   * Adds a batch.
   *
   * @param outputs the model's, [rows, …]
   * @param labels [rows], if targets are classes
   * @param targets [rows, outputs], if they are not
   * @param weights [rows]
   */
  void add(float[] outputs, int[] labels, float[] targets, float[] weights);

  /** What was found; NaN of nothing. */
  Map<Measure, Double> measures();

  static TargetScores of(Targets targets, Loss loss) {
    return switch (targets) {
      case Targets.Classes classes -> new OfClasses(classes.count());
      case Targets.Labels labels -> new OfLabels(labels.outputs());
      case Targets.Numbers numbers -> new OfNumbers(numbers, loss);
    };
  }

  /** Classes, from log-probabilities or logits. */
  final class OfClasses implements TargetScores {

    private final ConfusionMatrix confusion;
    // Of examples, whatever they weigh.
    private final ConfusionMatrix decided;
    private final Calibration calibration = new Calibration();
    private final RocAuc auc = new RocAuc();

    private OfClasses(int classes) {
      this.confusion = new ConfusionMatrix(classes);
      this.decided = new ConfusionMatrix(classes);
    }

    ConfusionMatrix decided() {
      return decided;
    }

    @Override
    public void add(float[] outputs, int[] labels, float[] targets, float[] weights) {
      confusion.add(outputs, labels, weights);
      decided.add(outputs, labels);
      int columns = outputs.length / labels.length;
      float[] probabilities = Probabilities.softmax(outputs, columns);
      calibration.add(probabilities, labels, weights);
      if (confusion.classes() == 2 && columns == 2) {
        for (int i = 0; i < labels.length; i++) {
          // The difference of logits: probabilities near 1 would be equal.
          auc.add(outputs[2 * i + 1] - outputs[2 * i], labels[i] == 1, weights[i]);
        }
      }
    }

    @Override
    public Map<Measure, Double> measures() {
      Map<Measure, Double> found = new EnumMap<>(Measure.class);
      found.put(Measure.ERROR, confusion.error());
      found.put(Measure.F1, confusion.macroF1());
      if (confusion.classes() == 2) {
        found.put(Measure.AUC, auc.area());
      }
      found.put(Measure.CALIBRATION_ERROR, calibration.expectedError());
      found.put(Measure.BRIER, calibration.brier());
      return found;
    }
  }

  /** Labels, from logits. */
  final class OfLabels implements TargetScores {

    private final LabelCounts counts;
    private final List<RocAuc> aucs = new ArrayList<>();

    private OfLabels(int labels) {
      this.counts = new LabelCounts(labels);
      for (int k = 0; k < labels; k++) {
        aucs.add(new RocAuc());
      }
    }

    @Override
    public void add(float[] outputs, int[] labels, float[] targets, float[] weights) {
      counts.add(outputs, targets, weights);
      for (int i = 0; i < outputs.length; i++) {
        int row = i / aucs.size();
        aucs.get(i % aucs.size()).add(outputs[i], targets[i] > 0.5f, weights[row]);
      }
    }

    @Override
    public Map<Measure, Double> measures() {
      Map<Measure, Double> found = new EnumMap<>(Measure.class);
      found.put(Measure.ERROR, counts.error());
      found.put(Measure.F1, counts.macroF1());
      found.put(Measure.MICRO_F1, counts.microF1());
      found.put(Measure.EXACT_MATCH, counts.exactMatch());
      found.put(
          Measure.AUC,
          aucs.stream()
              .mapToDouble(RocAuc::area)
              .filter(area -> !Double.isNaN(area))
              .average()
              .orElse(Double.NaN));
      return found;
    }
  }

  /** Numbers, in their own units. */
  final class OfNumbers implements TargetScores {

    private final Targets.Numbers targets;
    private final RegressionErrors errors;
    // Of several quantiles of one number, which stands for it: that nearest to the median.
    private final int quantile;
    private final int quantiles;

    private OfNumbers(Targets.Numbers targets, Loss loss) {
      this.targets = targets;
      this.errors = new RegressionErrors(targets.outputs());
      List<Double> levels = loss instanceof QuantileLoss q ? q.levels() : List.of(0.5);
      this.quantiles = levels.size();
      int best = 0;
      for (int k = 0; k < quantiles; k++) {
        best = Math.abs(levels.get(k) - 0.5) < Math.abs(levels.get(best) - 0.5) ? k : best;
      }
      this.quantile = best;
    }

    @Override
    public void add(float[] outputs, int[] labels, float[] values, float[] weights) {
      float[] told = new float[values.length];
      float[] truth = new float[values.length];
      for (int i = 0; i < values.length; i++) {
        int number = i % targets.outputs();
        told[i] = restored(number, outputs[i * quantiles + quantile]);
        truth[i] = restored(number, values[i]);
      }
      errors.add(told, truth, weights);
    }

    private float restored(int number, float value) {
      return (float) targets.standardization().restore(number, value);
    }

    @Override
    public Map<Measure, Double> measures() {
      Map<Measure, Double> found = new EnumMap<>(Measure.class);
      found.put(Measure.RMSE, errors.rmse());
      found.put(Measure.MAE, errors.mae());
      found.put(Measure.R2, errors.r2());
      return found;
    }
  }
}

package io.hypertape.house;

import io.hypertape.metrics.Calibration;
import io.hypertape.metrics.ConfusionMatrix;
import io.hypertape.metrics.LabelCounts;
import io.hypertape.metrics.RegressionErrors;
import io.hypertape.metrics.RocAuc;
import io.hypertape.metrics.TopK;
import io.hypertape.models.BinaryCrossEntropy;
import io.hypertape.models.CrossEntropy;
import io.hypertape.models.Huber;
import io.hypertape.models.Loss;
import io.hypertape.models.QuantileLoss;
import io.hypertape.models.SquaredError;
import java.util.OptionalInt;

/** {@link Samples} of losses and metrics. */
final class TrainingSamples {

  private TrainingSamples() {}

  static void put(Samples samples) {
    samples.put(OptionalInt.class, OptionalInt.empty());
    samples.put(Loss.class, new SquaredError());
    samples.put(CrossEntropy.class, CrossEntropy.ofLogits());
    samples.put(BinaryCrossEntropy.class, new BinaryCrossEntropy());
    samples.put(SquaredError.class, new SquaredError());
    samples.put(Huber.class, new Huber(1));
    samples.put(QuantileLoss.class, new QuantileLoss(0.5));
    samples.put(ConfusionMatrix.class, new ConfusionMatrix(1));
    samples.put(TopK.class, new TopK(1));
    samples.put(RocAuc.class, new RocAuc());
    samples.put(RegressionErrors.class, new RegressionErrors(1));
    samples.put(Calibration.class, new Calibration());
    samples.put(LabelCounts.class, new LabelCounts(1));
  }
}

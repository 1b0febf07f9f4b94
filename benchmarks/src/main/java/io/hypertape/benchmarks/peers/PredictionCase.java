package io.hypertape.benchmarks.peers;

import java.util.List;

/**
 * Predictions that are compared.
 *
 * @param model {@code mlp}, {@code cnn}, {@code resnet20} or {@code char-lstm}
 * @param batch images, or texts of {@value #TEXT} symbols
 * @param task what of it: empty for one caller's mean time, {@code p50} and {@code p99} for what so
 *     many of a hundred calls take at most, {@code callers N} for the time that a prediction of N
 *     threads takes all of them together
 */
record PredictionCase(String model, int batch, String task) {

  /** The small convolutional network for MNIST. */
  static final String CNN = "cnn";

  /** Symbols of a text. */
  static final int TEXT = 50;

  /** All there are. */
  static final List<PredictionCase> LISTED =
      List.of(
          new PredictionCase(StepCase.MLP, 1),
          new PredictionCase(StepCase.MLP, 1, "p50"),
          new PredictionCase(StepCase.MLP, 1, "p99"),
          new PredictionCase(StepCase.MLP, 1, "callers 2"),
          new PredictionCase(StepCase.MLP, 1, "callers 8"),
          new PredictionCase(StepCase.MLP, 32),
          new PredictionCase(StepCase.MLP, 32, "p50"),
          new PredictionCase(StepCase.MLP, 32, "p99"),
          new PredictionCase(StepCase.MLP, 64),
          new PredictionCase(StepCase.MLP, 256),
          new PredictionCase(CNN, 1),
          new PredictionCase(CNN, 64),
          new PredictionCase(StepCase.RESNET20, 1),
          new PredictionCase(StepCase.RESNET20, 1, "p50"),
          new PredictionCase(StepCase.RESNET20, 1, "p99"),
          new PredictionCase(StepCase.RESNET20, 1, "callers 2"),
          new PredictionCase(StepCase.RESNET20, 1, "callers 8"),
          new PredictionCase(StepCase.RESNET20, 32),
          new PredictionCase(StepCase.RESNET20, 32, "p50"),
          new PredictionCase(StepCase.RESNET20, 32, "p99"),
          new PredictionCase(StepCase.RESNET20, 64),
          new PredictionCase(StepCase.CHAR_LSTM, 1),
          new PredictionCase(StepCase.CHAR_LSTM, 50));

  /** One caller's mean time. */
  PredictionCase(String model, int batch) {
    this(model, batch, "");
  }

  /** Whether a {@link io.hypertape.predict.Predictor} has it: it carries no state. */
  boolean isServed() {
    return !model.equals(StepCase.CHAR_LSTM);
  }

  /** How tables call it. */
  String label() {
    return (model + " batch " + batch + " " + task).strip();
  }

  /** How it is timed. */
  Pace pace() {
    return task.startsWith("p") ? Pace.EACH : Pace.PREDICTION;
  }

  /** What a filter is looked for in. */
  String name() {
    return "predict " + label();
  }
}

package io.hypertape.benchmarks.peers;

import java.util.List;

/**
 * Predictions that are compared.
 *
 * @param model {@code mlp}, {@code cnn}, {@code resnet20} or {@code char-lstm}
 * @param batch images, or texts of {@value #TEXT} symbols
 */
record PredictionCase(String model, int batch) {

  /** The small convolutional network for MNIST. */
  static final String CNN = "cnn";

  /** Symbols of a text. */
  static final int TEXT = 50;

  /** All there are. */
  static final List<PredictionCase> LISTED =
      List.of(
          new PredictionCase(StepCase.MLP, 1),
          new PredictionCase(StepCase.MLP, 64),
          new PredictionCase(StepCase.MLP, 256),
          new PredictionCase(CNN, 1),
          new PredictionCase(CNN, 64),
          new PredictionCase(StepCase.RESNET20, 1),
          new PredictionCase(StepCase.RESNET20, 64),
          new PredictionCase(StepCase.CHAR_LSTM, 1),
          new PredictionCase(StepCase.CHAR_LSTM, 50));

  /** How tables call it. */
  String label() {
    return model + " batch " + batch;
  }

  /** What a filter is looked for in. */
  String name() {
    return "predict " + label();
  }
}

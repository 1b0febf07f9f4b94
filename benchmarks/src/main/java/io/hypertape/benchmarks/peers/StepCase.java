package io.hypertape.benchmarks.peers;

import java.util.List;

/**
 * A training step that is compared.
 *
 * @param label how tables call it
 * @param model one of the names below
 * @param tower ours
 * @param script name of the step in the script of the PyTorch side
 * @param classes that its random labels are drawn from
 * @param pace how it is timed
 */
record StepCase(String label, String model, String tower, String script, int classes, Pace pace) {

  /** The paper's MLP. */
  static final String MLP = "mlp";

  /** The residual network of 20 layers for CIFAR-10. */
  static final String RESNET20 = "resnet20";

  /** The same with batches of 1024 images. */
  static final String WIDE_RESNET20 = "resnet20-1024";

  /** The character model. */
  static final String CHAR_LSTM = "char-lstm";

  /** All there are. */
  static final List<StepCase> LISTED =
      List.of(
          of(MLP, "sgd(0.01)", "sgd"),
          of(MLP, "adam(1e-3)/sgd(1e-5)", "adam/sgd"),
          of(CHAR_LSTM, "adam(2e-3)", CHAR_LSTM),
          of(RESNET20, "sgd(0.1, mu=0.9)", RESNET20));

  /** Those that are compared on a GPU. */
  static final List<StepCase> ON_DEVICE =
      List.of(
          onDevice(MLP, "sgd(0.01)", "sgd", Pace.GPU_SHORT),
          onDevice(MLP, "sgd(0.01)/sgd(1e-4)", "sgd/sgd", Pace.GPU_SHORT),
          onDevice(MLP, "sgd(0.01)/sgd(1e-4)^2", "sgd/sgd^2", Pace.GPU_SHORT),
          onDevice(MLP, "sgd(0.01)/sgd(1e-4)^3", "sgd/sgd^3", Pace.GPU_SHORT),
          onDevice(MLP, "sgd(0.01)/sgd(1e-4)^10", "sgd/sgd^10", Pace.GPU_SHORT),
          onDevice(MLP, "adam(1e-3)/sgd(1e-5)", "adam/sgd", Pace.GPU_SHORT),
          onDevice(RESNET20, "sgd(0.1, mu=0.9)", RESNET20, Pace.GPU_LONG),
          onDevice(WIDE_RESNET20, "sgd(0.1, mu=0.9)", WIDE_RESNET20, Pace.GPU_LONG),
          onDevice(CHAR_LSTM, "adam(2e-3)", CHAR_LSTM, Pace.GPU_LONG));

  private static StepCase onDevice(String model, String tower, String script, Pace pace) {
    int classes = model.equals(CHAR_LSTM) ? 90 : 10;
    return new StepCase(model + " " + tower, model, tower, script, classes, pace);
  }

  private static StepCase of(String model, String tower, String script) {
    return switch (model) {
      case CHAR_LSTM -> new StepCase(model + " " + tower, model, tower, script, 90, Pace.MEDIUM);
      case RESNET20 -> new StepCase(model + " " + tower, model, tower, script, 10, Pace.LONG);
      // It was the only model once, and is known by its tower.
      default -> new StepCase(tower, model, tower, script, 10, Pace.SHORT);
    };
  }

  /** What a filter is looked for in. */
  String name() {
    return "step " + label;
  }

  /** Whether the authors' own code can take it. */
  boolean isOfficial() {
    return script.equals("adam/sgd");
  }

  /** Whether DJL's side takes it. */
  boolean isOfDjl() {
    return script.equals("sgd");
  }
}

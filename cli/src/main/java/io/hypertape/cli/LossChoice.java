package io.hypertape.cli;

import io.hypertape.autodiff.Session;
import io.hypertape.data.Dataset;
import io.hypertape.data.Targets;
import io.hypertape.models.BinaryCrossEntropy;
import io.hypertape.models.CrossEntropy;
import io.hypertape.models.Huber;
import io.hypertape.models.Loss;
import io.hypertape.models.QuantileLoss;
import io.hypertape.models.SquaredError;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/**
 * What {@code --loss} names.
 *
 * @param name of the loss
 * @param numbers δ, or levels of quantiles, or s of label smoothing
 * @param balanced whether rare classes and labels count more
 */
record LossChoice(String name, List<Double> numbers, boolean balanced) {

  /** Metadata of a model's file: the loss, if it is not the usual one. */
  static final String NOTE = "loss";

  static final String FORMS =
      "squared-error, huber(DELTA), quantile(LEVEL[,LEVEL…]), cross-entropy[(balanced,SMOOTHING)]"
          + " or binary-cross-entropy[(balanced)]";

  private static final Pattern TEXT = Pattern.compile("([a-z-]+)(?:\\((.*)\\))?");
  private static final String BALANCED = "balanced";

  /**
   * A loss for a session's tensors.
   *
   * @param loss the loss
   * @param text what reads as its choice
   */
  record Made(Loss loss, String text) {}

  static LossChoice parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip());
    if (!matcher.matches()) {
      throw unknown(text);
    }
    List<Double> numbers = new ArrayList<>();
    boolean balanced = false;
    String settings = matcher.group(2) == null ? "" : matcher.group(2);
    for (String setting : settings.isBlank() ? new String[0] : settings.split(",", -1)) {
      if (setting.strip().equals(BALANCED)) {
        balanced = true;
      } else {
        numbers.add(number(text, setting.strip()));
      }
    }
    LossChoice choice = new LossChoice(matcher.group(1), numbers, balanced);
    choice.check(text);
    return choice;
  }

  private static double number(String text, String setting) {
    try {
      return Double.parseDouble(setting);
    } catch (NumberFormatException e) {
      throw unknown(text);
    }
  }

  private static TypeConversionException unknown(String text) {
    return new TypeConversionException("unknown loss '" + text + "'; there are " + FORMS);
  }

  private void check(String text) {
    try {
      boolean fits =
          switch (name) {
            case "squared-error" -> numbers.isEmpty() && !balanced;
            case "huber" -> numbers.size() == 1 && !balanced && new Huber(numbers.get(0)) != null;
            case "quantile" -> !balanced && new QuantileLoss(numbers) != null;
            case "cross-entropy" ->
                numbers.size() <= 1 && CrossEntropy.ofLogits().smoothed(smoothing()) != null;
            case "binary-cross-entropy" -> numbers.isEmpty();
            default -> false;
          };
      if (!fits) {
        throw unknown(text);
      }
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }

  private double smoothing() {
    return numbers.isEmpty() ? 0 : numbers.getFirst();
  }

  /** How many outputs a model needs. */
  int outputs(Targets targets) {
    return name.equals("quantile") ? numbers.size() * targets.outputs() : targets.outputs();
  }

  /** Whether it is one for such targets. */
  boolean fits(Targets targets) {
    return switch (targets) {
      case Targets.Classes unused -> name.equals("cross-entropy");
      case Targets.Labels unused -> name.equals("binary-cross-entropy");
      case Targets.Numbers n ->
          switch (name) {
            case "squared-error", "huber" -> true;
            case "quantile" -> n.outputs() == 1 || numbers.size() == 1;
            default -> false;
          };
    };
  }

  /** The loss; what is balanced is balanced by the data to learn from. */
  Made make(Session session, Dataset train) {
    int outputs = train.targets().outputs();
    Loss loss =
        switch (name) {
          case "huber" -> new Huber(numbers.getFirst());
          case "quantile" -> new QuantileLoss(numbers);
          case "cross-entropy" -> {
            CrossEntropy plain = CrossEntropy.ofLogProbabilities().smoothed(smoothing());
            yield balanced
                ? plain.weighted(session.tensor(classWeights(train, outputs), outputs))
                : plain;
          }
          case "binary-cross-entropy" ->
              balanced
                  ? new BinaryCrossEntropy()
                      .weighted(session.tensor(labelWeights(train, outputs), outputs))
                  : new BinaryCrossEntropy();
          default -> new SquaredError();
        };
    return new Made(loss, toString());
  }

  /** n/(classes·n of the class), as scikit-learn's class_weight='balanced' has it. */
  private static double[] classWeights(Dataset train, int classes) {
    double[] counts = new double[classes];
    for (int i = 0; i < train.size(); i++) {
      counts[train.label(i)]++;
    }
    for (int k = 0; k < classes; k++) {
      counts[k] = train.size() / (classes * Math.max(counts[k], 1));
    }
    return counts;
  }

  /** How many times more often a label does not hold than it does. */
  private static double[] labelWeights(Dataset train, int labels) {
    double[] weights = new double[labels];
    float[] row = new float[labels];
    for (int i = 0; i < train.size(); i++) {
      train.copyTarget(i, row, 0);
      for (int k = 0; k < labels; k++) {
        weights[k] += row[k];
      }
    }
    for (int k = 0; k < labels; k++) {
      weights[k] = (train.size() - weights[k]) / Math.max(weights[k], 1);
    }
    return weights;
  }

  @Override
  public String toString() {
    List<String> settings = new ArrayList<>();
    if (balanced) {
      settings.add(BALANCED);
    }
    numbers.forEach(number -> settings.add(number.toString()));
    return settings.isEmpty() ? name : name + "(" + String.join(",", settings) + ")";
  }
}

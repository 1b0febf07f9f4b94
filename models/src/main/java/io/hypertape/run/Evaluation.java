package io.hypertape.run;

import io.hypertape.autodiff.Session;
import io.hypertape.checks.Nulls;
import io.hypertape.data.Dataset;
import io.hypertape.data.LabeledImages;
import io.hypertape.data.Normalization;
import io.hypertape.metrics.Measure;
import io.hypertape.models.Layer;
import io.hypertape.models.Loss;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;

/**
 * How well a model does on a set.
 *
 * @param examples how many
 * @param measures the loss, and what fits to the kind of targets: of classes error, F1, calibration
 *     error, Brier's score and, of two, AUC; of labels error, F1, exact match and AUC; of numbers
 *     RMSE, MAE and R² in their own units
 * @param valid how well it does on the set to choose by; empty if there is none
 */
public record Evaluation(int examples, Map<Measure, Double> measures, Optional<Evaluation> valid)
    implements Score {

  /** Keeps a copy of the measures, in their order. */
  public Evaluation {
    Map<Measure, Double> copy = new EnumMap<>(Measure.class);
    copy.putAll(Nulls.copy(measures, "evaluation: measures"));
    measures = Collections.unmodifiableMap(copy);
    Nulls.check(valid, "evaluation: valid");
  }

  /**
   * That of a classifier.
   *
   * @param examples how many
   * @param loss mean negative log-likelihood, in nats
   * @param error fraction of wrong answers, 0 to 1
   */
  public Evaluation(int examples, double loss, double error) {
    this(examples, Map.of(Measure.LOSS, loss, Measure.ERROR, error), Optional.empty());
  }

  /**
   * Evaluates a model of images that gives log-probabilities, on pixels in [0, 1].
   *
   * @param session the model's
   * @param model from [batch, channels, height, width] to log-probabilities [batch, classes]
   * @param images what to judge by
   * @param normalization what becomes of pixels
   * @return the result; a model whose outputs are NaN is wrong everywhere
   * @throws IllegalArgumentException if there are no images, or the model is one for others
   * @throws CancellationException if the thread is interrupted; its status is kept
   */
  public static Evaluation of(
      Session session, Layer model, LabeledImages images, Normalization normalization) {
    return ClassErrors.of(session, model, images, normalization).all();
  }

  /**
   * Evaluates a model by the loss that is usual for its targets: the negative log-likelihood of
   * classes from log-probabilities, binary cross-entropy of labels from logits, the mean squared
   * error of numbers.
   *
   * @param session the model's
   * @param model from [batch, shape] to [batch, outputs]
   * @param data what to judge by; pixels of images are in [0, 1]
   * @return the result; a model whose outputs are NaN is wrong everywhere
   * @throws IllegalArgumentException if there are no examples, or the model is one for others
   * @throws CancellationException if the thread is interrupted; its status is kept
   */
  public static Evaluation of(Session session, Layer model, Dataset data) {
    Nulls.check(data, "evaluation: data");
    Dataset.checked(data, "data");
    return of(session, model, data, Trainer.usualLoss(data.targets()));
  }

  /**
   * Evaluates a model.
   *
   * @param session the model's
   * @param model from [batch, shape] to [batch, outputs]
   * @param data what to judge by; pixels of images are in [0, 1]
   * @param loss of the model's outputs
   * @return the result; a model whose outputs are NaN is wrong everywhere
   * @throws IllegalArgumentException if there are no examples, or the model is one for others
   * @throws CancellationException if the thread is interrupted; its status is kept
   */
  public static Evaluation of(Session session, Layer model, Dataset data, Loss loss) {
    Nulls.check(session, "evaluation: session");
    Nulls.check(model, "evaluation: model");
    Nulls.check(data, "evaluation: data");
    Nulls.check(loss, "evaluation: loss");
    return ExampleJudge.of(session, model, data, loss).evaluation();
  }

  Evaluation withValid(Evaluation newValid) {
    return new Evaluation(examples, measures, Optional.of(newValid));
  }

  /**
   * A measure's value.
   *
   * @param measure which
   * @return NaN if the kind of targets has no such measure, or nothing was judged
   */
  public double measure(Measure measure) {
    return measures.getOrDefault(Nulls.check(measure, "evaluation: measure"), Double.NaN);
  }

  /**
   * The loss.
   *
   * @return mean over the examples
   */
  public double loss() {
    return measure(Measure.LOSS);
  }

  /**
   * Fraction of wrong answers.
   *
   * @return 0 to 1; NaN if numbers were foretold
   */
  public double error() {
    return measure(Measure.ERROR);
  }

  @Override
  public String text() {
    if (examples == 0) {
      return "not tested";
    }
    return valid.map(v -> v.text("valid") + "  ").orElse("") + text("test");
  }

  @Override
  public Map<String, Double> numbers() {
    Map<String, Double> numbers = new LinkedHashMap<>();
    valid.ifPresent(part -> part.put("valid_", numbers));
    put("test_", numbers);
    return numbers;
  }

  private void put(String part, Map<String, Double> numbers) {
    measures.forEach((what, value) -> numbers.put(part + what.text().replace(' ', '_'), value));
  }

  /** The measures that say most. */
  private String text(String part) {
    List<Measure> shown =
        measures.containsKey(Measure.RMSE)
            ? List.of(Measure.RMSE, Measure.R2)
            : measures.containsKey(Measure.EXACT_MATCH)
                ? List.of(Measure.F1, Measure.EXACT_MATCH)
                : List.of(Measure.ERROR);
    return shown.stream()
        .map(m -> part + " " + m.text() + " " + shown(m, measure(m)))
        .collect(Collectors.joining("  "));
  }

  private static String shown(Measure measure, double value) {
    return measure == Measure.ERROR
        ? String.format(Locale.ROOT, "%.2f%%", 100 * value)
        : String.format(Locale.ROOT, "%.5g", value);
  }

  @Override
  public String toString() {
    return "Evaluation[examples="
        + examples
        + measures.entrySet().stream()
            .map(entry -> ", " + entry.getKey().text() + "=" + entry.getValue())
            .collect(Collectors.joining())
        + valid.map(v -> ", valid=" + v).orElse("")
        + "]";
  }
}

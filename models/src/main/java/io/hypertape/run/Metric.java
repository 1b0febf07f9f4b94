package io.hypertape.run;

import io.hypertape.checks.Nulls;
import io.hypertape.metrics.Measure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** A number of an epoch by which a run is judged. */
public enum Metric {
  /** Mean of the losses of an epoch's batches, each before its update. */
  TRAIN_LOSS,
  /** Mean loss on the data held back to choose by. */
  VALID_LOSS(Measure.LOSS),
  /** Fraction of wrong answers on the data held back to choose by. */
  VALID_ERROR(Measure.ERROR),
  /** Mean of the classes' or labels' F1 on the data held back to choose by. */
  VALID_F1(Measure.F1),
  /** Area under the ROC curve on the data held back to choose by. */
  VALID_AUC(Measure.AUC),
  /** Root of the mean squared error on the data held back to choose by. */
  VALID_RMSE(Measure.RMSE),
  /** Mean absolute error on the data held back to choose by. */
  VALID_MAE(Measure.MAE),
  /** Coefficient of determination on the data held back to choose by. */
  VALID_R2(Measure.R2),
  /** Mean loss on the data held back to judge by. */
  TEST_LOSS(Measure.LOSS),
  /** Fraction of wrong answers on the data held back to judge by. */
  TEST_ERROR(Measure.ERROR),
  /** Mean of the classes' or labels' F1 on the data held back to judge by. */
  TEST_F1(Measure.F1),
  /** Area under the ROC curve on the data held back to judge by. */
  TEST_AUC(Measure.AUC),
  /** Root of the mean squared error on the data held back to judge by. */
  TEST_RMSE(Measure.RMSE),
  /** Mean absolute error on the data held back to judge by. */
  TEST_MAE(Measure.MAE),
  /** Coefficient of determination on the data held back to judge by. */
  TEST_R2(Measure.R2),
  /** A language model's perplexity on the part to choose a model by. */
  VALID_PERPLEXITY,
  /** A language model's perplexity on the part to judge it by. */
  TEST_PERPLEXITY;

  private static final List<Metric> IMAGES = List.of(TRAIN_LOSS, TEST_LOSS, TEST_ERROR, TEST_F1);
  private static final List<Metric> TEXT = List.of(TRAIN_LOSS, VALID_PERPLEXITY, TEST_PERPLEXITY);

  private final Optional<Measure> measure;

  Metric() {
    this.measure = Optional.empty();
  }

  Metric(Measure measure) {
    this.measure = Optional.of(measure);
  }

  /**
   * The metric as text.
   *
   * @return such as {@code test error}
   */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /**
   * Reads a metric's text.
   *
   * @param text such as {@code test error}
   * @return the metric
   * @throws IllegalArgumentException if there is none of that name; tells all
   */
  public static Metric parse(String text) {
    Nulls.check(text, "metric: text");
    String plain = text.strip().toLowerCase(Locale.ROOT).replaceAll("\\s+", " ");
    for (Metric metric : values()) {
      if (metric.text().equals(plain)) {
        return metric;
      }
    }
    throw new IllegalArgumentException(
        "'" + text.strip() + "' is no metric; there are " + list(Arrays.asList(values())));
  }

  /**
   * By what a classifier of images is judged.
   *
   * @return its metrics
   */
  public static List<Metric> ofImages() {
    return IMAGES;
  }

  /**
   * By what a language model is judged.
   *
   * @return its metrics
   */
  public static List<Metric> ofText() {
    return TEXT;
  }

  /**
   * By what a model of a table or of other examples is judged; each kind of targets has some of
   * them.
   *
   * @return all metrics but those of language models
   */
  public static List<Metric> ofExamples() {
    return Arrays.stream(values()).filter(m -> m == TRAIN_LOSS || m.measure.isPresent()).toList();
  }

  private static String list(List<Metric> metrics) {
    return metrics.stream().map(Metric::text).collect(Collectors.joining(", "));
  }

  /**
   * By what a model is judged that has such a score.
   *
   * @param score how it does
   * @return all its metrics, the train loss first
   */
  public static List<Metric> of(Score score) {
    Nulls.check(score, "metric: score");
    return switch (score) {
      case LanguageEvaluation unused -> TEXT;
      case Evaluation evaluation -> {
        List<Metric> known = new ArrayList<>();
        for (Metric metric : ofExamples()) {
          boolean there =
              metric == TRAIN_LOSS
                  || metric
                      .part(evaluation)
                      .filter(part -> part.measures().containsKey(metric.measure.orElseThrow()))
                      .isPresent();
          if (there) {
            known.add(metric);
          }
        }
        yield known;
      }
    };
  }

  /** What a model does on the part that this is a metric of, if there is such a part. */
  private Optional<Evaluation> part(Evaluation evaluation) {
    return name().startsWith("VALID") ? evaluation.valid() : Optional.of(evaluation);
  }

  /**
   * Refuses what a model is not judged by.
   *
   * @param score how the model does, or that of no data
   * @throws IllegalArgumentException if it has no such metric; tells those that it has
   */
  void checkFits(Score score) {
    List<Metric> known = of(score);
    if (!known.contains(this)) {
      throw new IllegalArgumentException(
          kind(score) + " has no " + text() + "; it has " + list(known));
    }
  }

  private static String kind(Score score) {
    if (!(score instanceof Evaluation evaluation)) {
      return "a language model";
    }
    return evaluation.measures().containsKey(Measure.RMSE)
        ? "a model of numbers"
        : evaluation.measures().containsKey(Measure.EXACT_MATCH)
            ? "a model of labels"
            : "a classifier";
  }

  /** The metric as a number that is the smaller the better. */
  double of(double trainLoss, Score score) {
    double value = value(trainLoss, score);
    return measure.isPresent() && measure.get().better() == Measure.Better.HIGHER ? -value : value;
  }

  /**
   * The metric of a judgement.
   *
   * @param trainLoss mean of the losses of an epoch's batches so far
   * @param score how the model does on data held back
   * @return its value
   * @throws IllegalArgumentException if such a model is not judged by this metric
   */
  public double value(double trainLoss, Score score) {
    Nulls.check(score, "metric: score");
    checkFits(score);
    if (this == TRAIN_LOSS) {
      return trainLoss;
    }
    return switch (score) {
      case Evaluation evaluation -> part(evaluation).orElseThrow().measure(measure.orElseThrow());
      case LanguageEvaluation text ->
          (this == TEST_PERPLEXITY ? text.test() : text.valid()).perplexity();
    };
  }
}

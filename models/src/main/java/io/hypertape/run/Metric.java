package io.hypertape.run;

import io.hypertape.checks.Nulls;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A number of an epoch by which a run is judged; the smaller the better. */
public enum Metric {
  /** Mean of the losses of an epoch's batches, each before its update. */
  TRAIN_LOSS,
  /** A classifier's mean loss on the data held back. */
  TEST_LOSS,
  /** A classifier's fraction of wrong answers on the data held back. */
  TEST_ERROR,
  /** A language model's perplexity on the part to choose a model by. */
  VALID_PERPLEXITY,
  /** A language model's perplexity on the part to judge it by. */
  TEST_PERPLEXITY;

  private static final List<Metric> IMAGES = List.of(TRAIN_LOSS, TEST_LOSS, TEST_ERROR);
  private static final List<Metric> TEXT = List.of(TRAIN_LOSS, VALID_PERPLEXITY, TEST_PERPLEXITY);

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

  private static String list(List<Metric> metrics) {
    return metrics.stream().map(Metric::text).collect(Collectors.joining(", "));
  }

  /**
   * Refuses what a model is not judged by.
   *
   * @param score how the model does, or that of no data
   * @throws IllegalArgumentException if it has no such metric; tells those that it has
   */
  void checkFits(Score score) {
    List<Metric> known = score instanceof Evaluation ? ofImages() : ofText();
    if (!known.contains(this)) {
      throw new IllegalArgumentException(
          (score instanceof Evaluation ? "a classifier" : "a language model")
              + " has no "
              + text()
              + "; it has "
              + list(known));
    }
  }

  double of(double trainLoss, Score score) {
    checkFits(score);
    if (this == TRAIN_LOSS) {
      return trainLoss;
    }
    return switch (score) {
      case Evaluation images -> this == TEST_LOSS ? images.loss() : images.error();
      case LanguageEvaluation text ->
          (this == TEST_PERPLEXITY ? text.test() : text.valid()).perplexity();
    };
  }
}

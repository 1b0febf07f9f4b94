package io.hypertape.run;

import io.hypertape.autodiff.Session;
import io.hypertape.checks.Nulls;
import io.hypertape.data.LabeledImages;
import io.hypertape.data.Normalization;
import io.hypertape.models.Layer;
import java.util.Locale;
import java.util.concurrent.CancellationException;

/**
 * How well a classifier does on a set.
 *
 * @param images how many
 * @param loss mean negative log-likelihood, in nats
 * @param error fraction of wrong answers, 0 to 1
 */
public record Evaluation(int images, double loss, double error) implements Score {

  /** That of no image, as when a run was interrupted before it was judged. */
  static final Evaluation NONE = new Evaluation(0, Double.NaN, Double.NaN);

  /**
   * Evaluates a model that gives log-probabilities, on pixels in [0, 1].
   *
   * @param session the model's
   * @param model from [batch, channels, height, width] to log-probabilities [batch, classes]
   * @param images what to judge by
   * @return the result; a model whose outputs are NaN is wrong everywhere
   * @throws IllegalArgumentException if there are no images, or the model is one for others
   * @throws CancellationException if the thread is interrupted; its status is kept
   */
  public static Evaluation of(Session session, Layer model, LabeledImages images) {
    Nulls.check(images, "evaluation: images");
    return of(session, model, images, Normalization.none(images.channels()));
  }

  /**
   * Evaluates a model that gives log-probabilities.
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

  @Override
  public String text() {
    return images == 0
        ? "not tested"
        : String.format(Locale.ROOT, "test error %.2f%%", 100 * error);
  }
}

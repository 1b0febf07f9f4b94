package io.hypertape.run;

import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.data.Augmentation;
import io.hypertape.data.Batches;
import io.hypertape.data.LabeledImages;
import io.hypertape.data.Normalization;
import io.hypertape.data.Preparation;
import io.hypertape.models.Layer;
import io.hypertape.models.Losses;
import io.hypertape.models.Mode;
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

  private static final int BATCH = 1000;

  /** Values a batch has at the most: a convolution's outputs are many times its inputs. */
  private static final int MAX_VALUES = 1 << 19;

  /** MNIST's 784 values an image are few; models of larger images are deep. */
  private static final int SMALL_IMAGE = 1024;

  /**
   * Evaluates a model that gives log-probabilities, on pixels in [0, 1].
   *
   * @param session the model's
   * @param model from [batch, channels, height, width] to log-probabilities [batch, classes]
   * @param images what to judge by
   * @return the result; a model whose outputs are NaN is wrong everywhere
   * @throws CancellationException if the thread is interrupted; its status is kept
   */
  public static Evaluation of(Session session, Layer model, LabeledImages images) {
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
   * @throws CancellationException if the thread is interrupted; its status is kept
   */
  public static Evaluation of(
      Session session, Layer model, LabeledImages images, Normalization normalization) {
    Batches batches =
        new Batches(
            images,
            batch(images),
            Batches.LastBatch.KEEP,
            new Preparation(normalization, Augmentation.NONE));
    double loss = 0;
    int wrong = 0;
    while (batches.next()) {
      if (Thread.currentThread().isInterrupted()) {
        throw new CancellationException("the evaluation of " + images.name() + " was interrupted");
      }
      try (Scope unused = session.scratch()) {
        Tensor input =
            session.tensor(
                batches.x(), batches.rows(), images.channels(), images.height(), images.width());
        Tensor output = model.forward(input, Mode.EVALUATE);
        loss += batches.rows() * Losses.nll(output, session.indices(batches.y())).item();
        wrong += wrong(output.toFloats(), batches.y());
      }
    }
    int n = images.size();
    return new Evaluation(n, loss / n, (double) wrong / n);
  }

  private static int batch(LabeledImages images) {
    return images.features() <= SMALL_IMAGE
        ? BATCH
        : Math.clamp(MAX_VALUES / images.features(), 1, BATCH);
  }

  @Override
  public String text() {
    return images == 0
        ? "not tested"
        : String.format(Locale.ROOT, "test error %.2f%%", 100 * error);
  }

  /** A model may know more classes than the set has. */
  private static int wrong(float[] output, int[] labels) {
    int classes = output.length / labels.length;
    int wrong = 0;
    for (int i = 0; i < labels.length; i++) {
      int best = 0;
      for (int k = 1; k < classes; k++) {
        if (output[i * classes + k] > output[i * classes + best]) {
          best = k;
        }
      }
      boolean right = best == labels[i] && !Float.isNaN(output[i * classes + best]);
      wrong += right ? 0 : 1;
    }
    return wrong;
  }
}

package io.hypertape.run;

import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.data.Batches;
import io.hypertape.data.LabeledImages;
import io.hypertape.models.Layer;
import io.hypertape.models.Losses;

/**
 * How well a classifier does on a set.
 *
 * @param images how many
 * @param loss mean negative log-likelihood, in nats
 * @param error fraction of wrong answers, 0 to 1
 */
public record Evaluation(int images, double loss, double error) {

  private static final int BATCH = 1000;

  /**
   * Evaluates a model that gives log-probabilities.
   *
   * @param session the model's
   * @param model from [batch, features] to log-probabilities [batch, classes]
   * @param images what to judge by
   * @return the result; a model whose outputs are NaN is wrong everywhere
   */
  public static Evaluation of(Session session, Layer model, LabeledImages images) {
    Batches batches = new Batches(images, BATCH, Batches.LastBatch.KEEP);
    double loss = 0;
    int wrong = 0;
    while (batches.next()) {
      try (Scope unused = session.scratch()) {
        Tensor output =
            model.forward(session.tensor(batches.x(), batches.rows(), images.features()));
        loss += batches.rows() * Losses.nll(output, session.indices(batches.y())).item();
        wrong += wrong(output.toFloats(), batches.y(), images.classes());
      }
    }
    int n = images.size();
    return new Evaluation(n, loss / n, (double) wrong / n);
  }

  private static int wrong(float[] output, int[] labels, int classes) {
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

package io.hypertape.run;

import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import io.hypertape.data.Augmentation;
import io.hypertape.data.Batches;
import io.hypertape.data.LabeledImages;
import io.hypertape.data.Normalization;
import io.hypertape.data.Preparation;
import io.hypertape.models.Layer;
import io.hypertape.models.Losses;
import io.hypertape.models.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * How well a classifier does on a set, and on each of its classes.
 *
 * @param all on the whole set
 * @param classes on each class, in the order of their numbers
 */
public record ClassErrors(Evaluation all, List<OfClass> classes) {

  /**
   * How well a classifier does on a class.
   *
   * @param name what it is called; its number if the set has no names
   * @param images that are of this class
   * @param wrong how many of them were taken for another
   */
  public record OfClass(String name, int images, int wrong) {

    /** Checks that all is there. */
    public OfClass {
      Nulls.check(name, "errors of a class: name");
    }
  }

  private static final int BATCH = 1000;

  /** Values a batch has at the most: a convolution's outputs are many times its inputs. */
  private static final int MAX_VALUES = 1 << 19;

  /** MNIST's 784 values an image are few; models of larger images are deep. */
  private static final int SMALL_IMAGE = 1024;

  /** Keeps a copy of the list. */
  public ClassErrors {
    Nulls.check(all, "errors of classes: all");
    classes = Nulls.copy(classes, "errors of classes: classes");
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
  public static ClassErrors of(
      Session session, Layer model, LabeledImages images, Normalization normalization) {
    Nulls.check(session, "evaluation: session");
    Nulls.check(model, "evaluation: model");
    Nulls.check(images, "evaluation: images");
    Nulls.check(normalization, "evaluation: normalization");
    DataChecks.check(model, images);
    Batches batches =
        new Batches(
            images,
            batch(images),
            Batches.LastBatch.KEEP,
            new Preparation(normalization, Augmentation.NONE));
    double loss = 0;
    int[] seen = new int[images.classes()];
    int[] wrong = new int[images.classes()];
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
        count(output.toFloats(), batches.y(), seen, wrong);
      }
    }
    return of(images, loss, seen, wrong);
  }

  private static ClassErrors of(LabeledImages images, double loss, int[] seen, int[] wrong) {
    List<OfClass> classes = new ArrayList<>();
    int all = 0;
    for (int k = 0; k < seen.length; k++) {
      List<String> names = images.classNames();
      String name = names.isEmpty() ? Integer.toString(k) : names.get(k);
      classes.add(new OfClass(name, seen[k], wrong[k]));
      all += wrong[k];
    }
    int n = images.size();
    return new ClassErrors(new Evaluation(n, loss / n, (double) all / n), classes);
  }

  private static int batch(LabeledImages images) {
    return images.features() <= SMALL_IMAGE
        ? BATCH
        : Math.clamp(MAX_VALUES / images.features(), 1, BATCH);
  }

  /** A model may know more classes than the set has. */
  private static void count(float[] output, int[] labels, int[] seen, int[] wrong) {
    int classes = output.length / labels.length;
    for (int i = 0; i < labels.length; i++) {
      int best = 0;
      for (int k = 1; k < classes; k++) {
        if (output[i * classes + k] > output[i * classes + best]) {
          best = k;
        }
      }
      boolean right = best == labels[i] && !Float.isNaN(output[i * classes + best]);
      seen[labels[i]]++;
      wrong[labels[i]] += right ? 0 : 1;
    }
  }
}

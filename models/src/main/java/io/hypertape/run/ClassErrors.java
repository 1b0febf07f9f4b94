package io.hypertape.run;

import io.hypertape.autodiff.Session;
import io.hypertape.checks.Nulls;
import io.hypertape.data.Dataset;
import io.hypertape.data.LabeledImages;
import io.hypertape.data.Normalization;
import io.hypertape.data.Targets;
import io.hypertape.metrics.ConfusionMatrix;
import io.hypertape.models.CrossEntropy;
import io.hypertape.models.Layer;
import io.hypertape.models.Loss;
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
   * @param examples that are of this class
   * @param wrong how many of them were taken for another
   */
  public record OfClass(String name, int examples, int wrong) {

    /** Checks that all is there. */
    public OfClass {
      Nulls.check(name, "errors of a class: name");
    }
  }

  /** Keeps a copy of the list. */
  public ClassErrors {
    Nulls.check(all, "errors of classes: all");
    classes = Nulls.copy(classes, "errors of classes: classes");
  }

  /**
   * Evaluates a model of images that gives log-probabilities.
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
    Loss loss = CrossEntropy.ofLogProbabilities();
    return of(images, ExampleJudge.of(session, model, images, loss, normalization));
  }

  /**
   * Evaluates a model that gives log-probabilities.
   *
   * @param session the model's
   * @param model from [batch, shape] to log-probabilities [batch, classes]
   * @param data what to judge by, of classes; weights of examples count in the whole alone
   * @return the result; a model whose outputs are NaN is wrong everywhere
   * @throws IllegalArgumentException if there are no examples or no classes, or the model is one
   *     for others
   * @throws CancellationException if the thread is interrupted; its status is kept
   */
  public static ClassErrors of(Session session, Layer model, Dataset data) {
    Nulls.check(session, "evaluation: session");
    Nulls.check(model, "evaluation: model");
    Nulls.check(data, "evaluation: data");
    Dataset.checked(data, "data");
    if (!(data.targets() instanceof Targets.Classes)) {
      throw new IllegalArgumentException(
          data.name() + ": " + data.targets().text() + " are no classes");
    }
    return of(data, ExampleJudge.of(session, model, data, CrossEntropy.ofLogProbabilities()));
  }

  private static ClassErrors of(Dataset data, ExampleJudge judge) {
    ConfusionMatrix counts = ((TargetScores.OfClasses) judge.scores()).decided();
    List<OfClass> classes = new ArrayList<>();
    for (int k = 0; k < counts.classes(); k++) {
      List<String> names = data.targets().names();
      String name = names.isEmpty() ? Integer.toString(k) : names.get(k);
      int seen = (int) counts.support(k);
      classes.add(new OfClass(name, seen, seen - (int) counts.count(k, k)));
    }
    return new ClassErrors(judge.evaluation(), classes);
  }
}

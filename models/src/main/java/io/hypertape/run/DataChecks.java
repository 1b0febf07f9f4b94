package io.hypertape.run;

import io.hypertape.autodiff.Session;
import io.hypertape.checks.Nulls;
import io.hypertape.data.Dataset;
import io.hypertape.data.LabeledImages;
import io.hypertape.data.Targets;
import io.hypertape.data.TextCorpus;
import io.hypertape.data.TrainingData;
import io.hypertape.models.CharLstm;
import io.hypertape.models.Classifier;
import io.hypertape.models.Layer;
import io.hypertape.models.Mode;
import io.hypertape.models.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Whether a model can learn from data and be judged by them, told before the first step. */
final class DataChecks {

  private DataChecks() {}

  /** All parts must have examples, and the model must be one for them. */
  static void check(Layer model, TrainingData data) {
    Dataset train = Asked.train(data);
    if (train.size() == 0) {
      throw new IllegalArgumentException(
          data.name() + ": no " + several(train) + " to learn from; at least one is needed");
    }
    check(model, train);
    Nulls.check(data.valid(), "data.valid()").ifPresent(part -> check(model, part));
    check(model, Nulls.check(data.test(), "data.test()"));
  }

  /** The set must have examples, and the model must be one for them. */
  static void check(Layer model, Dataset data) {
    Dataset.checked(data, "data");
    if (data.size() == 0) {
      throw new IllegalArgumentException(
          data.name() + ": no " + several(data) + " to judge by; at least one is needed");
    }
    if (model instanceof Network network) {
      check(network, data);
    }
  }

  private static String several(Dataset data) {
    return data instanceof LabeledImages ? "images" : "examples";
  }

  private static String one(Dataset data) {
    return data instanceof LabeledImages ? "image" : "example";
  }

  private static void check(Network model, Dataset data) {
    List<Integer> wanted = Asked.inputShape(model);
    List<Integer> given = wanted.size() == 1 ? List.of(data.features()) : data.shape();
    int outputs = data.targets().outputs();
    boolean classes = data.targets() instanceof Targets.Classes;
    // Several quantiles of a number are several outputs.
    boolean fits = wanted.size() == given.size() && model.outputs() >= outputs;
    for (int i = 0; fits && i < wanted.size(); i++) {
      fits = wanted.get(i) == 0 || wanted.get(i).equals(given.get(i));
    }
    if (!fits) {
      throw new IllegalArgumentException(
          model.family()
              + " for inputs of "
              + described(wanted)
              + " and "
              + model.outputs()
              + (model instanceof Classifier ? " classes; " : " outputs; ")
              + data.name()
              + " has "
              + given
              + " and "
              + (classes ? outputs : data.targets().text()));
    }
    if (model instanceof Classifier && !classes) {
      throw new IllegalArgumentException(
          model.family()
              + " tells classes apart; "
              + data.name()
              + " has "
              + data.targets().text()
              + ", for which FeedForward or layers of your own fit");
    }
  }

  private static String described(List<Integer> shape) {
    return shape.stream()
        .map(length -> length == 0 ? "any" : length.toString())
        .collect(Collectors.joining(", ", "[", "]"));
  }

  /** The model must know every character that stands in a text. */
  static void check(CharLstm model, TextCorpus corpus) {
    int known = model.spec().vocabulary();
    for (char[] part : List.of(corpus.train(), corpus.valid(), corpus.test())) {
      for (char symbol : part) {
        if (symbol >= known) {
          throw new IllegalArgumentException(
              corpus.name()
                  + ": character U+"
                  + String.format(Locale.ROOT, "%04X", corpus.vocabulary().codePoint(symbol))
                  + " is number "
                  + (int) symbol
                  + "; the model knows 0 to "
                  + (known - 1));
        }
      }
    }
  }

  /**
   * Batch norm has nothing to learn from a single value a channel, which the last batch of an epoch
   * may leave. Whether a model has such a layer is found by showing it one image, where one would
   * be left; running statistics and masks are then what they were.
   *
   * @param reached whether the run comes to an epoch's last batch
   */
  static void checkLastBatch(
      Session session, Layer model, TrainingData data, int batch, boolean reached) {
    int images = data.train().size();
    if (!reached || last(images, batch) != 1 || refusal(session, model, data.train(), 2) != null) {
      return;
    }
    IllegalArgumentException refusal = refusal(session, model, data.train(), 1);
    if (refusal != null) {
      throw new IllegalArgumentException(
          data.name()
              + ": "
              + images
              + " "
              + (images == 1 ? one(data.train()) : several(data.train()))
              + " in batches of "
              + batch
              + (images == 1 || batch == 1 ? " make batches of one" : " leave one for the last")
              + "; "
              + refusal.getMessage()
              + advice(several(data.train()), images, batch),
          refusal);
    }
  }

  /** Images in the last batch of an epoch. */
  private static int last(int images, int batch) {
    return images % batch == 0 ? batch : images % batch;
  }

  private static String advice(String what, int images, int batch) {
    List<String> fit = new ArrayList<>();
    for (int less = batch - 1; less > 1 && fit.isEmpty(); less--) {
      if (last(images, less) > 1) {
        fit.add(Integer.toString(less));
      }
    }
    for (int more = batch + 1; more <= images; more++) {
      if (last(images, more) > 1) {
        fit.add(Integer.toString(more));
        break;
      }
    }
    return fit.isEmpty()
        ? "; more " + what + " are needed"
        : "; batches of " + String.join(" or ", fit) + " fit";
  }

  /** What a model says to blank images in training; null if it takes them. */
  private static IllegalArgumentException refusal(
      Session session, Layer model, Dataset form, int images) {
    try {
      Rehearsal.masks(
          session,
          Asked.buffers(model),
          Asked.dropoutCounters(model),
          () -> model.forward(session.zeros(BatchInputs.shape(form, images)), Mode.TRAIN));
      return null;
    } catch (IllegalArgumentException e) {
      return e;
    }
  }
}

package io.hypertape.cli;

import io.hypertape.autodiff.Session;
import io.hypertape.data.DataSplit;
import io.hypertape.data.LabeledImages;
import io.hypertape.data.Normalization;
import io.hypertape.data.TextCorpus;
import io.hypertape.data.Vocabulary;
import io.hypertape.data.table.TableEncoder;
import io.hypertape.io.SafetensorsException;
import io.hypertape.models.CharLstm;
import io.hypertape.models.Classifier;
import io.hypertape.run.Checkpoint;
import io.hypertape.run.ClassErrors;
import io.hypertape.run.Evaluation;
import io.hypertape.run.TextEvaluation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Tests a trained model. */
@Command(name = "evaluate", description = "Tests a trained model.")
final class EvaluateCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "MODEL",
      description = "a model.safetensors, or the folder of a run that has one")
  private Path place;

  @Mixin private DataOptions dataOptions;
  @Mixin private BackendOptions backend;

  private EvaluateCommand() {}

  @Override
  public Integer call() throws IOException {
    Path file = StoredModel.file(place);
    try (Session session = backend.open()) {
      System.err.println(session.description());
      Checkpoint stored = StoredModel.read(session, file);
      Optional<TableEncoder> table = StoredModel.encoder(file, stored);
      if (table.isPresent()) {
        dataOptions.settle(stored.model().family(), DataKind.TABLE);
        print(
            file,
            new TableJudgement(session, file, stored, table.get()).of(place, dataOptions.table()));
        return 0;
      }
      String line =
          switch (stored.model()) {
            case CharLstm model -> text(session, file, stored, model);
            case Classifier model -> images(session, file, stored, model);
            default -> throw StoredModel.unknown(file, stored.model());
          };
      print(file, line);
      return 0;
    }
  }

  private static void print(Path file, String line) {
    System.out.println(Shown.text(file.toString()) + " on " + line);
  }

  private String text(Session session, Path file, Checkpoint stored, CharLstm model)
      throws IOException {
    dataOptions.settle(model.family(), DataKind.TEXT);
    Vocabulary vocabulary = StoredModel.vocabulary(file, stored, model);
    TextCorpus corpus = dataOptions.text(vocabulary);
    TextEvaluation valid = TextEvaluation.of(session, model, corpus.valid());
    TextEvaluation test = TextEvaluation.of(session, model, corpus.test());
    checkLoss(file, corpus.name(), valid.loss() + test.loss());
    return String.format(
        Locale.ROOT,
        "%s: %d characters, test loss %.4f, valid perplexity %.3f, test perplexity %.3f",
        Shown.text(corpus.name()),
        test.characters(),
        test.loss(),
        valid.perplexity(),
        test.perplexity());
  }

  private String images(Session session, Path file, Checkpoint stored, Classifier model)
      throws IOException {
    dataOptions.settle(model.family(), usualData(model.family()));
    DataSplit data = dataOptions.images(System.err);
    LabeledImages images = numbered(file, stored, model, data);
    Normalization normalization =
        StoredModel.normalization(file, stored).orElse(Normalization.none(images.channels()));
    if (normalization.channels() != images.channels()) {
      throw new SafetensorsException(
          file
              + ": normalizes "
              + normalization.channels()
              + " channels; images of "
              + data.name()
              + " have "
              + images.channels());
    }
    ClassErrors errors = ClassErrors.of(session, model, images, normalization);
    Evaluation test = errors.all();
    checkLoss(file, images.name(), test.loss());
    return String.format(
            Locale.ROOT,
            "%s: %d images, test loss %.4f, test error %.2f%%",
            Shown.text(images.name()),
            test.examples(),
            test.loss(),
            100 * test.error())
        + Shown.table(errors, "images");
  }

  /** A model of finite weights may compute what is none; a judgement of that is no judgement. */
  static void checkLoss(Path file, String data, double loss) throws SafetensorsException {
    if (!Double.isFinite(loss)) {
      throw new SafetensorsException(
          file
              + ": the loss on "
              + data
              + " is "
              + loss
              + "; its weights are finite, but too large to compute with");
    }
  }

  /** The test set, its classes numbered as the model has them. */
  private static LabeledImages numbered(
      Path file, Checkpoint stored, Classifier model, DataSplit data) throws IOException {
    LabeledImages images = data.test();
    boolean named =
        StoredModel.classNames(file, stored).isPresent() && !images.classNames().isEmpty();
    checkFits(file, model, data.name(), images, named);
    if (!named) {
      System.err.println(
          file + ": names no classes; those of " + data.name() + " are told by their order");
    }
    try {
      return stored.numbered(images);
    } catch (SafetensorsException e) {
      throw StoredModel.named(file, e);
    }
  }

  private static DataKind usualData(String family) {
    return family.startsWith("resnet") ? DataKind.CIFAR10 : DataKind.STROKES;
  }

  private static String described(List<Integer> shape) {
    return shape.stream()
        .map(length -> length == 0 ? "any" : length.toString())
        .collect(Collectors.joining(", ", "[", "]"));
  }

  /** Where classes have names, these are compared, and not the numbers of classes. */
  private static void checkFits(
      Path file, Classifier model, String name, LabeledImages images, boolean named)
      throws SafetensorsException {
    List<Integer> wanted = model.inputShape();
    List<Integer> given =
        wanted.size() == 1
            ? List.of(images.features())
            : List.of(images.channels(), images.height(), images.width());
    boolean fits = wanted.size() == given.size() && (named || model.classes() == images.classes());
    for (int i = 0; fits && i < wanted.size(); i++) {
      fits = wanted.get(i) == 0 || wanted.get(i).equals(given.get(i));
    }
    if (!fits) {
      throw new SafetensorsException(
          file
              + ": "
              + model.family()
              + " for inputs of "
              + described(wanted)
              + " and "
              + model.classes()
              + " classes; "
              + name
              + " has "
              + given
              + " and "
              + images.classes());
    }
  }
}

package io.hypertape.cli;

import io.hypertape.autodiff.Session;
import io.hypertape.data.Normalization;
import io.hypertape.data.Vocabulary;
import io.hypertape.data.table.TableEncoder;
import io.hypertape.io.SafetensorsException;
import io.hypertape.models.CharLstm;
import io.hypertape.models.Model;
import io.hypertape.run.Checkpoint;
import io.hypertape.run.FiniteCheck;
import io.hypertape.run.folder.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Models that a run has left. */
final class StoredModel {

  private StoredModel() {}

  /**
   * The model's file, of which a run's folder has one; other folders may have an index of several.
   */
  static Path file(Path place) {
    if (!Files.isDirectory(place)) {
      return place;
    }
    Path whole = place.resolve(RunFolder.MODEL);
    Path index = place.resolve(RunFolder.MODEL + ".index.json");
    return !Files.exists(whole) && Files.exists(index) ? index : whole;
  }

  /** Reads a model, and says on standard error what became of names and numbers. */
  static Checkpoint read(Session session, Path file) throws IOException {
    Checkpoint stored = Checkpoint.read(session, file);
    stored.remarks().forEach(remark -> System.err.println(Shown.text(file + ": " + remark)));
    FiniteCheck check = FiniteCheck.of(stored.model());
    if (!check.passed()) {
      throw new SafetensorsException(
          file
              + ": "
              + Shown.text(check.text())
              + "; such a model, as of a run that diverged, has nothing to say");
    }
    return stored;
  }

  static SafetensorsException unknown(Path file, Model model) {
    return new SafetensorsException(
        file + ": " + model.family() + " is neither a classifier nor a language model");
  }

  /** What a library says of a file that it does not name. */
  static SafetensorsException named(Path file, SafetensorsException e) {
    return new SafetensorsException(file + ": " + Shown.text(e.getMessage()));
  }

  /** What a classifier's classes are called, if the file tells. */
  static Optional<List<String>> classNames(Path file, Checkpoint stored)
      throws SafetensorsException {
    try {
      return stored.classNames();
    } catch (SafetensorsException e) {
      throw named(file, e);
    }
  }

  /** What becomes of the pixels that a classifier takes, if the file tells. */
  static Optional<Normalization> normalization(Path file, Checkpoint stored)
      throws SafetensorsException {
    try {
      return stored.normalization();
    } catch (SafetensorsException e) {
      throw named(file, e);
    }
  }

  /** How a table's rows become inputs, if the model was trained on one. */
  static Optional<TableEncoder> encoder(Path file, Checkpoint stored) throws SafetensorsException {
    try {
      return stored.encoder();
    } catch (SafetensorsException e) {
      throw named(file, e);
    }
  }

  /** The characters of a language model. */
  static Vocabulary vocabulary(Path file, Checkpoint stored, CharLstm model)
      throws SafetensorsException {
    Vocabulary vocabulary;
    try {
      vocabulary =
          stored
              .vocabulary()
              .orElseThrow(
                  () ->
                      new SafetensorsException(
                          "its metadata have no vocabulary, which tells the characters of its"
                              + " symbols"));
    } catch (SafetensorsException e) {
      throw named(file, e);
    }
    if (vocabulary.size() != model.spec().vocabulary()) {
      throw new SafetensorsException(
          file
              + ": a vocabulary of "
              + vocabulary.size()
              + " characters for a model of "
              + model.spec().vocabulary());
    }
    return vocabulary;
  }
}

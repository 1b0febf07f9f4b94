package io.hypertape.run;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.checks.Nulls;
import io.hypertape.data.LabeledImages;
import io.hypertape.data.Normalization;
import io.hypertape.data.Vocabulary;
import io.hypertape.data.table.TableEncoder;
import io.hypertape.io.FloatArray;
import io.hypertape.io.Safetensors;
import io.hypertape.io.SafetensorsException;
import io.hypertape.io.SafetensorsFile;
import io.hypertape.models.Classifier;
import io.hypertape.models.Model;
import io.hypertape.models.Network;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A model in a safetensors file: parameters and running statistics in single precision, named and
 * shaped as PyTorch's state_dict has them. The metadata tells the model's family and what the
 * shapes do not tell; a file without them, as PyTorch writes it, is recognized by its tensors.
 *
 * <p>Files of other origin may store numbers of any {@link io.hypertape.io.StoredType}; they become
 * the nearest ones of the session's precision. Of names, {@code module.} before all of them and
 * {@code _orig_mod.} are taken away, which DataParallel and torch.compile add. {@link #remarks}
 * says so.
 *
 * @param model the model
 * @param metadata everything that the file says beside the tensors
 * @param remarks for people, what became of names and numbers that are not as this class writes
 *     them
 */
public record Checkpoint(Model model, Map<String, String> metadata, List<String> remarks) {

  /** Metadata: the model's family, such as {@code resnet20}. */
  public static final String MODEL = "model";

  private static final String WHO = "checkpoint";
  private static final String VOCABULARY = "vocabulary";
  private static final String CLASSES = "classes";
  private static final String TABLE = "table";
  private static final String MEAN = "mean";
  private static final String DEVIATION = "deviation";

  /** Keeps copies of metadata and remarks. */
  public Checkpoint {
    Nulls.check(model, "checkpoint: model");
    metadata = Map.copyOf(Nulls.copy(metadata, "checkpoint: metadata"));
    remarks = Nulls.copy(remarks, "checkpoint: remarks");
  }

  /**
   * A model of which nothing is to be remarked.
   *
   * @param model the model
   * @param metadata everything that the file says beside the tensors
   */
  public Checkpoint(Model model, Map<String, String> metadata) {
    this(model, metadata, List.of());
  }

  /** What to do with weights that are NaN or infinite, in single precision. */
  public enum NonFinite {
    /** They are refused, so that no good file is replaced by one that is of no use. */
    REFUSE,
    /** They are written as they are, as for a search for what went wrong. */
    KEEP
  }

  /**
   * Writes a model of finite numbers.
   *
   * @param file where to
   * @param model the model
   * @param notes more texts for the metadata
   * @throws IllegalStateException if one of its numbers is NaN or infinite in single precision;
   *     what was in the file before is kept
   * @throws IOException if it cannot be written
   */
  public static void write(Path file, Model model, Map<String, String> notes) throws IOException {
    write(file, model, notes, NonFinite.REFUSE);
  }

  /**
   * Writes a model.
   *
   * @param file where to
   * @param model the model
   * @param notes more texts for the metadata
   * @param nonFinite what to do with numbers that are NaN or infinite
   * @throws IllegalStateException if there are such numbers and they are to be refused; what was in
   *     the file before is kept
   * @throws IOException if it cannot be written
   */
  public static void write(Path file, Model model, Map<String, String> notes, NonFinite nonFinite)
      throws IOException {
    Nulls.check(file, "checkpoint: file");
    Nulls.check(model, "checkpoint: model");
    Nulls.check(notes, "checkpoint: notes");
    Nulls.check(nonFinite, "checkpoint: nonFinite");
    Map<String, FloatArray> tensors = new LinkedHashMap<>();
    for (Parameter parameter : new LinkedHashSet<>(Asked.parameters(model, WHO))) {
      put(tensors, parameter.name(), parameter.shape(), parameter.value().toFloats());
    }
    for (Buffer buffer : new LinkedHashSet<>(Asked.buffers(model, WHO))) {
      put(tensors, buffer.name(), buffer.shape(), buffer.toFloats());
    }
    if (nonFinite == NonFinite.REFUSE) {
      checkFinite(file, tensors);
    }
    // Sorted, so that equal runs leave equal bytes.
    Map<String, String> metadata = new TreeMap<>(Nulls.copy(notes, "checkpoint: notes"));
    metadata.put("format", "pt");
    metadata.putAll(Nulls.copy(model.form(), "checkpoint: model.form()"));
    metadata.put(MODEL, Nulls.check(model.family(), "checkpoint: model.family()"));
    new Safetensors(tensors, metadata).write(file);
  }

  /** As they would be in the file: a number of double precision may be infinite there. */
  private static void checkFinite(Path file, Map<String, FloatArray> tensors) {
    FiniteCheck.Counting counting = new FiniteCheck.Counting();
    tensors.forEach((name, array) -> counting.add(name, array.data()));
    FiniteCheck check = counting.result();
    if (!check.passed()) {
      throw new IllegalStateException(
          file
              + " was not written: in single precision "
              + check.text()
              + "; Checkpoint.NonFinite.KEEP writes them all the same");
    }
  }

  private static void put(
      Map<String, FloatArray> tensors, String name, int[] shape, float[] values) {
    if (tensors.put(name, new FloatArray(shape, values)) != null) {
      throw new IllegalArgumentException("the model has two tensors of the name " + name);
    }
  }

  /**
   * What the metadata shall say of a language model's symbols.
   *
   * @param vocabulary the symbols
   * @return notes for {@link #write}
   */
  public static Map<String, String> notes(Vocabulary vocabulary) {
    Nulls.check(vocabulary, "notes: vocabulary");
    return Map.of(VOCABULARY, vocabulary.characters());
  }

  /**
   * What the metadata shall say of the images that a classifier takes.
   *
   * @param normalization what becomes of their pixels
   * @return notes for {@link #write}
   */
  public static Map<String, String> notes(Normalization normalization) {
    Nulls.check(normalization, "notes: normalization");
    return Map.of(MEAN, text(normalization.mean()), DEVIATION, text(normalization.deviation()));
  }

  /**
   * What the metadata shall say of the classes that a classifier tells apart.
   *
   * @param classNames what they are called, in the order of their numbers; empty if that is not
   *     known
   * @return notes for {@link #write}
   */
  public static Map<String, String> notes(List<String> classNames) {
    Nulls.checkAll(classNames, "notes: classNames");
    return classNames.isEmpty() ? Map.of() : Map.of(CLASSES, ClassNames.text(classNames));
  }

  /**
   * What the metadata shall say of the table that a model was trained on.
   *
   * @param encoder how its rows become inputs, and what was to be foretold
   * @return notes for {@link #write}
   */
  public static Map<String, String> notes(TableEncoder encoder) {
    Nulls.check(encoder, "notes: encoder");
    return Map.of(TABLE, encoder.text());
  }

  private static String text(float[] values) {
    List<String> texts = new ArrayList<>();
    for (float value : values) {
      texts.add(Float.toString(value));
    }
    return String.join(",", texts);
  }

  /**
   * The symbols of a language model.
   *
   * @return the vocabulary, if the file has it
   * @throws SafetensorsException if it has one that is none
   */
  public Optional<Vocabulary> vocabulary() throws SafetensorsException {
    String characters = metadata.get(VOCABULARY);
    try {
      return Optional.ofNullable(characters).map(Vocabulary::ofCharacters);
    } catch (IllegalArgumentException e) {
      throw new SafetensorsException("metadata " + VOCABULARY + ": " + e.getMessage());
    }
  }

  /**
   * What becomes of the pixels of images before a classifier takes them.
   *
   * @return means and deviations, if the file has them
   * @throws SafetensorsException if it has some that are none
   */
  public Optional<Normalization> normalization() throws SafetensorsException {
    if (!metadata.containsKey(MEAN) || !metadata.containsKey(DEVIATION)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Normalization(values(metadata.get(MEAN)), values(metadata.get(DEVIATION))));
    } catch (IllegalArgumentException e) {
      throw new SafetensorsException(
          "metadata " + MEAN + " and " + DEVIATION + ": " + e.getMessage());
    }
  }

  /**
   * What the classes of a classifier are called.
   *
   * @return names in the order of their numbers, if the file has them
   * @throws SafetensorsException if it has some that are none, or not as many as classes
   */
  public Optional<List<String>> classNames() throws SafetensorsException {
    String text = metadata.get(CLASSES);
    if (text == null) {
      return Optional.empty();
    }
    List<String> names;
    try {
      names = ClassNames.parse(text);
    } catch (IllegalArgumentException e) {
      throw new SafetensorsException("metadata " + CLASSES + ": " + e.getMessage());
    }
    if (model instanceof Classifier classifier && classifier.classes() != names.size()) {
      throw new SafetensorsException(
          "metadata "
              + CLASSES
              + ": "
              + names.size()
              + " names for a model of "
              + classifier.classes()
              + " classes");
    }
    return Optional.of(names);
  }

  /**
   * How rows of a table become inputs of the model.
   *
   * @return the encoder, if the file has one
   * @throws SafetensorsException if it has one that is none, or one for another model
   */
  public Optional<TableEncoder> encoder() throws SafetensorsException {
    String text = metadata.get(TABLE);
    if (text == null) {
      return Optional.empty();
    }
    try {
      TableEncoder encoder = TableEncoder.parse(text);
      if (model instanceof Network network
          && !(Asked.inputShape(network).equals(List.of(encoder.inputs()))
              && network.outputs() >= encoder.outputs())) {
        throw new IllegalArgumentException(
            encoder + " are not those of a model of " + network.inputShape() + " inputs");
      }
      return Optional.of(encoder);
    } catch (IllegalArgumentException e) {
      throw new SafetensorsException("metadata " + TABLE + ": " + e.getMessage());
    }
  }

  /**
   * A set whose classes are numbered as the model has learned them, by their names.
   *
   * @param images the set
   * @return the set, renumbered if its classes stand in another order; as it is if the file or the
   *     set has no names
   * @throws SafetensorsException if the model was trained on other classes, with those that differ
   */
  public LabeledImages numbered(LabeledImages images) throws SafetensorsException {
    Nulls.check(images, "checkpoint: images");
    List<String> known = classNames().orElse(List.of());
    List<String> given = images.classNames();
    if (known.isEmpty() || given.isEmpty()) {
      return images;
    }
    List<String> unknown = given.stream().filter(name -> !known.contains(name)).toList();
    List<String> missing = known.stream().filter(name -> !given.contains(name)).toList();
    if (unknown.isEmpty() && missing.isEmpty()) {
      return images.numberedAs(known);
    }
    throw new SafetensorsException(
        "the model was trained on other classes than "
            + images.name()
            + " has: "
            + (unknown.isEmpty() ? "" : "it does not know " + ClassNames.few(unknown))
            + (unknown.isEmpty() || missing.isEmpty() ? "" : ", and ")
            + (missing.isEmpty() ? "" : "the data lack " + ClassNames.few(missing))
            + "; it knows "
            + ClassNames.few(known));
  }

  private static float[] values(String text) {
    String[] texts = text.split(",");
    float[] values = new float[texts.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.parseFloat(texts[i]);
    }
    return values;
  }

  /**
   * Reads a model.
   *
   * @param session whose tensors its parameters shall be
   * @param file where from
   * @return the model and the file's metadata
   * @throws SafetensorsException if the file is damaged, or its tensors make no model
   * @throws IOException if it cannot be read
   */
  public static Checkpoint read(Session session, Path file) throws IOException {
    Nulls.check(session, "checkpoint: session");
    Nulls.check(file, "checkpoint: file");
    try (SafetensorsFile in = SafetensorsFile.open(file)) {
      StoredForm stored = StoredForm.of(in);
      Model model = stored.build(session);
      return new Checkpoint(model, in.metadata(), stored.notes());
    } catch (IllegalArgumentException e) {
      throw new SafetensorsException(file + ": " + e.getMessage());
    }
  }

  /**
   * Reads tensors into a model of any kind, one of the caller's own included.
   *
   * @param session that of the model
   * @param file where from
   * @param model whose parameters and running statistics are set
   * @return for people, what became of names and numbers that are not as this class writes them
   * @throws SafetensorsException if the file is damaged, or lacks a tensor, or has another or one
   *     of another shape; the model is then what it was
   * @throws IOException if it cannot be read
   */
  public static List<String> load(Session session, Path file, Model model) throws IOException {
    Nulls.check(session, "checkpoint: session");
    Nulls.check(file, "checkpoint: file");
    Nulls.check(model, "checkpoint: model");
    Set<String> own = new HashSet<>();
    Asked.parameters(model, WHO).forEach(parameter -> own.add(parameter.name()));
    Asked.buffers(model, WHO).forEach(buffer -> own.add(buffer.name()));
    try (SafetensorsFile in = SafetensorsFile.open(file)) {
      StoredForm stored = StoredForm.of(in, own);
      load(session, stored, model);
      return stored.notes();
    } catch (IllegalArgumentException e) {
      throw new SafetensorsException(file + ": " + e.getMessage());
    }
  }

  private static void load(Session session, StoredForm stored, Model model) throws IOException {
    Map<String, StoredForm.Values> values = new LinkedHashMap<>();
    for (Parameter p : model.parameters()) {
      values.put(p.name(), stored.values(session, p.name(), p.shape()));
    }
    for (Buffer b : model.buffers()) {
      values.put(b.name(), stored.values(session, b.name(), b.shape()));
    }
    stored.checkNothingLeft(model, values.keySet());
    model.parameters().forEach(p -> values.get(p.name()).set(session, p));
    model.buffers().forEach(b -> values.get(b.name()).set(session, b));
  }
}

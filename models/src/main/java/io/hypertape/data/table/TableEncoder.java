package io.hypertape.data.table;

import io.hypertape.checks.Nulls;
import io.hypertape.data.Standardization;
import io.hypertape.data.Targets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Makes numbers of a table's rows as a model was trained on them: columns' means and deviations,
 * the words of categories and the names of classes are those of the rows to learn from. Its {@link
 * #text} is kept with the model, so that new rows are read in the same way. Immutable.
 */
public final class TableEncoder {

  /** Numbers by their size, before other words by the alphabet. */
  static final Comparator<String> ORDER =
      Comparator.comparingDouble(
              (String word) -> {
                double number = CellText.number(word);
                return Double.isNaN(number) ? Double.POSITIVE_INFINITY : number;
              })
          .thenComparing(Comparator.naturalOrder());

  private final List<TableFeature> features;
  private final TableTargets targets;
  private final Optional<String> weight;
  private final Optional<String> id;

  TableEncoder(
      List<TableFeature> features,
      TableTargets targets,
      Optional<String> weight,
      Optional<String> id) {
    this.features = List.copyOf(features);
    this.targets = targets;
    this.weight = weight;
    this.id = id;
    if (features.isEmpty() || inputs() < 1) {
      throw new IllegalArgumentException("a table without features; at least one is needed");
    }
  }

  /**
   * Learns from all rows of a table how to read it.
   *
   * @param schema what its columns mean
   * @param table the rows to learn from, and no others
   * @return the encoder
   * @throws IllegalArgumentException if the schema names nothing to be foretold, or a cell is not
   *     what it says; tells the file, the line and the column
   */
  public static TableEncoder fit(Schema schema, DataTable table) {
    Nulls.check(schema, "table encoder: schema");
    Nulls.check(table, "table encoder: table");
    schema.check();
    return fit(schema, table, kept(schema, table));
  }

  static int[] kept(Schema schema, DataTable table) {
    List<Schema.Field> used =
        schema.fields().stream()
            .filter(f -> f.role() != Schema.Role.IGNORED && f.role() != Schema.Role.ID)
            .toList();
    return CellReader.kept(table, used);
  }

  static TableEncoder fit(Schema schema, DataTable table, int... rows) {
    List<TableFeature> features = new ArrayList<>();
    for (Schema.Field field : schema.fields()) {
      if (field.role() == Schema.Role.FEATURE) {
        features.add(feature(field, table, rows));
      }
    }
    return new TableEncoder(
        features,
        TableTargets.fit(schema, table, rows),
        schema.column(Schema.Role.WEIGHT),
        schema.column(Schema.Role.ID));
  }

  private static TableFeature feature(Schema.Field field, DataTable table, int... rows) {
    TableColumn column = table.column(field.column());
    boolean flagged =
        field.missing() == Missing.FILL && IntStream.of(rows).anyMatch(column::isMissing);
    if (field.kind() == Schema.Kind.NUMBER) {
      double[] values =
          IntStream.of(rows).mapToDouble(row -> CellReader.number(table, column, row)).toArray();
      Standardization s = Standardization.of(values);
      return new TableFeature.OfNumber(
          field.column(), field.missing(), s.mean()[0], s.deviation()[0], flagged);
    }
    TreeSet<String> words = new TreeSet<>(ORDER);
    for (int row : rows) {
      if (!column.isMissing(row)) {
        words.add(column.text(row));
      }
    }
    if (words.size() > TableFeature.OfCategory.MOST) {
      throw new IllegalArgumentException(
          table.name()
              + ": column "
              + field.column()
              + " has "
              + words.size()
              + " different words; at most "
              + TableFeature.OfCategory.MOST
              + " categories fit; leave it out, or let it name the row (id)");
    }
    return new TableFeature.OfCategory(
        field.column(), field.missing(), new ArrayList<>(words), flagged);
  }

  /**
   * A table's rows with what is to be foretold of them.
   *
   * @param table of the columns that the encoder was fitted to, in any order, and others
   * @return the rows, but those that a missing cell leaves out
   * @throws IllegalArgumentException if a column is missing, or a cell is not what it should be;
   *     tells the file, the line and the column
   */
  public EncodedTable dataset(DataTable table) {
    Nulls.check(table, "table encoder: table");
    return dataset(table.name(), table, kept(table));
  }

  /** Rows that no missing cell leaves out, of features, targets and weight. */
  int[] kept(DataTable table) {
    List<Schema.Field> fields = new ArrayList<>(featureFields());
    for (String column : targets.columns()) {
      Schema.Kind kind =
          targets.targets() instanceof Targets.Classes ? Schema.Kind.CATEGORY : Schema.Kind.NUMBER;
      fields.add(new Schema.Field(column, Schema.Role.TARGET, kind, targets.missing()));
    }
    weight.ifPresent(
        column ->
            fields.add(
                new Schema.Field(
                    column, Schema.Role.WEIGHT, Schema.Kind.NUMBER, targets.missing())));
    return CellReader.kept(table, fields);
  }

  EncodedTable dataset(String name, DataTable table, int... rows) {
    return EncodedTable.of(name, this, table, rows);
  }

  /**
   * A table's rows of which nothing is known but the features.
   *
   * @param table of the features' columns, in any order, and others
   * @return the rows, but those that a missing cell leaves out; their targets cannot be asked for
   * @throws IllegalArgumentException if a column is missing, or a cell is not what it should be;
   *     tells the file, the line and the column
   */
  public EncodedTable inputs(DataTable table) {
    Nulls.check(table, "table encoder: table");
    return EncodedTable.ofInputs(this, table, CellReader.kept(table, featureFields()));
  }

  private List<Schema.Field> featureFields() {
    return features.stream()
        .map(
            f ->
                new Schema.Field(
                    f.column(),
                    Schema.Role.FEATURE,
                    f instanceof TableFeature.OfNumber ? Schema.Kind.NUMBER : Schema.Kind.CATEGORY,
                    f.missing()))
        .toList();
  }

  /**
   * How many inputs a model gets of a row.
   *
   * @return at least 1
   */
  public int inputs() {
    return features.stream().mapToInt(TableFeature::width).sum();
  }

  /**
   * What a model's inputs are called.
   *
   * @return such as {@code area}, {@code city=Berlin}, {@code area missing}
   */
  public List<String> inputNames() {
    return features.stream().flatMap(feature -> feature.names().stream()).toList();
  }

  /**
   * Columns that features are made of.
   *
   * @return their names
   */
  public List<String> featureColumns() {
    return features.stream().map(TableFeature::column).toList();
  }

  /**
   * Columns that are to be foretold.
   *
   * @return their names
   */
  public List<String> targetColumns() {
    return targets.columns();
  }

  /**
   * What is to be foretold.
   *
   * @return classes by name, labels or standardized numbers
   */
  public Targets targets() {
    return targets.targets();
  }

  /**
   * How many outputs a model needs.
   *
   * @return at least 1
   */
  public int outputs() {
    return targets.targets().outputs();
  }

  /**
   * The column that names a row.
   *
   * @return its name, if there is one
   */
  public Optional<String> id() {
    return id;
  }

  Optional<String> weight() {
    return weight;
  }

  List<TableFeature> features() {
    return features;
  }

  TableTargets tableTargets() {
    return targets;
  }

  /**
   * The encoder as a text that {@link #parse} reads.
   *
   * @return JSON
   */
  public String text() {
    return EncoderText.of(this);
  }

  /**
   * Reads an encoder's text.
   *
   * @param text JSON, as {@link #text} gives it
   * @return the encoder
   * @throws IllegalArgumentException if it is none
   */
  public static TableEncoder parse(String text) {
    return EncoderText.parse(Nulls.check(text, "table encoder: text"));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TableEncoder encoder && text().equals(encoder.text());
  }

  @Override
  public int hashCode() {
    return text().hashCode();
  }

  @Override
  public String toString() {
    return inputs()
        + " inputs of "
        + String.join(", ", featureColumns())
        + " for "
        + String.join(", ", targetColumns())
        + " ("
        + targets().text()
        + ")";
  }
}

package io.hypertape.data.table;

import io.hypertape.checks.Nulls;
import io.hypertape.checks.Places;
import io.hypertape.data.Dataset;
import io.hypertape.data.Targets;
import java.util.List;

/**
 * Rows of a table as a model takes them. A cell is kept as one number, and becomes the inputs that
 * it stands for when it is copied.
 */
public final class EncodedTable implements Dataset {

  private final String name;
  private final TableEncoder encoder;
  private final int[] rows;
  // [feature][example]
  private final float[][] codes;
  private final int[] labels;
  private final float[] values;
  private final float[] weights;

  private EncodedTable(
      String name,
      TableEncoder encoder,
      DataTable table,
      int[] rows,
      int[] labels,
      float[] values,
      float[] weights) {
    this.name = name;
    this.encoder = encoder;
    this.rows = rows;
    this.codes =
        encoder.features().stream()
            .map(feature -> feature.codes(table, rows))
            .toArray(float[][]::new);
    this.labels = labels;
    this.values = values;
    this.weights = weights;
  }

  static EncodedTable of(String name, TableEncoder encoder, DataTable table, int... rows) {
    boolean classes = encoder.targets() instanceof Targets.Classes;
    TableTargets targets = encoder.tableTargets();
    float[] weights = new float[encoder.weight().isPresent() ? rows.length : 0];
    if (weights.length > 0) {
      TableColumn column = table.column(encoder.weight().orElseThrow());
      for (int i = 0; i < rows.length; i++) {
        double weight = CellReader.number(table, column, rows[i]);
        if (!(weight >= 0 && weight <= Float.MAX_VALUE)) {
          throw CellReader.wrong(table, column, rows[i], "is no weight; 0 or more fits");
        }
        weights[i] = (float) weight;
      }
    }
    return new EncodedTable(
        name,
        encoder,
        table,
        rows,
        classes ? targets.labels(table, rows) : new int[0],
        classes ? new float[0] : targets.values(table, rows),
        weights);
  }

  static EncodedTable ofInputs(TableEncoder encoder, DataTable table, int... rows) {
    return new EncodedTable(
        table.name(), encoder, table, rows, new int[0], new float[0], new float[0]);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int size() {
    return rows.length;
  }

  @Override
  public List<Integer> shape() {
    return List.of(encoder.inputs());
  }

  @Override
  public Targets targets() {
    return encoder.targets();
  }

  /**
   * The row of the table that an example was.
   *
   * @param example its number, from 0
   * @return the row's number, from 0
   */
  public int row(int example) {
    return rows[check(example)];
  }

  @Override
  public void copyInput(int example, float[] into, int at) {
    Nulls.check(into, "copyInput: into");
    check(example);
    Places.room(name + ": input", into.length, at, encoder.inputs());
    int place = at;
    for (int k = 0; k < codes.length; k++) {
      TableFeature feature = encoder.features().get(k);
      feature.write(codes[k][example], into, place);
      place += feature.width();
    }
  }

  private int check(int example) {
    return Places.check(name + ": example", example, rows.length);
  }

  private void checkKnown(int length) {
    if (length == 0 && rows.length > 0) {
      throw new UnsupportedOperationException(name + ": nothing is known but the features");
    }
  }

  @Override
  public int label(int example) {
    if (!(targets() instanceof Targets.Classes)) {
      return Dataset.super.label(example);
    }
    checkKnown(labels.length);
    return labels[check(example)];
  }

  @Override
  public void copyTarget(int example, float[] into, int at) {
    Nulls.check(into, "copyTarget: into");
    if (targets() instanceof Targets.Classes) {
      Dataset.super.copyTarget(example, into, at);
    }
    checkKnown(values.length);
    int outputs = encoder.outputs();
    Places.room(name + ": target", into.length, at, outputs);
    System.arraycopy(values, check(example) * outputs, into, at, outputs);
  }

  @Override
  public boolean isWeighted() {
    return weights.length > 0;
  }

  @Override
  public float weight(int example) {
    check(example);
    return weights.length > 0 ? weights[example] : 1;
  }

  @Override
  public String toString() {
    return name + ": " + size() + " rows, " + encoder;
  }
}

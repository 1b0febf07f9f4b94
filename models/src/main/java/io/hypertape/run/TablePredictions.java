package io.hypertape.run;

import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import io.hypertape.checks.Places;
import io.hypertape.data.Targets;
import io.hypertape.data.table.DataTable;
import io.hypertape.data.table.EncodedTable;
import io.hypertape.data.table.TableEncoder;
import io.hypertape.models.Layer;
import io.hypertape.models.Mode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;

/** What a model foretells of a table's rows: classes with their probabilities, labels', numbers. */
public final class TablePredictions {

  private static final int BATCH = 1000;

  private final TableEncoder encoder;
  private final DataTable table;
  private final int outputs;
  // [row][output]; of a row that a missing cell leaves out none.
  private final double[][] values;

  private TablePredictions(TableEncoder encoder, DataTable table, int outputs, double[][] values) {
    this.encoder = encoder;
    this.table = table;
    this.outputs = outputs;
    this.values = values;
  }

  /** A model of rows of numbers, such as a predictor's {@code predict}. */
  @FunctionalInterface
  public interface RowFunction {

    /**
     * Outputs for some rows.
     *
     * @param rows their inputs, one row after the other
     * @param n how many rows
     * @return their outputs, one row's after the other's
     */
    float[] outputs(float[] rows, int n);
  }

  /**
   * Foretells.
   *
   * @param session the model's
   * @param model from [batch, inputs] to [batch, outputs]: log-probabilities or logits of classes,
   *     logits of labels, or standardized numbers
   * @param encoder that of the table it was trained on
   * @param table rows with the features' columns
   * @return a prediction for every row
   * @throws IllegalArgumentException if a column is missing or a cell is not what it should be,
   *     tells the file, the line and the column; or the model is one for other tables
   * @throws CancellationException if the thread is interrupted; its status is kept
   */
  public static TablePredictions of(
      Session session, Layer model, TableEncoder encoder, DataTable table) {
    Nulls.check(session, "predictions: session");
    Nulls.check(model, "predictions: model");
    Nulls.check(encoder, "predictions: encoder");
    Nulls.check(table, "predictions: table");
    int features = encoder.inputs();
    return of((x, rows) -> outputs(session, model, x, rows, features), encoder, table);
  }

  /**
   * Foretells by whatever computes rows, as {@code predictor::predict}: then from any thread.
   *
   * @param model from n rows of inputs to as many of outputs: log-probabilities or logits of
   *     classes, logits of labels, or standardized numbers
   * @param encoder that of the table it was trained on
   * @param table rows with the features' columns
   * @return a prediction for every row
   * @throws IllegalArgumentException if a column is missing or a cell is not what it should be,
   *     tells the file, the line and the column; or the model is one for other tables
   * @throws CancellationException if the thread is interrupted; its status is kept
   */
  public static TablePredictions of(RowFunction model, TableEncoder encoder, DataTable table) {
    Nulls.check(model, "predictions: model");
    Nulls.check(encoder, "predictions: encoder");
    Nulls.check(table, "predictions: table");
    EncodedTable rows = encoder.inputs(table);
    double[][] values = new double[table.rows()][];
    int outputs = encoder.outputs();
    float[] x = new float[0];
    for (int from = 0; from < rows.size(); from += BATCH) {
      if (Thread.currentThread().isInterrupted()) {
        throw new CancellationException("the predictions of " + table.name() + " were interrupted");
      }
      int some = Math.min(BATCH, rows.size() - from);
      x = x.length == some * rows.features() ? x : new float[some * rows.features()];
      for (int i = 0; i < some; i++) {
        rows.copyInput(from + i, x, i * rows.features());
      }
      float[] found = Nulls.check(model.outputs(x, some), "predictions: the model's outputs");
      if (found.length == 0 || found.length % some != 0) {
        throw new IllegalArgumentException(
            "the model gives "
                + found.length
                + " numbers for "
                + some
                + " rows; as many for each row are needed");
      }
      outputs = found.length / some;
      checkOutputs(encoder, outputs);
      put(encoder.targets(), rows, from, found, outputs, values);
    }
    return new TablePredictions(encoder, table, outputs, values);
  }

  private static float[] outputs(Session session, Layer model, float[] x, int rows, int features) {
    return session.scoped(
        () -> {
          Tensor output = Asked.forward(model, session.tensor(x, rows, features), Mode.EVALUATE);
          return output.toFloats();
        });
  }

  private static void checkOutputs(TableEncoder encoder, int outputs) {
    boolean quantiles =
        encoder.targets() instanceof Targets.Numbers && encoder.outputs() == 1 && outputs > 1;
    if (outputs != encoder.outputs() && !quantiles) {
      throw new IllegalArgumentException(
          "the model gives "
              + outputs
              + " numbers a row; "
              + encoder.targets().text()
              + " need "
              + encoder.outputs());
    }
  }

  private static void put(
      Targets targets, EncodedTable rows, int from, float[] found, int outputs, double[][] values) {
    float[] told =
        targets instanceof Targets.Classes ? Probabilities.softmax(found, outputs) : found;
    for (int i = 0; i < told.length / outputs; i++) {
      double[] row = new double[outputs];
      for (int k = 0; k < outputs; k++) {
        double value = told[i * outputs + k];
        row[k] =
            switch (targets) {
              case Targets.Classes unused -> value;
              case Targets.Labels unused -> Probabilities.sigmoid(value);
              case Targets.Numbers n ->
                  n.standardization().restore(Math.min(k, n.outputs() - 1), value);
            };
      }
      values[rows.row(from + i)] = row;
    }
  }

  /**
   * Number of rows.
   *
   * @return that of the table
   */
  public int rows() {
    return values.length;
  }

  /**
   * What is foretold of a row.
   *
   * @param row from 0
   * @return probabilities of all classes, or of each label, or numbers in their units; empty of a
   *     row that a missing cell leaves out
   * @throws IndexOutOfBoundsException if there is no such row
   */
  public double[] values(int row) {
    Places.check("predictions: row", row, values.length);
    return values[row] == null ? new double[0] : values[row].clone();
  }

  /**
   * The class that is most likely.
   *
   * @param row from 0
   * @return its name; empty of a row that a missing cell leaves out
   * @throws IllegalStateException if no class was foretold
   * @throws IndexOutOfBoundsException if there is no such row
   */
  public String likeliest(int row) {
    if (!(encoder.targets() instanceof Targets.Classes classes)) {
      throw new IllegalStateException(encoder.targets().text() + " were foretold, no class");
    }
    double[] probabilities = values(row);
    int best = 0;
    for (int k = 0; k < probabilities.length; k++) {
      best = probabilities[k] > probabilities[best] ? k : best;
    }
    return probabilities.length == 0 ? "" : classes.names().get(best);
  }

  /**
   * What the columns are called that {@link #write} writes.
   *
   * @return the row's name if it has one; then the class and every class's probability, or every
   *     label's probability, or the numbers (of several quantiles of a number, its name and 1, 2,
   *     …)
   */
  public List<String> columns() {
    List<String> columns = new ArrayList<>();
    encoder.id().filter(table::has).ifPresent(columns::add);
    switch (encoder.targets()) {
      case Targets.Classes classes -> {
        String column = encoder.targetColumns().getFirst();
        columns.add(column);
        classes.names().forEach(name -> columns.add(column + "=" + name));
      }
      case Targets.Labels labels -> columns.addAll(labels.names());
      case Targets.Numbers numbers -> {
        if (outputs == numbers.outputs()) {
          columns.addAll(numbers.names());
        } else {
          for (int k = 1; k <= outputs; k++) {
            columns.add(numbers.names().getFirst() + " " + k);
          }
        }
      }
    }
    return columns;
  }

  /**
   * Writes comma-separated values: a line with the columns' names, and one a row of the table,
   * whose cells are empty if a missing cell leaves it out.
   *
   * @param out where to
   * @throws IOException if it cannot be written
   */
  public void write(Appendable out) throws IOException {
    Nulls.check(out, "predictions: out");
    List<String> columns = columns();
    line(out, columns);
    int names = encoder.id().filter(table::has).isPresent() ? 1 : 0;
    for (int row = 0; row < values.length; row++) {
      List<String> cells = new ArrayList<>();
      if (names > 0) {
        cells.add(table.column(encoder.id().orElseThrow()).text(row));
      }
      if (encoder.targets() instanceof Targets.Classes) {
        cells.add(likeliest(row));
      }
      Arrays.stream(values(row)).forEach(value -> cells.add(text(value)));
      while (cells.size() < columns.size()) {
        cells.add("");
      }
      line(out, cells);
    }
  }

  /** As many digits as single precision has. */
  private static String text(double value) {
    return Float.toString((float) value);
  }

  private static void line(Appendable out, List<String> cells) throws IOException {
    for (int k = 0; k < cells.size(); k++) {
      String cell = cells.get(k);
      boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
      out.append(k == 0 ? "" : ",");
      out.append(plain ? cell : '"' + cell.replace("\"", "\"\"") + '"');
    }
    out.append('\n');
  }
}

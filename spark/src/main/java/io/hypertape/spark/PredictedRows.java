package io.hypertape.spark;

import io.hypertape.predict.Predictor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.TaskCompletionListener;

/** A partition's rows, whose last column is that of values, with predictions in its place. */
final class PredictedRows implements Iterator<Row> {

  /** Rows that are predicted at once. */
  private static final int BATCH = 256;

  private final Iterator<Row> rows;
  private final Predictor predictor;
  private Iterator<Row> ready = List.<Row>of().iterator();

  PredictedRows(Iterator<Row> rows, Predictor predictor) {
    this.rows = rows;
    this.predictor = predictor;
    // Some take the first rows only.
    TaskCompletionListener end = unused -> predictor.close();
    TaskContext.get().addTaskCompletionListener(end);
  }

  @Override
  public boolean hasNext() {
    return ready.hasNext() || rows.hasNext();
  }

  @Override
  public Row next() {
    if (!ready.hasNext()) {
      ready = predicted();
    }
    return ready.next();
  }

  private Iterator<Row> predicted() {
    List<Row> some = new ArrayList<>();
    while (some.size() < BATCH && rows.hasNext()) {
      some.add(rows.next());
    }
    int inputs = predictor.inputs();
    float[] values = new float[some.size() * inputs];
    for (int i = 0; i < some.size(); i++) {
      Row row = some.get(i);
      SparkExample.copyValues(row, row.size() - 1, values, i * inputs, inputs);
    }
    float[] outputs = predictor.predict(values, some.size());
    int each = predictor.outputs();
    List<Row> all = new ArrayList<>();
    for (int i = 0; i < some.size(); i++) {
      Object[] row = new Object[some.get(i).size()];
      Arrays.setAll(row, some.get(i)::get);
      row[row.length - 1] = Arrays.copyOfRange(outputs, i * each, (i + 1) * each);
      all.add(RowFactory.create(row));
    }
    return all.iterator();
  }
}

package io.hypertape.spark;

import io.hypertape.checks.Nulls;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A text that Spark reads, in rows of lines or longer parts. The parts stand in the order of a
 * column, with a line's end between them; 80 % of the text are learned from, then 10 % are tuned by
 * and 10 % judged by. Every worker has all of it.
 *
 * @param rows the rows
 * @param order the column that says where a part stands
 * @param text the column of the parts
 */
public record SparkText(Dataset<Row> rows, String order, String text) {

  /** Checks that the columns are there. */
  public SparkText {
    Nulls.check(rows, "spark text: rows");
    Nulls.check(order, "spark text: order");
    Nulls.check(text, "spark text: text");
    SparkRows.checkColumns("spark text", rows, List.of(order, text));
  }

  /** All of it. */
  String collected() {
    return rows
        .select(rows.col(text).cast("string"), rows.col(order))
        .orderBy(order)
        .collectAsList()
        .stream()
        .map(row -> row.isNullAt(0) ? "" : row.getString(0))
        .collect(Collectors.joining("\n"));
  }
}

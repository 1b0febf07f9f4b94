package io.hypertape.data.table;

import io.hypertape.checks.Nulls;
import io.hypertape.data.Dataset;
import io.hypertape.data.Shares;
import io.hypertape.data.TrainingData;
import java.util.List;
import java.util.Optional;

/**
 * A table in parts, read as the rows to learn from say.
 *
 * @param name of the table
 * @param encoder how rows become numbers
 * @param train to learn from
 * @param validation to choose by; empty if there is none
 * @param test to judge by
 */
public record TableData(
    String name,
    TableEncoder encoder,
    EncodedTable train,
    Optional<EncodedTable> validation,
    EncodedTable test)
    implements TrainingData {

  /** Checks that all is there. */
  public TableData {
    Nulls.check(name, "table data: name");
    Nulls.check(encoder, "table data: encoder");
    Nulls.check(train, "table data: train");
    Nulls.check(validation, "table data: validation");
    Nulls.check(test, "table data: test");
  }

  /**
   * Divides a table by a hash of its rows' names, or of all their cells if none was named: a row
   * stays in its part when others are added, and equal rows fall into one.
   *
   * @param table the table
   * @param schema what its columns mean
   * @param shares how large the parts are
   * @return the parts
   * @throws IllegalArgumentException if a cell is not what the schema says, tells the file, the
   *     line and the column; or a part would have no row
   */
  public static TableData of(DataTable table, Schema schema, Shares shares) {
    Nulls.check(table, "table data: table");
    Nulls.check(schema, "table data: schema");
    Nulls.check(shares, "table data: shares");
    schema.check();
    int[] kept = TableEncoder.kept(schema, table);
    Shares.Parts parts = parts(table, kept, schema.column(Schema.Role.ID), shares);
    return of(table, TableEncoder.fit(schema, table, rows(kept, parts.train())), kept, parts);
  }

  /**
   * Divides a table as one was divided that an encoder was fitted to: the same rows fall into the
   * same parts.
   *
   * @param table the table
   * @param encoder how rows become numbers
   * @param shares how large the parts are
   * @return the parts
   * @throws IllegalArgumentException if a column is missing or a cell is not what it should be,
   *     tells the file, the line and the column; or a part would have no row
   */
  public static TableData of(DataTable table, TableEncoder encoder, Shares shares) {
    Nulls.check(table, "table data: table");
    Nulls.check(encoder, "table data: encoder");
    Nulls.check(shares, "table data: shares");
    int[] kept = encoder.kept(table);
    return of(table, encoder, kept, parts(table, kept, encoder.id(), shares));
  }

  private static Shares.Parts parts(
      DataTable table, int[] kept, Optional<String> id, Shares shares) {
    List<TableColumn> columns =
        id.map(List::of).orElseGet(table::columns).stream().map(table::column).toList();
    return shares.divide(
        table.name(),
        kept.length,
        i ->
            Shares.hash(
                columns.stream().map(column -> column.text(kept[i])).toArray(String[]::new)));
  }

  private static TableData of(
      DataTable table, TableEncoder encoder, int[] kept, Shares.Parts parts) {
    String name = table.name();
    return new TableData(
        name,
        encoder,
        encoder.dataset(name + " train", table, rows(kept, parts.train())),
        parts.valid().map(rows -> encoder.dataset(name + " valid", table, rows(kept, rows))),
        encoder.dataset(name + " test", table, rows(kept, parts.test())));
  }

  private static int[] rows(int[] kept, int... chosen) {
    int[] rows = new int[chosen.length];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = kept[chosen[i]];
    }
    return rows;
  }

  /**
   * Two tables, as they were divided by somebody else.
   *
   * @param train the rows to learn from
   * @param test the rows to judge by
   * @param schema what the columns mean
   * @return the parts
   * @throws IllegalArgumentException if a cell is not what the schema says, tells the file, the
   *     line and the column
   */
  public static TableData of(DataTable train, DataTable test, Schema schema) {
    Nulls.check(train, "table data: train");
    Nulls.check(test, "table data: test");
    Nulls.check(schema, "table data: schema");
    TableEncoder encoder = TableEncoder.fit(schema, train);
    return new TableData(
        train.name(), encoder, encoder.dataset(train), Optional.empty(), encoder.dataset(test));
  }

  @Override
  public Optional<Dataset> valid() {
    return validation.map(part -> part);
  }
}

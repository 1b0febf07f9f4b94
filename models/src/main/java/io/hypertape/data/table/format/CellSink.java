package io.hypertape.data.table.format;

import java.util.List;

/** Takes a table cell by cell, as a reader of files comes by them. */
public interface CellSink {

  /**
   * The columns, before the first row.
   *
   * @param names what they are called
   */
  void columns(List<String> names);

  /**
   * A row begins. Cells that are not told before the next one are missing.
   *
   * @param line of the file where it stands, from 1; 0 if the file has no lines
   */
  void row(long line);

  /**
   * A cell of the current row.
   *
   * @param column its number, from 0
   * @param text what stands there
   */
  void text(int column, String text);

  /**
   * A cell of the current row that is a number.
   *
   * @param column its number, from 0
   * @param value the number
   */
  void number(int column, double value);
}

package io.hypertape.data.table.parquet;

import java.io.IOException;

/** Values of a page that are there, one after the other; of its column's type, either kind. */
abstract class PageValues {

  /**
   * The next value of a column that is not of bytes.
   *
   * @return it, with its sign; 0 or 1 of a boolean; a FLOAT's or DOUBLE's bits
   * @throws IOException if there is none
   */
  long number() throws IOException {
    throw new DamagedParquetException("a page has no numbers");
  }

  /**
   * The next value of a column of bytes.
   *
   * @return it
   * @throws IOException if there is none
   */
  byte[] bytes() throws IOException {
    throw new DamagedParquetException("a page has no bytes");
  }
}

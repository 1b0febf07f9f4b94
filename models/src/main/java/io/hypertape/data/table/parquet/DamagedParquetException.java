package io.hypertape.data.table.parquet;

import java.io.IOException;

/** A file says what cannot be. */
final class DamagedParquetException extends IOException {

  private static final long serialVersionUID = 1L;

  DamagedParquetException(String what) {
    super(what);
  }
}

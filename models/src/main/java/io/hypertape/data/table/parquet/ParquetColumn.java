package io.hypertape.data.table.parquet;

import io.hypertape.data.table.format.CellSink;
import java.io.IOException;

/**
 * A column of plain values.
 *
 * @param name what it is called
 * @param type how its values are stored
 * @param width bytes of a value; 0 if each has its length
 * @param optional whether values can be missing
 * @param cell tells a value as a table takes it
 */
record ParquetColumn(String name, StoredAs type, int width, boolean optional, Cell cell) {

  /** The physical types, by their numbers. INT96 is none that fits. */
  enum StoredAs {
    BOOLEAN(0),
    INT32(Integer.BYTES),
    INT64(Long.BYTES),
    INT96(0),
    FLOAT(Float.BYTES),
    DOUBLE(Double.BYTES),
    BYTE_ARRAY(0),
    FIXED_LEN_BYTE_ARRAY(0);

    /** Bytes of a value; 0 if the type does not say. */
    final int bytes;

    StoredAs(int bytes) {
      this.bytes = bytes;
    }

    /** Whether values are bytes; numbers otherwise. */
    boolean isBytes() {
      return this == BYTE_ARRAY || this == FIXED_LEN_BYTE_ARRAY;
    }
  }

  /** How a value becomes a text or a number. */
  @FunctionalInterface
  interface Cell {

    /**
     * Tells the next value.
     *
     * @param values of a page
     * @param sink takes it
     * @param column its number, from 0
     */
    void tell(PageValues values, CellSink sink, int column) throws IOException;
  }
}

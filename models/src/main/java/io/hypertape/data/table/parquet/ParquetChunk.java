package io.hypertape.data.table.parquet;

import java.io.IOException;

/**
 * Where a column's values of a row group are.
 *
 * @param column whose values they are
 * @param codec how its pages are compressed
 * @param start place of the first page in the file
 * @param end place after the last
 * @param values how many, with missing ones
 */
record ParquetChunk(ParquetColumn column, PageCodec codec, long start, long end, long values) {

  /**
   * Reads it from a footer.
   *
   * @param column whose values they are
   * @param chunk of the footer
   * @param rows of its row group
   * @param end place of the footer, before which it must end
   */
  static ParquetChunk of(ParquetColumn column, ThriftStruct chunk, long rows, long end)
      throws IOException {
    if (chunk.has(1)) {
      throw new IOException(
          "column " + column.name() + " is in a file of its own; one file of all columns fits");
    }
    ThriftStruct meta = chunk.struct(3, "meta_data");
    int type = meta.number(1, "type", null);
    if (type != column.type().ordinal() || meta.size(5, "num_values") != rows) {
      throw new DamagedParquetException(
          meta.size(5, "num_values")
              + " values of type "
              + type
              + " are in "
              + rows
              + " rows of column "
              + column.name());
    }
    long start = meta.size(9, "data_page_offset");
    if (meta.has(11)) {
      long dictionary = meta.size(11, "dictionary_page_offset");
      start = dictionary > 0 && dictionary < start ? dictionary : start;
    }
    long length = meta.size(7, "total_compressed_size");
    if (rows > 0 && (start < ParquetRows.MAGIC.length() || length > end - start)) {
      throw new DamagedParquetException(
          length
              + " bytes of column "
              + column.name()
              + " from place "
              + start
              + " on are not in the file");
    }
    return new ParquetChunk(
        column, PageCodec.of(meta.number(4, "codec", null)), start, start + length, rows);
  }
}

package io.hypertape.data.table.parquet;

import io.hypertape.data.table.format.CellSink;
import io.hypertape.io.guard.RegularFile;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads <a href="https://parquet.apache.org/docs/file-format/">Parquet</a> files of columns of
 * plain values, of any encoding, uncompressed or by Snappy, GZIP or ZSTD, from the first row to the
 * last.
 */
public final class ParquetRows {

  static final String MAGIC = "PAR1";

  /** Place of the footer's length, from the end: that and the magic word once more. */
  private static final int LAST = 8;

  private static final int MOST_ROWS = Integer.MAX_VALUE - 8;

  /** Cells of a file, and more for each of its bytes; columns of one value come close to it. */
  private static final long MOST_CELLS = 1 << 22;

  private static final long CELLS_PER_BYTE = 1 << 12;

  private ParquetRows() {}

  /**
   * Reads a file.
   *
   * @param file the file
   * @param sink takes the cells: dates as days and times as seconds since 1970, or since midnight
   * @throws IOException if it cannot be read, is damaged, or a column has lists or structures
   */
  public static void read(Path file, CellSink sink) throws IOException {
    RegularFile.check(file, "a table");
    try (ParquetFile bytes = new ParquetFile(file)) {
      parse(bytes, sink);
    } catch (DamagedParquetException e) {
      throw damaged(file, e.getMessage(), e);
    } catch (BufferUnderflowException | IndexOutOfBoundsException | ArithmeticException e) {
      throw damaged(file, "a part of it ends too soon", e);
    } catch (IOException e) {
      throw new IOException(file + ": cannot be read as Parquet: " + e.getMessage(), e);
    }
  }

  private static IOException damaged(Path file, String what, Exception cause) {
    return new IOException(
        file + ": is damaged or no Parquet file: " + what + "; a whole one is needed", cause);
  }

  private static void parse(ParquetFile file, CellSink sink) throws IOException {
    long end = file.size() - LAST;
    if (end < MAGIC.length()) {
      throw new DamagedParquetException("it is of " + file.size() + " bytes");
    }
    ByteBuffer last = file.read(end, LAST);
    long length = last.getInt();
    checkMagic(file.read(0, MAGIC.length()));
    checkMagic(last);
    if (length < 0 || length > end - MAGIC.length()) {
      throw new DamagedParquetException("its footer is of " + length + " bytes");
    }
    ThriftStruct footer = ThriftStruct.read("the footer", file.read(end - length, length));
    List<ParquetColumn> columns = ParquetSchema.columns(footer.structs(2, "schema"));
    List<List<ParquetChunk>> groups = groups(footer, columns, end - length);
    sink.columns(columns.stream().map(ParquetColumn::name).toList());
    for (List<ParquetChunk> group : groups) {
      tell(file, group, sink);
    }
  }

  private static void checkMagic(ByteBuffer bytes) throws IOException {
    String word = StandardCharsets.ISO_8859_1.decode(bytes).toString();
    if (word.equals("PARE")) {
      throw new IOException("it is encrypted; one that is not fits");
    }
    if (!word.equals(MAGIC)) {
      throw new DamagedParquetException("it does not begin and end with " + MAGIC);
    }
  }

  /** All chunks of all columns, checked before a row is told. */
  private static List<List<ParquetChunk>> groups(
      ThriftStruct footer, List<ParquetColumn> columns, long end) throws IOException {
    List<List<ParquetChunk>> groups = new ArrayList<>();
    long all = 0;
    for (ThriftStruct group : footer.structs(4, "row_groups")) {
      long rows = group.size(3, "num_rows");
      List<ThriftStruct> chunks = group.structs(1, "columns");
      if (chunks.size() != columns.size()) {
        throw new DamagedParquetException(
            chunks.size() + " of " + columns.size() + " columns are in a row group");
      }
      List<ParquetChunk> found = new ArrayList<>();
      for (int k = 0; k < columns.size(); k++) {
        found.add(ParquetChunk.of(columns.get(k), chunks.get(k), rows, end));
      }
      groups.add(found);
      all = Math.addExact(all, rows);
    }
    long told = footer.size(3, "num_rows");
    if (all > (MOST_CELLS + CELLS_PER_BYTE * end) / columns.size()) {
      throw new DamagedParquetException(
          all + " rows of " + columns.size() + " columns are in " + end + " bytes");
    }
    if (all != told) {
      throw new DamagedParquetException(all + " of " + told + " rows are there");
    }
    if (all > MOST_ROWS) {
      throw new IOException("it has " + all + " rows; up to " + MOST_ROWS + " fit");
    }
    return groups;
  }

  private static void tell(ParquetFile file, List<ParquetChunk> group, CellSink sink)
      throws IOException {
    List<ChunkCells> cells = new ArrayList<>();
    group.forEach(chunk -> cells.add(new ChunkCells(file, chunk)));
    long rows = group.getFirst().values();
    for (long row = 0; row < rows; row++) {
      sink.row(0);
      for (int k = 0; k < cells.size(); k++) {
        cells.get(k).next(sink, k);
      }
    }
  }
}

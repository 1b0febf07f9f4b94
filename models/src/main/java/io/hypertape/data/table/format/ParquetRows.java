package io.hypertape.data.table.format;

import dev.hardwood.InputFile;
import dev.hardwood.metadata.LogicalType;
import dev.hardwood.metadata.PhysicalType;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import dev.hardwood.schema.ColumnSchema;
import io.hypertape.io.guard.RegularFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Reads Parquet files, columns of plain values, by Hardwood. */
public final class ParquetRows {

  private static final String ARTIFACT = "dev.hardwood:hardwood-core";
  private static final String MODULE = "dev.hardwood.core";
  private static final double NANOS = 1e9;
  private static final int MOST = 20;

  private ParquetRows() {}

  /** How a cell of a column becomes a text or a number. */
  @FunctionalInterface
  private interface Cell {
    void tell(RowReader row, CellSink sink);
  }

  /**
   * Reads a file.
   *
   * @param file the file
   * @param sink takes the cells: dates as days and times as seconds since 1970, or since midnight
   * @throws MissingLibraryException if Hardwood is not there, or the library of a compression
   * @throws IOException if it cannot be read, or a column has lists or structures
   */
  public static void read(Path file, CellSink sink) throws IOException {
    RegularFile.check(file, "a table");
    try {
      parse(file, sink);
    } catch (NoClassDefFoundError e) {
      throw new MissingLibraryException(file.toString(), "Parquet", ARTIFACT, MODULE, e);
    } catch (IOException | RuntimeException e) {
      throw new IOException(file + ": cannot be read as Parquet: " + reason(e), e);
    }
  }

  /** What lies behind it all. */
  private static String reason(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause.getCause() != null && depth < MOST; depth++) {
      cause = cause.getCause();
    }
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }

  private static void parse(Path file, CellSink sink) throws IOException {
    try (ParquetFileReader reader = ParquetFileReader.open(InputFile.of(file))) {
      List<Cell> cells = new ArrayList<>();
      List<String> names = new ArrayList<>();
      for (ColumnSchema column : reader.getFileSchema().getColumns()) {
        cells.add(cell(column, cells.size()));
        names.add(column.name());
      }
      sink.columns(names);
      try (RowReader row = reader.rowReader()) {
        while (row.hasNext()) {
          row.next();
          sink.row(0);
          for (int k = 0; k < cells.size(); k++) {
            if (!row.isNull(k)) {
              cells.get(k).tell(row, sink);
            }
          }
        }
      }
    }
  }

  private static Cell cell(ColumnSchema column, int k) throws IOException {
    String path = column.fieldPath().toString();
    if (column.maxRepetitionLevel() > 0 || !path.equals(column.name())) {
      throw new IOException(
          "column " + path + " has lists or structures; columns of plain values fit");
    }
    return switch (column.logicalType()) {
      case LogicalType.StringType unused -> (row, sink) -> sink.text(k, row.getString(k));
      case LogicalType.EnumType unused -> (row, sink) -> sink.text(k, row.getString(k));
      case LogicalType.UuidType unused -> (row, sink) -> sink.text(k, row.getUuid(k).toString());
      case LogicalType.DecimalType unused ->
          (row, sink) -> sink.number(k, row.getDecimal(k).doubleValue());
      case LogicalType.DateType unused ->
          (row, sink) -> sink.number(k, row.getDate(k).toEpochDay());
      case LogicalType.TimeType unused ->
          (row, sink) -> sink.number(k, row.getTime(k).toNanoOfDay() / NANOS);
      case LogicalType.TimestampType type ->
          type.isAdjustedToUTC()
              ? (row, sink) -> sink.number(k, seconds(row.getTimestamp(k)))
              : (row, sink) ->
                  sink.number(k, seconds(row.getLocalTimestamp(k).toInstant(ZoneOffset.UTC)));
      case LogicalType.IntType unused -> plain(column, k);
      case null -> plain(column, k);
      default -> throw unfit(column, column.logicalType());
    };
  }

  private static double seconds(Instant time) {
    return time.getEpochSecond() + time.getNano() / NANOS;
  }

  private static Cell plain(ColumnSchema column, int k) throws IOException {
    PhysicalType type = column.type();
    return switch (type) {
      case BOOLEAN -> (row, sink) -> sink.text(k, Boolean.toString(row.getBoolean(k)));
      case INT32 -> (row, sink) -> sink.number(k, row.getInt(k));
      case INT64 -> (row, sink) -> sink.number(k, row.getLong(k));
      case FLOAT -> (row, sink) -> sink.number(k, row.getFloat(k));
      case DOUBLE -> (row, sink) -> sink.number(k, row.getDouble(k));
      default -> throw unfit(column, type);
    };
  }

  private static IOException unfit(ColumnSchema column, Object type) {
    return new IOException(
        "column "
            + column.name()
            + " is of the type "
            + type
            + "; numbers, texts, booleans, dates and times fit");
  }
}

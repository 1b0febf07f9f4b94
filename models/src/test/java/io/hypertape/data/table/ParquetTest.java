package io.hypertape.data.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Parquet files as PyArrow writes them; {@code src/test/python/tables.py} made them. */
class ParquetTest {

  @TempDir private Path folder;

  private static Path file(String name) {
    return Path.of("src/test/resources/io/hypertape/data/table", name + ".parquet");
  }

  private static double[] numbers(DataTable table, String name) {
    TableColumn column = table.column(name);
    double[] numbers = new double[column.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = column.number(i);
    }
    return numbers;
  }

  private static void holds(DataTable table, String name, double... numbers) {
    assertEquals(Arrays.toString(numbers), Arrays.toString(numbers(table, name)), name);
    assertTrue(table.column(name).isNumeric(), name);
  }

  private static void says(DataTable table, String name, String... texts) {
    TableColumn column = table.column(name);
    for (int i = 0; i < texts.length; i++) {
      assertEquals(texts[i], column.text(i), name);
      assertEquals(texts[i].isEmpty(), column.isMissing(i), name);
    }
    assertFalse(column.isNumeric(), name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"snappy", "gzip", "none", "zstd"})
  void columnsOfPlainValues(String compression) throws IOException {
    DataTable table = DataTable.read(file(compression));
    double none = Double.NaN;
    assertEquals(5, table.rows());
    holds(table, "int32", 1, -2, none, 4, 5);
    holds(table, "int64", 1L << 40, 2, 3, none, 5);
    holds(table, "int8", 1, -2, 3, 4, 127);
    holds(table, "float", 0.5, 1.5, none, 2.5, none);
    holds(table, "double", 0.1, 0.2, 0.3, 0.4, none);
    says(table, "bool", "true", "false", "", "true", "false");
    says(table, "text", "a", "b", "", "ä, b", "a");
    says(table, "words", "x", "y", "x", "y", "");
    holds(table, "date", 1, none, 10957, 10957, 10957);
    holds(table, "time", 1.5, 1.5, 1.5, 1.5, 1.5);
    holds(table, "local", 2, 2, 2, 2, 2);
    holds(table, "hour", 3600, 3600, 3600, 3600, 3600);
    holds(table, "decimal", 12.34, 12.34, 12.34, 12.34, 12.34);
    assertTrue(table.place(2, "text").endsWith(compression + ".parquet, row 3, column text"));
  }

  private static void refused(String part, Path file) {
    IOException e = assertThrows(IOException.class, () -> DataTable.parquet(file));
    assertTrue(e.getMessage().contains(part), e.getMessage());
    assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
  }

  @Test
  void otherColumnsAreRefusedByName() {
    refused("column list.list.element has lists or structures", file("lists"));
    refused("column part.a has lists or structures", file("structures"));
    refused("column bytes is of the type BYTE_ARRAY; numbers, texts", file("bytes"));
  }

  /** A column is there several times, in one encoding each; the first is PLAIN. */
  @ParameterizedTest
  @ValueSource(strings = {"pages", "pages2"})
  void everyEncodingSaysTheSame(String name) throws IOException {
    DataTable table = DataTable.read(file(name));
    assertEquals(300, table.rows());
    assertEquals(24, table.columns().size());
    for (String column : table.columns()) {
      TableColumn plain = table.column(column.substring(0, column.indexOf('-')) + "-plain");
      TableColumn other = table.column(column);
      assertEquals(60, other.missing(), column);
      for (int row = 0; row < table.rows(); row++) {
        assertEquals(row % 5 == 3, other.isMissing(row), column);
        assertEquals(plain.text(row), other.text(row), column);
      }
    }
    assertEquals(3e9, table.column("uint32-plain").number(0));
    assertEquals(0x1p63 + 2048, table.column("uint64-plain").number(0));
    assertEquals(-2147483648, table.column("int32-plain").number(1));
    assertEquals("prefix/0001/", table.column("text-plain").text(1).substring(0, 12));
  }

  @Test
  void columnsOfNothingAreMissingCells() throws IOException {
    DataTable table = DataTable.read(file("empty"));
    assertEquals(3, table.rows());
    assertEquals(3, table.column("null").missing());
    assertEquals(3, table.column("all").missing());
    holds(table, "needed", 1, 2, 3);
    assertEquals(0, DataTable.read(file("rowless")).rows());
  }

  @Test
  void whatIsNoParquetIsRefused() throws IOException {
    Path text = Files.writeString(folder.resolve("a.parquet"), "a,b\n1,2\n");
    refused("", text);
    byte[] whole = Files.readAllBytes(file("none"));
    for (int length : List.of(0, 3, 4, 11, 12, 100, whole.length / 2, whole.length - 1)) {
      Path cut = folder.resolve("cut" + length + ".parquet");
      Files.write(cut, Arrays.copyOf(whole, length));
      refused("", cut);
    }
    refused("", folder);
    refused("", folder.resolve("none.parquet"));
  }
}

package io.hypertape.data.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.hypertape.fuzz.InputFile;
import io.hypertape.fuzz.Promise;
import java.io.IOException;
import java.nio.file.Path;

/** Tables of text, and what a model's file says of the table that it was trained on. */
class TablesFuzzTest {

  /** A column takes a kilobyte before its first row, and two bytes name one. */
  private static final long A_COLUMN = 4096;

  @FuzzTest
  void csv(byte[] input) {
    Path file = InputFile.of("table.csv", input);
    Promise.of(IOException.class)
        .within(16L << 20, A_COLUMN)
        .keep(
            input,
            () -> {
              DataTable table = DataTable.csv(file);
              for (String name : table.columns()) {
                TableColumn column = table.column(name);
                for (int row = 0; row < table.rows(); row++) {
                  assertEquals(column.isMissing(row), column.text(row).isEmpty());
                }
              }
            });
  }

  /** Cells in runs take hardly a byte, so that a file may say that it has millions. */
  private static final long RUNS = 512L << 20;

  @FuzzTest
  void parquet(byte[] input) {
    Path file = InputFile.of("table.parquet", input);
    Promise.of(IOException.class)
        .within(RUNS, 1 << 18)
        .keep(input, () -> assertFalse(DataTable.parquet(file).columns().isEmpty()));
  }

  @FuzzTest
  void encoder(byte[] input) {
    Promise.of(IllegalArgumentException.class)
        .keep(
            input,
            () -> {
              TableEncoder read = TableEncoder.parse(Promise.text(input));
              assertEquals(read, TableEncoder.parse(read.text()));
            });
  }
}

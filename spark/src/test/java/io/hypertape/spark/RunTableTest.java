package io.hypertape.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables that a state keeps. */
class RunTableTest {

  @Test
  void aTableOutlivesItsText(@TempDir Path folder) throws Exception {
    RunTable table = new RunTable();
    table.columns().addAll(List.of("step", "loss"));
    table.rows().add(new double[] {1, 0.1});
    table.rows().add(new double[] {2, Double.NaN});
    RunTable read = RunTable.parse(table.text());
    assertEquals(table.columns(), read.columns());
    assertEquals(2, read.rows().size());
    assertArrayEquals(table.rows().get(1), read.rows().get(1));
    Path file = folder.resolve("metrics.csv");
    read.write(file);
    assertEquals(List.of("step,loss", "1,0.1", "2,NaN"), Files.readAllLines(file));
  }

  @Test
  void aTableWithoutRowsIsOne() {
    RunTable table = new RunTable();
    table.columns().add("step");
    assertEquals(0, RunTable.parse(table.text()).rows().size());
    RunTable none = RunTable.parse(new RunTable().text());
    assertEquals(List.of(), none.columns());
    assertEquals(List.of(), none.rows());
  }
}

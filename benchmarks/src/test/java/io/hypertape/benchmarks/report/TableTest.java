package io.hypertape.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TableTest {

  @Test
  void columnsAreAligned() {
    Table table = new Table("what", "ratio");
    assertTrue(table.isEmpty());
    table.row("gemm 64x64x64", "1.05");
    table.row("exp", "-");
    assertEquals(
        """
        | what          | ratio |
        | ------------- | ----: |
        | gemm 64x64x64 |  1.05 |
        | exp           |     - |
        """,
        table.render());
  }

  @Test
  void noCellBreaksATable() {
    Table table = new Table("a", "b");
    table.row("x|y\nz\u001b[31m", "1");
    assertTrue(table.render().contains("| x/y z [31m |   1 |"), table.render());
    assertThrows(IllegalArgumentException.class, () -> table.row("one"));
  }
}

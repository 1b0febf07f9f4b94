package io.hypertape.data.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DataTableTest {

  @Test
  void columnsOfArraysAndLists() {
    Map<String, Object> columns = new LinkedHashMap<>();
    columns.put("double", new double[] {1, Double.NaN, 2.5});
    columns.put("float", new float[] {0.5f, 1, 2});
    columns.put("int", new int[] {1, 2, 3});
    columns.put("list", Arrays.asList("a", null, true));
    DataTable table = DataTable.of("mine", columns);
    assertEquals("mine: 3 rows of double, float, int, list", table.toString());
    assertTrue(table.column("double").isMissing(1));
    assertEquals(0.5, table.column("float").number(0));
    assertEquals("3", table.column("int").text(2));
    assertEquals("true", table.column("list").text(2));
    assertTrue(table.column("list").isMissing(1));
    assertEquals("mine, row 2, column int", table.place(1, "int"));
    assertTrue(table.has("int") && !table.has("other"));
  }

  @Test
  void rowsAsTheyCome() {
    DataTable table =
        DataTable.ofRows(
            "stream",
            List.of("n", "word"),
            IntStream.range(0, 100).mapToObj(i -> List.of(i / 4.0, "w" + i % 3)).iterator());
    assertEquals(100, table.rows());
    assertEquals(24.75, table.column("n").number(99));
    assertEquals("w0", table.column("word").text(99));
    assertFalse(table.column("word").isNumeric());
  }

  private static void refused(String message, Runnable call) {
    Exception e = assertThrows(IllegalArgumentException.class, call::run);
    assertEquals(message, e.getMessage());
  }

  @Test
  void whatDoesNotFitIsRefused() {
    DataTable table = DataTable.of("t", Map.of("a", new int[2]));
    refused("t: there is no column 'b'; there are a", () -> table.column("b"));
    Map<String, Object> uneven = new LinkedHashMap<>();
    uneven.put("a", new int[2]);
    uneven.put("b", List.of(1));
    refused(
        "t: column b is shorter than others; columns of one length are needed",
        () -> DataTable.of("t", uneven));
    refused(
        "t: column a is a String; double[], float[], int[] or a list is needed",
        () -> DataTable.of("t", Map.of("a", "x")));
    refused(
        "t, row 2: 1 values; 2 are needed, one a column",
        () ->
            DataTable.ofRows(
                "t", List.of("a", "b"), List.of(List.of(1, 2), List.of(1)).iterator()));
    refused(
        "t: columns []; one or more of different names are needed",
        () -> DataTable.of("t", Map.of()));
  }
}

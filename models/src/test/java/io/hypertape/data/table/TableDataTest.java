package io.hypertape.data.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.data.Shares;
import io.hypertape.data.Targets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TableDataTest {

  /** Rows (i, i mod 7, 2i) from here to there. */
  private static DataTable rows(int from, int to) {
    List<List<?>> rows = new ArrayList<>();
    for (int i = from; i < to; i++) {
      rows.add(List.of(i, "g" + i % 7, 2.0 * i));
    }
    return DataTable.ofRows("rows", List.of("x", "group", "y"), rows.iterator());
  }

  private static Set<Double> values(DataTable table, EncodedTable part) {
    Set<Double> values = new HashSet<>();
    for (int i = 0; i < part.size(); i++) {
      values.add(table.column("x").number(part.row(i)));
    }
    return values;
  }

  @Test
  void everyRowFallsIntoOnePartAndStaysThere() {
    DataTable table = rows(0, 3000);
    Schema schema = Schema.of(table).numbers("y");
    TableData data = TableData.of(table, schema, Shares.usual());
    Set<Double> train = values(table, data.train());
    Set<Double> test = values(table, data.test());
    Set<Double> valid = values(table, data.validation().orElseThrow());
    assertEquals(3000, train.size() + test.size() + valid.size());
    assertEquals(300, test.size(), 50);
    assertEquals(300, valid.size(), 50);
    assertEquals("rows valid", data.valid().orElseThrow().name());
    // Other rows before and behind.
    DataTable more = rows(-500, 4000);
    TableData grown = TableData.of(more, schema, Shares.usual());
    assertTrue(values(more, grown.train()).containsAll(train));
    assertTrue(values(more, grown.test()).containsAll(test));
    TableData other = TableData.of(table, schema, new Shares(0.1, 0.1, 2));
    assertTrue(!values(table, other.test()).equals(test));
  }

  @Test
  void rowsOfOneNameFallIntoOnePart() {
    DataTable table = rows(0, 3000);
    Schema schema = Schema.of(table).numbers("y").id("group");
    TableData data = TableData.of(table, schema, new Shares(0, 0.3, 5));
    assertEquals(Optional.empty(), data.valid());
    TreeMap<String, Set<String>> parts = new TreeMap<>();
    for (EncodedTable part : List.of(data.train(), data.test())) {
      for (int i = 0; i < part.size(); i++) {
        String group = table.column("group").text(part.row(i));
        parts.computeIfAbsent(group, unused -> new HashSet<>()).add(part.name());
      }
    }
    assertEquals(7, parts.size());
    assertTrue(parts.values().stream().allMatch(names -> names.size() == 1), parts.toString());
  }

  @Test
  void standardizationIsOfTheRowsToLearnFrom() {
    DataTable train = rows(0, 100);
    DataTable test = rows(1000, 1010);
    TableData data = TableData.of(train, test, Schema.of(train).numbers("y").without("group"));
    double mean = ((Targets.Numbers) data.test().targets()).standardization().mean()[0];
    assertEquals(99, mean, 1e-12);
    float[] input = new float[1];
    data.test().copyInput(0, input, 0);
    assertEquals((1000 - 49.5) / Math.sqrt((100.0 * 100 - 1) / 12), input[0], 1e-4);
  }

  @Test
  void aPartWithoutRowsIsRefused() {
    DataTable table = rows(0, 3);
    Schema schema = Schema.of(table).numbers("y");
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () -> TableData.of(table, schema, new Shares(0.01, 0.01)));
    assertTrue(
        e.getMessage().contains("rows: of 3 examples none falls to the part to"), e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> new Shares(0.5, 0.5));
    assertThrows(IllegalArgumentException.class, () -> new Shares(0.5, 0));
  }
}

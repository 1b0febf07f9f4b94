package io.hypertape.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsCsvTest {

  @TempDir private Path folder;

  @Test
  void numbersSurviveTheWayThroughText() throws IOException {
    Path file = folder.resolve("m.csv");
    double[] row = {3, 0.1, 1e-300, Math.PI, Double.NaN, Double.POSITIVE_INFINITY, -0.5, 1e20};
    try (MetricsCsv table = new MetricsCsv(file, List.of("a", "b", "c", "d", "e", "f", "g", "h"))) {
      table.row(row);
      assertThrows(IllegalArgumentException.class, () -> table.row(1, 2));
    }
    List<String> lines = Files.readAllLines(file);
    assertEquals("a,b,c,d,e,f,g,h", lines.get(0));
    assertEquals(2, lines.size());
    String[] cells = lines.get(1).split(",");
    for (int i = 0; i < row.length; i++) {
      assertEquals(row[i], Double.parseDouble(cells[i]));
    }
    assertEquals("3", cells[0]);
  }

  @Test
  void aTableGoesOnWhereItWas() throws IOException {
    Path file = folder.resolve("m.csv");
    try (MetricsCsv table = new MetricsCsv(file, List.of("step", "loss"))) {
      for (int i = 1; i <= 5; i++) {
        table.row(i, 0.1 * i);
      }
    }
    String whole = Files.readString(file);
    // The last row was cut off, and the one before it is to be taken again.
    Files.writeString(file, whole.substring(0, whole.length() - 6));
    List<double[]> rows = MetricsCsv.goBack(file, 3);
    assertEquals(3, rows.size());
    assertEquals(0.1 * 3, rows.get(2)[1]);
    try (MetricsCsv table = MetricsCsv.append(file, List.of("step", "loss"))) {
      table.row(4, 0.1 * 4);
      table.row(5, 0.1 * 5);
    }
    assertEquals(whole, Files.readString(file));
    var e = assertThrows(IOException.class, () -> MetricsCsv.append(file, List.of("step", "x")));
    assertTrue(e.getMessage().contains("its columns are step,loss, not step,x"), e.getMessage());
  }

  @Test
  void whatIsCutOffIsLeftOut() throws IOException {
    Path file = folder.resolve("m.csv");
    Files.writeString(file, "step,loss\n1,0.5\n2,0.4\n3");
    assertEquals(2, MetricsCsv.goBack(file, 10).size());
    assertEquals("step,loss\n1,0.5\n2,0.4\n", Files.readString(file));
    assertEquals(List.of(), MetricsCsv.goBack(folder.resolve("none"), 10));
  }

  @Test
  void aFullDiskIsNamed() throws IOException {
    Path full = Path.of("/dev/full");
    Assumptions.assumeTrue(Files.exists(full), "this system has no /dev/full");
    var e = assertThrows(IOException.class, () -> new MetricsCsv(full, List.of("a")).close());
    assertTrue(e.getMessage().contains("No space left on device"), e.getMessage());
  }
}

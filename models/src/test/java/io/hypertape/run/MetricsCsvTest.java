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
  void aFullDiskIsNamed() throws IOException {
    Path full = Path.of("/dev/full");
    Assumptions.assumeTrue(Files.exists(full), "this system has no /dev/full");
    var e = assertThrows(IOException.class, () -> new MetricsCsv(full, List.of("a")).close());
    assertTrue(e.getMessage().contains("No space left on device"), e.getMessage());
  }
}

package io.hypertape.run.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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

  /** A number that was cut off is a number as well: 0.4 of 0.45. */
  @Test
  void aRowWithoutItsEndIsCutOff() throws IOException {
    Path file = folder.resolve("m.csv");
    Files.writeString(file, "step,loss\n1,0.5\n2,0.4");
    assertEquals(1, MetricsCsv.goBack(file, 10).size());
    assertEquals("step,loss\n1,0.5\n", Files.readString(file));
  }

  @Test
  void whatIsNoTextIsNoRow() throws IOException {
    Path file = folder.resolve("m.csv");
    byte[] damaged = "step,\u00e9\n1,0.5\n2,0.\0004\n3,0.3\n".getBytes(StandardCharsets.UTF_8);
    damaged[damaged.length - 8] = (byte) 0xFF;
    Files.write(file, damaged);
    MetricsCsv.append(file, List.of("step", "\u00e9")).close();
    assertEquals(1, MetricsCsv.goBack(file, 10).size());
    assertEquals("step,\u00e9\n1,0.5\n", Files.readString(file));
  }

  @Test
  void theSignOfNothingIsKept() throws IOException {
    Path file = folder.resolve("m.csv");
    try (MetricsCsv table = new MetricsCsv(file, List.of("step", "loss"))) {
      table.row(1, -0.0);
    }
    assertEquals(-0.0, MetricsCsv.goBack(file, 1).getFirst()[1]);
  }

  @Test
  void whatIsNoFileIsNamed() {
    Path full = Path.of("/dev/full");
    Assumptions.assumeTrue(Files.exists(full), "this system has no /dev/full");
    var e = assertThrows(IOException.class, () -> new MetricsCsv(full, List.of("a")).close());
    assertEquals(full + " could not be written: a device or a pipe, no file", e.getMessage());
  }

  @Test
  void aLinkIsReplacedAndNotFollowed() throws IOException {
    Path precious = Files.writeString(folder.resolve("precious"), "x");
    for (Path target : List.of(precious, folder.resolve("none"))) {
      Path link = Files.createSymbolicLink(folder.resolve("m.csv"), target);
      try (MetricsCsv table = new MetricsCsv(link, List.of("a"))) {
        table.row(1);
      }
      assertEquals("a\n1\n", Files.readString(link));
      assertTrue(Files.isRegularFile(link, LinkOption.NOFOLLOW_LINKS));
      Files.delete(link);
    }
    assertEquals("x", Files.readString(precious));
    assertTrue(Files.notExists(folder.resolve("none")));
    Files.createSymbolicLink(folder.resolve("m.csv"), precious);
    assertThrows(IOException.class, () -> MetricsCsv.append(folder.resolve("m.csv"), List.of("x")));
    assertEquals("x", Files.readString(precious));
  }

  @Test
  void whatWasSealedCannotBeChangedUnseen() throws IOException {
    Path file = folder.resolve("m.csv");
    String seal;
    try (MetricsCsv table = new MetricsCsv(file, List.of("step", "loss"))) {
      table.row(1, 0.5);
      table.row(2, 0.25);
      seal = table.seal();
      table.row(3, 0.125);
    }
    String whole = Files.readString(file);
    assertEquals(2, MetricsCsv.goBack(file, 2, Optional.of(seal)).size());
    assertEquals("step,loss\n1,0.5\n2,0.25\n", Files.readString(file));
    try (MetricsCsv table = MetricsCsv.append(file, List.of("step", "loss"))) {
      assertEquals(seal, table.seal());
    }
    MetricsCsv.checkSeal(file, seal);
    for (String changed :
        List.of(whole.replace("0.25", "0.35"), whole.substring(0, 20), whole.substring(1))) {
      Files.writeString(file, changed);
      var e =
          assertThrows(
              IOException.class, () -> MetricsCsv.goBack(file, 2, Optional.of(seal)), changed);
      assertTrue(e.getMessage().startsWith(file + ": was damaged or changed"), e.getMessage());
      assertEquals(changed, Files.readString(file));
    }
  }
}

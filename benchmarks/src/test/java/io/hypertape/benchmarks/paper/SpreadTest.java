package io.hypertape.benchmarks.paper;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hypertape.benchmarks.parts.Csv;
import io.hypertape.benchmarks.parts.Spread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpreadTest {

  @Test
  void meanAndDeviationOfASample() {
    Spread spread = Spread.of(List.of(2.0, 4.0, 9.0));
    assertEquals(5, spread.mean());
    assertEquals(Math.sqrt((9 + 1 + 16) / 2.0), spread.deviation(), 1e-12);
    assertEquals("5.00 ± 3.61", spread.toString());
    assertEquals("4.81", Spread.of(List.of(4.81)).toString());
    assertEquals("-", Spread.of(List.of()).toString());
  }

  @Test
  void csvQuotesWhatMustBe(@TempDir Path folder) throws IOException {
    Csv csv = new Csv("a", "b,c");
    csv.row("say \"x\"", 1.5);
    csv.row("line\nend", Double.NaN);
    csv.write(folder.resolve("t.csv"));
    assertEquals(
        "a,\"b,c\"\n\"say \"\"x\"\"\",1.5\n\"line\nend\",\n",
        Files.readString(folder.resolve("t.csv")));
  }
}

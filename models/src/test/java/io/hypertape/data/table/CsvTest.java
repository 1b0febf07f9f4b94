package io.hypertape.data.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTest {

  @TempDir private Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("t.csv"), text);
  }

  private DataTable table(String text) throws IOException {
    return DataTable.read(file(text));
  }

  @Test
  void cellsAreNumbersTextsOrMissing() throws IOException {
    DataTable table =
        table(
            """
            id,"size, m²",city,zip
            1, 2.5 ,Berlin,01234
            2,-1e3,"Paris, ""Texas""\",9

            3,NA,,?
            4,.5,null,"2
            3"
            5,7,x,1
            """);
    assertEquals(List.of("id", "size, m²", "city", "zip"), table.columns());
    assertEquals(5, table.rows());
    TableColumn size = table.column("size, m²");
    assertTrue(size.isNumeric());
    assertEquals(2.5, size.number(0));
    assertEquals(-1000, size.number(1));
    assertTrue(size.isMissing(2) && Double.isNaN(size.number(2)));
    assertEquals(0.5, size.number(3));
    assertEquals(1, size.missing());
    TableColumn city = table.column("city");
    assertFalse(city.isNumeric());
    assertEquals("Paris, \"Texas\"", city.text(1));
    assertTrue(city.isMissing(2) && city.isMissing(3));
    assertEquals("01234", table.column("zip").text(0), "as it was written");
    assertEquals("2\n3", table.column("zip").text(3));
    String name = folder.resolve("t.csv").toString();
    assertEquals(name + ", line 2", table.place(0));
    assertEquals(name + ", line 5, column city", table.place(2, "city"));
    assertEquals(name + ", line 8", table.place(4), "lines within a cell count");
  }

  @ParameterizedTest
  @ValueSource(chars = {';', '\t', '|'})
  void theHeaderTellsTheDelimiter(char c) throws IOException {
    DataTable table = table("a" + c + "\"b,;\"" + c + "d\r\n1" + c + "2,5" + c + "3\r\n");
    assertEquals(List.of("a", "b,;", "d"), table.columns());
    assertEquals("2,5", table.column("b,;").text(0));
  }

  @Test
  void theFormMayBeGiven() throws IOException {
    Path file = file("\uFEFFa:b\n1:-\n:2\n");
    DataTable table = DataTable.csv(file, new CsvForm(':', Set.of("-")));
    assertEquals(List.of("a", "b"), table.columns());
    assertTrue(table.column("b").isMissing(0));
    assertFalse(table.column("a").isMissing(1));
    assertEquals("", table.column("a").text(1));
    assertThrows(IllegalArgumentException.class, () -> new CsvForm('"', Set.of()));
  }

  private void refused(String part, String text) throws IOException {
    Path file = file(text);
    IOException e = assertThrows(IOException.class, () -> DataTable.csv(file));
    assertTrue(e.getMessage().startsWith(file + ": ") && e.getMessage().contains(part), e + "");
  }

  @Test
  void whatIsNoTableIsRefusedByLine() throws IOException {
    refused("is empty; a line with the names of columns", "");
    refused("line 3: 1 cell; the header has 2 columns, a to b", "a,b\n1,2\n3\n");
    refused("line 2: 3 cells; the header has 2 columns", "a,b\n1,2,3\n");
    refused("line 1: two columns are called 'a'", "a,b,a\n");
    refused("line 1: column 2 has no name", "a,,b\n");
    refused("is no table of text", "a,b\n1,\"2\"x\n");
    refused("", "a,b\n1,\"2\n");
    Path latin = folder.resolve("latin.csv");
    Files.write(latin, "a\nä\n".getBytes(StandardCharsets.ISO_8859_1));
    IOException e = assertThrows(IOException.class, () -> DataTable.csv(latin));
    assertTrue(e.getMessage().contains("is not UTF-8"), e.getMessage());
    assertThrows(IOException.class, () -> DataTable.csv(folder));
  }

  @Test
  void aColumnOfManyNumbersKeepsNoTexts() throws IOException {
    StringBuilder text = new StringBuilder("x,y\n");
    for (int i = 0; i < 70_000; i++) {
      text.append(i).append(".50,").append(i).append('\n');
    }
    DataTable numbers = table(text.toString());
    assertEquals("69999.5", numbers.column("x").text(69_999));
    assertEquals(69_999, numbers.column("y").number(69_999));
    text.append("word,\n");
    DataTable words = table(text.toString());
    TableColumn x = words.column("x");
    assertFalse(x.isNumeric());
    assertEquals("word", x.text(70_000));
    assertEquals("0.5", x.text(0));
    assertEquals("69999.5", x.text(69_999));
    assertEquals(0, x.missing());
    assertTrue(words.column("y").isNumeric() && words.column("y").isMissing(70_000));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1d", "0x10", "Infinity", "1,5", "--1", "e", "1e999", "+", "1_000"})
  void wordsThatJavaWouldReadAsNumbersAreNone(String word) throws IOException {
    DataTable table = table("a;b\n\"" + word + "\";1\n");
    assertFalse(table.column("a").isNumeric(), word);
    assertEquals(word, table.column("a").text(0));
  }
}

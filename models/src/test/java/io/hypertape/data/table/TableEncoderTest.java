package io.hypertape.data.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.data.Dataset;
import io.hypertape.data.Standardization;
import io.hypertape.data.Targets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableEncoderTest {

  private static final String HOUSES =
      """
      id,area,city,rooms,price,sold,w
      a,50,Rome,2,100,yes,1
      b,70,Bern,3,200,no,2
      c,,Rome,3,300,no,0.5
      d,90,,10,400,yes,1
      """;

  @TempDir private Path folder;

  private DataTable table(String text) throws IOException {
    return DataTable.csv(Files.writeString(folder.resolve("t.csv"), text));
  }

  private static float[] input(Dataset data, int example) {
    float[] input = new float[data.features()];
    data.copyInput(example, input, 0);
    return input;
  }

  @Test
  void numbersAreStandardizedAndCategoriesBecomeZerosAndOnes() throws IOException {
    DataTable table = table(HOUSES);
    Schema schema =
        Schema.of(table)
            .numbers("price")
            .id("id")
            .weight("w")
            .without("sold")
            .missing(Missing.FILL, "area", "city");
    assertEquals(
        "feature area, city, rooms; target price; weight w; id id; ignored sold",
        schema.toString());
    TableEncoder encoder = TableEncoder.fit(schema, table);
    assertEquals(
        List.of("area", "area missing", "city=Bern", "city=Rome", "city missing", "rooms"),
        encoder.inputNames());
    EncodedTable data = encoder.dataset(table);
    assertEquals(List.of(6), data.shape());
    float s = (float) (20 / Math.sqrt(800 / 3.0));
    double rooms = Math.sqrt((2.5 * 2.5 + 1.5 * 1.5 * 2 + 5.5 * 5.5) / 4);
    assertArrayEquals(new float[] {-s, 0, 0, 1, 0, (float) (-2.5 / rooms)}, input(data, 0), 1e-6f);
    assertArrayEquals(new float[] {0, 1, 0, 1, 0, (float) (-1.5 / rooms)}, input(data, 2), 1e-6f);
    assertArrayEquals(new float[] {s, 0, 0, 0, 1, (float) (5.5 / rooms)}, input(data, 3), 1e-6f);
    Standardization price = ((Targets.Numbers) data.targets()).standardization();
    assertEquals(new Standardization(new double[] {250}, new double[] {Math.sqrt(12500)}), price);
    float[] target = new float[1];
    data.copyTarget(3, target, 0);
    assertEquals(150 / Math.sqrt(12500), target[0], 1e-6);
    assertTrue(data.isWeighted());
    assertEquals(0.5f, data.weight(2));
    assertThrows(UnsupportedOperationException.class, () -> data.label(0));
  }

  @Test
  void textsAreReadBack() throws IOException {
    DataTable table = table(HOUSES);
    for (Schema schema :
        List.of(
            Schema.of(table).numbers("price", "rooms").id("id").missing(Missing.FILL),
            Schema.of(table).classes("city").without("id").missing(Missing.SKIP),
            Schema.of(table).labels("sold").weight("w").missing(Missing.SKIP))) {
      TableEncoder encoder = TableEncoder.fit(schema, table);
      TableEncoder read = TableEncoder.parse(encoder.text());
      assertEquals(encoder, read);
      assertEquals(encoder.text(), read.text());
      assertEquals(encoder.targets(), read.targets());
      for (int i = 0; i < 2; i++) {
        assertArrayEquals(input(encoder.dataset(table), i), input(read.dataset(table), i));
      }
    }
  }

  @Test
  void classesAreNumberedByTheirNames() throws IOException {
    DataTable table = table("x,n\n1,10\n2,9\n3,10\n4,b\n5,a\n");
    TableEncoder encoder = TableEncoder.fit(Schema.of(table).classes("n"), table);
    assertEquals(new Targets.Classes(List.of("9", "10", "a", "b")), encoder.targets());
    EncodedTable data = encoder.dataset(table);
    assertEquals(1, data.label(0));
    assertEquals(3, data.label(3));
    assertThrows(UnsupportedOperationException.class, () -> data.copyTarget(0, new float[4], 0));
  }

  @Test
  void labelsHoldOrNot() throws IOException {
    DataTable table = table("x,a,b\n1,1,no\n2,0,yes\n3,1,True\n");
    Schema schema = Schema.of(table).predicting(table, "a", "b");
    assertEquals(Schema.Task.LABELS, schema.task().orElseThrow());
    EncodedTable data = TableEncoder.fit(schema, table).dataset(table);
    float[] target = new float[2];
    data.copyTarget(1, target, 0);
    assertArrayEquals(new float[] {0, 1}, target);
    data.copyTarget(2, target, 0);
    assertArrayEquals(new float[] {1, 1}, target);
  }

  @Test
  void theTableTellsTheTask() throws IOException {
    DataTable table = table("x,bit,word,number,truth\n1,0,a,0.5,true\n2,1,b,7,false\n");
    Schema schema = Schema.of(table);
    assertEquals(Schema.Task.CLASSES, schema.predicting(table, "bit").task().orElseThrow());
    assertEquals(Schema.Task.CLASSES, schema.predicting(table, "word").task().orElseThrow());
    assertEquals(Schema.Task.NUMBERS, schema.predicting(table, "number").task().orElseThrow());
    assertEquals(Schema.Task.NUMBERS, schema.predicting(table, "number", "x").task().orElseThrow());
    assertEquals(Schema.Task.LABELS, schema.predicting(table, "bit", "truth").task().orElseThrow());
    refused("neither all numbers nor all 0 and 1", () -> schema.predicting(table, "x", "word"));
  }

  @Test
  void newRowsAreReadAsThoseToLearnFrom() throws IOException {
    DataTable table = table(HOUSES);
    Schema schema =
        Schema.of(table).numbers("price").features("area", "city").missing(Missing.FILL);
    TableEncoder encoder = TableEncoder.parse(TableEncoder.fit(schema, table).text());
    DataTable rows = table("more,city,area\n1,Oslo,70\n2,,\n");
    EncodedTable data = encoder.inputs(rows);
    assertArrayEquals(new float[] {0, 0, 0, 0, 0}, input(data, 0), "an unknown word is none");
    assertArrayEquals(new float[] {0, 1, 0, 0, 1}, input(data, 1));
    Exception e =
        assertThrows(
            UnsupportedOperationException.class, () -> data.copyTarget(0, new float[1], 0));
    assertTrue(e.getMessage().contains("nothing is known but the features"), e.getMessage());
    refused("there is no column 'area'; there are city", () -> encoder.inputs(t("city\nRome\n")));
    refused("t.csv: there is no column 'price'", () -> encoder.dataset(rows));
  }

  private DataTable t(String text) {
    try {
      return table(text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void rowsWithMissingCellsMayBeLeftOut() throws IOException {
    DataTable table = table(HOUSES);
    Schema schema = Schema.of(table).numbers("price").id("id").missing(Missing.SKIP);
    EncodedTable data = TableEncoder.fit(schema, table).dataset(table);
    assertEquals(2, data.size());
    assertEquals(1, data.row(1));
    TableEncoder encoder = TableEncoder.fit(schema, table);
    EncodedTable rows = encoder.inputs(t("area,city,rooms,sold,w\n,Rome,1,no,1\n1,Rome,1,no,1\n"));
    assertEquals(1, rows.size());
    assertEquals(1, rows.row(0));
  }

  private static void refused(String part, Runnable call) {
    Exception e = assertThrows(IllegalArgumentException.class, call::run);
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  @Test
  void badCellsAreToldByFileLineAndColumn() throws IOException {
    DataTable table = table(HOUSES);
    Schema plain = Schema.of(table).numbers("price");
    refused(
        "t.csv, line 4, column area: the cell is missing; a value is needed",
        () -> TableEncoder.fit(plain, table));
    Schema filled = plain.missing(Missing.FILL).without("id");
    TableEncoder encoder = TableEncoder.fit(filled, table);
    String head = "area,city,rooms,price,sold,w\n";
    refused(
        "t.csv, line 3, column area: 'large' is no number; numbers such as -1.5 or 2e3 fit",
        () -> encoder.dataset(t(head + "1,Rome,1,1,no,1\nlarge,Rome,1,1,no,1\n")));
    refused(
        "t.csv, line 2, column price: the cell is missing",
        () -> encoder.dataset(t(head + "1,Rome,1,,no,1\n")));
    Schema weighted = filled.weight("w");
    refused(
        "t.csv, line 2, column w: '-1' is no weight; 0 or more fits",
        () -> TableEncoder.fit(weighted, table).dataset(t(head + "1,Rome,1,1,no,-1\n")));
    TableEncoder classes = TableEncoder.fit(filled.classes("sold"), table);
    refused(
        "t.csv, line 2, column sold: 'perhaps' is none of the classes no, yes",
        () -> classes.dataset(t("area,city,rooms,sold,w\n1,Rome,1,perhaps,1\n")));
    refused(
        "column city: 'Rome' tells no label; 0 and 1, or false and true, fit",
        () -> TableEncoder.fit(filled.labels("city").missing(Missing.SKIP), table).dataset(table));
    refused(
        "column city: 'Rome' is no number",
        () -> TableEncoder.fit(filled.numbers("city").missing(Missing.SKIP), table));
  }

  @Test
  void whatASchemaCannotMeanIsRefused() throws IOException {
    DataTable table = table(HOUSES);
    Schema schema = Schema.of(table);
    refused("there is no column 'prize'; there are id, area", () -> schema.numbers("prize"));
    refused("nothing is to be foretold", () -> TableEncoder.fit(schema, table));
    refused("no column to be foretold", () -> schema.labels());
    refused(
        "no column is left to foretell from",
        () -> TableEncoder.fit(schema.numbers("price").features(), table));
    refused(
        "columns area, rooms are each the weight of a row; one can be",
        () -> TableEncoder.fit(schema.numbers("price").weight("area").weight("rooms"), table));
    StringBuilder ids = new StringBuilder("name,y\n");
    for (int i = 0; i < 1001; i++) {
      ids.append("n").append(i).append(',').append(i).append('\n');
    }
    DataTable many = t(ids.toString());
    refused(
        "column name has 1001 different words; at most 1000 categories fit; leave it out",
        () -> TableEncoder.fit(Schema.of(many).numbers("y"), many));
    refused(
        "has 1001 different values to be told apart; at most 1000 classes fit",
        () -> TableEncoder.fit(Schema.of(many).classes("name"), many));
  }

  @Test
  void textsThatAreNoEncodersAreRefused() throws IOException {
    DataTable table = table("x,c,y\n1,a,2\n2,b,3\n");
    String text = TableEncoder.fit(Schema.of(table).numbers("y"), table).text();
    for (String wrong :
        List.of(
            "",
            "[]",
            "{}",
            text.replace("\"mean\":[", "\"mean\":[1,"),
            text.replace("\"words\":[\"a\"", "\"words\":[\"b\""),
            text.replace("\"words\":[\"a\"", "\"words\":[1"),
            text.replaceFirst("\"deviation\":0.5", "\"deviation\":0"),
            text.replaceFirst("\"deviation\":0.5", "\"deviation\":\"x\""),
            text.replace("\"columns\":[\"y\"]", "\"columns\":[\"y\",\"z\"]"),
            text.replace("\"column\":\"x\"", "\"missing\":\"no\",\"column\":\"x\""))) {
      assertTrue(!wrong.equals(text), wrong);
      assertThrows(IllegalArgumentException.class, () -> TableEncoder.parse(wrong), wrong);
    }
  }
}

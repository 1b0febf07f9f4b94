package io.hypertape.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.hypertape.data.Standardization;
import io.hypertape.data.Targets;
import io.hypertape.shards.Shards;
import java.util.List;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;

/** Rows in a worker's memory, which need no Spark that runs. */
class SparkExamplesTest {

  private static final float[] NONE = {};
  private static final Targets CLASSES = new Targets.Classes(3, List.of());

  private static SparkExample row(long id, int label, float... values) {
    return new SparkExample(id, values, new byte[0], label, NONE);
  }

  private static String refusal(Targets targets, SparkExample row) {
    return assertThrows(
            IllegalArgumentException.class,
            () -> new SparkExamples("rows", List.of(2), targets, List.of(row)))
        .getMessage();
  }

  @Test
  void rowsAreInTheOrderOfTheirIds() {
    SparkExamples rows =
        new SparkExamples("rows", List.of(2), CLASSES, List.of(row(9, 1, 1, 2), row(-4, 2, 3, 4)));
    assertEquals(2, rows.size());
    assertEquals(List.of(-4L, 9L), List.of(rows.id(0), rows.id(1)));
    assertEquals(2, rows.label(0));
    float[] values = new float[4];
    rows.copyInput(0, values, 1);
    assertArrayEquals(new float[] {0, 3, 4, 0}, values);
  }

  @Test
  void bytesAreFromZeroToOne() {
    SparkExample bytes = new SparkExample(1, NONE, new byte[] {0, (byte) 255}, 0, NONE);
    float[] values = new float[2];
    new SparkExamples("rows", List.of(2), CLASSES, List.of(bytes)).copyInput(0, values, 0);
    assertArrayEquals(new float[] {0, 1}, values);
  }

  @Test
  void numbersAreStandardized() {
    Targets.Numbers numbers =
        new Targets.Numbers(
            List.of("price"), new Standardization(new double[] {10}, new double[] {2}));
    SparkExample row = new SparkExample(1, new float[] {1, 2}, new byte[0], 0, new float[] {14});
    float[] target = new float[1];
    new SparkExamples("rows", List.of(2), numbers, List.of(row)).copyTarget(0, target, 0);
    assertArrayEquals(new float[] {2}, target);
    assertEquals(
        "rows: row 5 has 0 numbers to be foretold; 1 are needed",
        refusal(numbers, row(5, 0, 1, 2)));
  }

  @Test
  void whatDoesNotFitIsNamed() {
    assertEquals("rows: row 5 has 1 values; 2 are needed", refusal(CLASSES, row(5, 0, 1)));
    assertEquals("rows: row 5 is of class 3; 0 to 2 would fit", refusal(CLASSES, row(5, 3, 1, 2)));
  }

  @Test
  void bytesAreNoTargets() {
    SparkRows.checkTarget(DataTypes.FloatType, "price");
    assertEquals(
        "spark rows: column 'price' of targets is binary; numbers or arrays of numbers fit",
        assertThrows(
                IllegalArgumentException.class,
                () -> SparkRows.checkTarget(DataTypes.BinaryType, "price"))
            .getMessage());
  }

  @Test
  void outputsNeedANameOfTheirOwn() {
    String[] columns = {"id", "Pixels"};
    SparkPredictor.checkNew(columns, "outputs");
    assertThrows(IllegalArgumentException.class, () -> SparkPredictor.checkNew(columns, "pixels"));
  }

  @Test
  void targetsAreSent() {
    for (Targets targets :
        List.of(
            CLASSES,
            new Targets.Classes(List.of("a", "b")),
            new Targets.Labels(List.of("wet", "cold")),
            new Targets.Numbers(
                List.of("x"), new Standardization(new double[] {1}, new double[] {2})))) {
      assertEquals(targets, TargetForm.of(targets).targets());
    }
  }

  @Test
  void rowsGoToWhoHasTheirShard() {
    Shards shards = Shards.of(8);
    for (int workers : new int[] {1, 2, 4, 8}) {
      ShardPartitioner partitioner = new ShardPartitioner(8, workers);
      assertEquals(workers, partitioner.numPartitions());
      for (long id = -50; id < 50; id++) {
        assertEquals(shards.shardOf(id) * workers / 8, partitioner.getPartition(id));
      }
    }
  }
}

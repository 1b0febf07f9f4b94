package io.hypertape.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ExamplesTest {

  private static final Targets.Classes TWO = new Targets.Classes(2, List.of());

  private static float[] input(Dataset data, int example) {
    float[] input = new float[data.features()];
    data.copyInput(example, input, 0);
    return input;
  }

  @Test
  void setsOfArrays() {
    Examples classes = Examples.of("c", List.of(2), TWO, new float[] {1, 2, 3, 4}, 1, 0);
    assertEquals("c: 2 examples of [2], 2 classes", classes.toString());
    assertArrayEquals(new float[] {3, 4}, input(classes, 1));
    assertEquals(1, classes.label(0));
    assertFalse(classes.isWeighted());
    assertThrows(UnsupportedOperationException.class, () -> classes.copyTarget(0, new float[1], 0));
    Targets.Labels both = new Targets.Labels(List.of("a", "b"));
    Examples labels =
        Examples.of("l", List.of(1, 2), both, new float[] {1, 2, 3, 4}, 1, 0, 0.5f, 1);
    float[] target = new float[3];
    labels.copyTarget(1, target, 1);
    assertArrayEquals(new float[] {0, 0.5f, 1}, target);
    assertThrows(UnsupportedOperationException.class, () -> labels.label(0));
  }

  @Test
  void numbersAreStandardized() {
    Standardization s = Standardization.of(new double[] {10, 30}, new double[] {5, 5});
    assertEquals("[20.0 ± 10.0, 5.0 ± 1.0]", s.toString());
    Targets.Numbers numbers = new Targets.Numbers(List.of("x", "y"), s);
    Examples data = Examples.of("n", List.of(1), numbers, new float[] {0, 0}, 10, 5, 35, 6);
    float[] target = new float[2];
    data.copyTarget(1, target, 0);
    assertArrayEquals(new float[] {1.5f, 1}, target);
    assertEquals(35, s.restore(0, 1.5));
    Standardization known = Standardization.of(new double[] {Double.NaN, 1, 3}, new double[0]);
    assertEquals(new Standardization(new double[] {2, 0}, new double[] {1, 1}), known);
  }

  @Test
  void setsOfStreams() {
    Stream<Example> stream =
        IntStream.range(0, 200)
            .mapToObj(i -> Example.ofClass(i % 2, i, -i).weighing(i == 7 ? 3 : 1));
    Examples data = Examples.of("s", List.of(2), TWO, stream);
    assertEquals(200, data.size());
    assertArrayEquals(new float[] {199, -199}, input(data, 199));
    assertTrue(data.isWeighted());
    assertEquals(3, data.weight(7));
    assertEquals(1, data.weight(8));
    assertEquals(0, Examples.of("none", List.of(2), TWO, Stream.empty()).size());
  }

  @Test
  void shortSequencesArePadded() {
    List<Example> sequences = List.of(Example.ofClass(0, 1, 2), Example.ofClass(1, 1, 2, 3, 4));
    List<Integer> shape = List.of(3, 2);
    Examples front = Examples.of("f", shape, TWO, sequences.iterator(), Examples.Padding.FRONT);
    assertArrayEquals(new float[] {0, 0, 0, 0, 1, 2}, input(front, 0));
    Examples back = Examples.of("b", shape, TWO, sequences.iterator(), Examples.Padding.BACK);
    assertArrayEquals(new float[] {1, 2, 3, 4, 0, 0}, input(back, 1));
    refused(
        "n: example 0: 2 values; 6 are needed",
        () -> Examples.of("n", shape, TWO, sequences.iterator(), Examples.Padding.NONE));
    refused(
        "f: example 0: 3 values; 6 are needed, or fewer steps of 2",
        () ->
            Examples.of(
                "f",
                shape,
                TWO,
                List.of(Example.ofClass(0, 1, 2, 3)).iterator(),
                Examples.Padding.FRONT));
  }

  private static void refused(String part, Runnable call) {
    Exception e = assertThrows(IllegalArgumentException.class, call::run);
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  @Test
  void whatDoesNotFitIsRefusedByItsNumber() {
    refused(
        "c: example 1: class 2; 0 to 1 would fit",
        () -> Examples.of("c", List.of(1), TWO, new float[2], 0, 2));
    refused(
        "c: 3 inputs; 4 are needed", () -> Examples.of("c", List.of(2), TWO, new float[3], 0, 1));
    refused(
        "c: example 0: value 1 is NaN",
        () -> Examples.of("c", List.of(2), TWO, new float[] {0, Float.NaN}, 0));
    refused(
        "axes are [0]; lengths of at least 1",
        () -> Examples.of("c", List.of(0), TWO, new float[0]));
    Targets.Labels label = new Targets.Labels(List.of("tall"));
    refused(
        "example 0: tall is 2.0; 0 or 1 is needed",
        () -> Examples.of("c", List.of(1), label, new float[1], 2f));
    refused(
        "example 0: 2 values are to be foretold; 1 are needed, of [tall]",
        () -> Examples.of("c", List.of(1), label, Stream.of(Example.ofNumbers(new float[2], 1))));
    refused("a weight of -1.0", () -> Example.ofClass(0, 1).weighing(-1));
    refused("two are called 'a'", () -> new Targets.Labels(List.of("a", "a")));
    refused("1 names for 2 classes", () -> new Targets.Classes(2, List.of("a")));
  }

  @Test
  void batchesOfAnySet() {
    Targets.Numbers number = new Targets.Numbers(List.of("y"));
    Stream<Example> stream =
        IntStream.range(0, 7)
            .mapToObj(i -> Example.ofNumbers(new float[] {i}, i, i).weighing(i + 1));
    Examples data = Examples.of("n", List.of(2), number, stream);
    Batches batches = new Batches(data, 3, Batches.LastBatch.KEEP);
    try (BatchLoader loader = new BatchLoader(data, 3, Batches.LastBatch.KEEP)) {
      batches.shuffle(1, 1);
      loader.shuffle(1, 1);
      int seen = 0;
      while (batches.next()) {
        assertTrue(loader.next());
        assertArrayEquals(batches.x(), loader.x());
        assertArrayEquals(batches.targets(), loader.targets());
        assertArrayEquals(batches.weights(), loader.weights());
        assertEquals(0, batches.y().length);
        assertEquals(batches.rows(), batches.targets().length);
        for (int i = 0; i < batches.rows(); i++) {
          assertEquals(batches.targets()[i], batches.x()[2 * i + 1]);
          assertEquals(batches.targets()[i] + 1, batches.weights()[i]);
        }
        seen += batches.rows();
      }
      assertEquals(7, seen);
    }
  }

  @Test
  void partsByTheNumbersOfExamples() {
    Examples whole =
        Examples.of(
            "w", List.of(1), TWO, IntStream.range(0, 500).mapToObj(i -> Example.ofClass(i % 2, i)));
    DataParts parts = DataParts.of(whole, new Shares(0.2, 0.2));
    Dataset valid = parts.valid().orElseThrow();
    assertEquals(500, parts.train().size() + valid.size() + parts.test().size());
    assertEquals(100, parts.test().size(), 30);
    assertEquals("w test", parts.test().name());
    assertEquals((int) input(valid, 3)[0] % 2, valid.label(3));
    assertEquals(Optional.empty(), DataParts.of(whole, new Shares(0, 0.2)).valid());
    Examples other = Examples.of("o", List.of(2), TWO, new float[2], 0);
    refused("the same are needed", () -> new DataParts("p", whole, other));
  }

  @Test
  void imagesAreASet() {
    LabeledImages images = Strokes.generate(1, 20, 1).train();
    Dataset set = images;
    assertEquals(List.of(1, 28, 28), set.shape());
    assertEquals(10, set.targets().outputs());
    float[] x = new float[784];
    int[] y = new int[1];
    images.gather(new int[] {7}, 0, 1, x, y);
    assertArrayEquals(x, input(set, 7));
    assertEquals(y[0], set.label(7));
  }
}

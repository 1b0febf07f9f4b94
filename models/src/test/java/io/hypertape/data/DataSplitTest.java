package io.hypertape.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class DataSplitTest {

  private static LabeledImages images(int side, int classes, String... names) {
    byte[] pixels = new byte[2 * side * side];
    return new LabeledImages(
        "x", 1, side, side, classes, pixels, new byte[] {0, 1}, List.of(names));
  }

  private static String refused(LabeledImages train, LabeledImages test) {
    return assertThrows(IllegalArgumentException.class, () -> new DataSplit("set", train, test))
        .getMessage();
  }

  @Test
  void bothPartsHaveOneForm() {
    assertEquals(
        "set: images to learn from are 4×4, those to judge by 5×5; one form is needed",
        refused(images(4, 2), images(5, 2)));
    LabeledImages colour = new LabeledImages("x", 3, 4, 4, 2, new byte[48], new byte[1]);
    assertEquals(
        "set: images to learn from are 4×4, those to judge by 3×4×4; one form is needed",
        refused(images(4, 2), colour));
  }

  @Test
  void bothPartsHaveTheSameClasses() {
    assertEquals(
        "set: classes to learn are 2, those to judge by 3; the same are needed",
        refused(images(4, 2), images(4, 3)));
    assertEquals(
        "set: classes to learn are [a, b], those to judge by [b, a]; the same are needed",
        refused(images(4, 2, "a", "b"), images(4, 2, "b", "a")));
    for (LabeledImages train : List.of(images(4, 2, "a", "b"), images(4, 2))) {
      DataSplit half = new DataSplit("set", train, images(4, 2, "a", "b"));
      assertEquals(List.of("a", "b"), half.classNames());
      half = new DataSplit("set", images(4, 2, "a", "b"), train);
      assertEquals(List.of("a", "b"), half.classNames());
    }
    DataSplit split = new DataSplit("set", images(4, 2, "a", "b"), images(4, 2, "a", "b"));
    assertEquals(List.of("a", "b"), split.classNames());
    assertEquals(List.of("a", "b"), split.train().first(1).classNames());
  }

  private static String wrong(int classes, String... names) {
    return assertThrows(IllegalArgumentException.class, () -> images(1, classes, names))
        .getMessage();
  }

  @Test
  void namesAreOnePerClass() {
    assertEquals("x: 1 of 2 classes have names; all or none are needed", wrong(2, "a"));
    assertEquals("x: two classes are called 'a'; different names are needed", wrong(2, "a", "a"));
    assertEquals("x: 0 classes; 1 to 256 fit", wrong(0));
    assertEquals("x: 257 classes; 1 to 256 fit", wrong(257));
    // Nothing that fits in an array, although there is none.
    assertThrows(
        IllegalArgumentException.class,
        () -> new LabeledImages("x", 3, 30_000, 30_000, 2, new byte[0], new byte[0]));
  }

  @Test
  void classesAreNumberedByTheirNames() {
    LabeledImages images = images(1, 3, "a", "b", "c");
    assertSame(images, images.numberedAs(List.of("a", "b", "c")));
    LabeledImages other = images.numberedAs(List.of("c", "a", "b"));
    assertArrayEquals(new byte[] {1, 2}, other.labels());
    assertEquals(List.of("c", "a", "b"), other.classNames());
    var e =
        assertThrows(
            IllegalArgumentException.class, () -> images.numberedAs(List.of("a", "b", "d")));
    assertEquals(
        "x: the classes are [a, b, c]; they cannot be numbered as [a, b, d]", e.getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> images.numberedAs(List.of("a", "b", "c", "c")));
  }

  @Test
  void setsKnowTheirClasses() {
    List<String> digits = List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    assertEquals(digits, Strokes.generate(1, 2, 1).classNames());
    assertEquals("ship", CifarPart.CLASSES.get(8));
    assertEquals(10, new CifarPart("c", 1, 1).images().classNames().size());
  }
}

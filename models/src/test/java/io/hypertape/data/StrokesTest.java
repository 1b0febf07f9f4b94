package io.hypertape.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

class StrokesTest {

  /** What everyone's set looks like: a change of it is a change that users see. */
  @Test
  void theSameImagesOnEveryMachine() throws Exception {
    DataSplit data = Strokes.generate(1, 300, 100);
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (LabeledImages part : new LabeledImages[] {data.train(), data.test()}) {
      digest.update(part.pixels());
      digest.update(part.labels());
    }
    assertEquals(
        "0a99f9a680f738b7f1c79460c09fe3d36ad88fb9867ea2adab0499e2b9e97908",
        HexFormat.of().formatHex(digest.digest()));
  }

  @Test
  void smallerSetsAreTheBeginningOfLargerOnes() {
    LabeledImages few = Strokes.generate(3, 50, 0).train();
    LabeledImages more = Strokes.generate(3, 80, 10).train();
    assertArrayEquals(few.pixels(), more.first(50).pixels());
    assertArrayEquals(few.labels(), more.first(50).labels());
  }

  @Test
  void threadsDoNotMatter() throws Exception {
    LabeledImages many = Strokes.generate(2, 200, 0).train();
    try (var one = new ForkJoinPool(1)) {
      LabeledImages alone = one.submit(() -> Strokes.generate(2, 200, 0).train()).get();
      assertArrayEquals(many.pixels(), alone.pixels());
    }
  }

  @Test
  void seedsAndPartsDiffer() {
    DataSplit one = Strokes.generate(1, 50, 50);
    DataSplit two = Strokes.generate(2, 50, 50);
    assertFalse(Arrays.equals(one.train().pixels(), two.train().pixels()));
    assertFalse(Arrays.equals(one.train().pixels(), one.test().pixels()));
  }

  @Test
  void digitsAreBalancedVisibleAndCentred() {
    LabeledImages images = Strokes.generate(4, 5000, 0).train();
    byte[] pixels = images.pixels();
    byte[] labels = images.labels();
    int[] counts = new int[10];
    for (int i = 0; i < images.size(); i++) {
      counts[labels[i]]++;
      double sum = 0;
      double x = 0;
      double y = 0;
      for (int k = 0; k < 784; k++) {
        int pixel = pixels[784 * i + k] & 0xFF;
        sum += pixel;
        x += pixel * (k % 28);
        y += pixel * (k / 28);
      }
      assertTrue(sum / 255 > 10 && sum / 255 < 500, "ink of image " + i + ": " + sum / 255);
      assertEquals(13.5, x / sum, 7, "centre of image " + i);
      assertEquals(13.5, y / sum, 7, "centre of image " + i);
    }
    for (int count : counts) {
      assertEquals(500, count, 110); // five standard deviations
    }
  }
}

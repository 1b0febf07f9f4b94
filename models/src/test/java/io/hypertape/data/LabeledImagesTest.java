package io.hypertape.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabeledImagesTest {

  /** n images of 1×2 pixels; image i has label i mod 3 and pixels i and 255 − i. */
  static LabeledImages numbered(int n) {
    byte[] pixels = new byte[2 * n];
    byte[] labels = new byte[n];
    for (int i = 0; i < n; i++) {
      labels[i] = (byte) (i % 3);
      pixels[2 * i] = (byte) i;
      pixels[2 * i + 1] = (byte) (255 - i);
    }
    return new LabeledImages("numbered", 1, 1, 2, 3, pixels, labels);
  }

  @Test
  void gatherScalesToTheUnitInterval() {
    float[] x = new float[4];
    int[] y = new int[2];
    numbered(200).gather(new int[] {9, 150, 0}, 1, 3, x, y);
    assertArrayEquals(new float[] {150 / 255f, 105 / 255f, 0, 1}, x, 1e-7f);
    assertArrayEquals(new int[] {0, 0}, y);
    assertThrows(
        IllegalArgumentException.class,
        () -> numbered(3).gather(new int[] {0, 1}, 0, 2, new float[3], y));
    assertThrows(
        IndexOutOfBoundsException.class, () -> numbered(3).gather(new int[] {3}, 0, 1, x, y));
  }

  @Test
  void partsMustFit() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new LabeledImages("x", 1, 2, 2, 10, new byte[7], new byte[2]));
    assertThrows(
        IllegalArgumentException.class,
        () -> new LabeledImages("x", 1, 1, 1, 2, new byte[2], new byte[] {0, 2}));
    assertEquals(2, numbered(5).first(2).size());
    assertEquals(5, numbered(5).first(9).size());
  }

  @ParameterizedTest
  @CsvSource({"10,3,KEEP,4", "10,3,DROP,3", "9,3,KEEP,3", "2,5,KEEP,1", "2,5,DROP,0", "0,4,KEEP,0"})
  void batchesCoverTheSet(int n, int size, Batches.LastBatch last, int count) {
    Batches batches = new Batches(numbered(n), size, last);
    assertEquals(count, batches.count());
    for (int epoch = 0; epoch < 3; epoch++) {
      batches.shuffle(5, epoch);
      boolean[] seen = new boolean[n];
      int images = 0;
      while (batches.next()) {
        assertEquals(batches.rows(), batches.y().length);
        for (int row = 0; row < batches.rows(); row++) {
          int image = Math.round(batches.x()[2 * row] * 255);
          assertTrue(!seen[image]);
          seen[image] = true;
          assertEquals(image % 3, batches.y()[row]);
          images++;
        }
      }
      assertEquals(last == Batches.LastBatch.KEEP ? n : n / size * size, images);
    }
  }

  @Test
  void shufflesDependOnSeedAndEpochOnly() {
    float[][] orders = new float[4][];
    long[][] keys = {{1, 1}, {1, 1}, {1, 2}, {2, 1}};
    for (int k = 0; k < 4; k++) {
      Batches batches = new Batches(numbered(200), 200, Batches.LastBatch.KEEP);
      batches.shuffle(9, 9);
      batches.shuffle(keys[k][0], (int) keys[k][1]);
      assertTrue(batches.next());
      orders[k] = batches.x().clone();
    }
    assertArrayEquals(orders[0], orders[1]);
    assertTrue(!Arrays.equals(orders[0], orders[2]) && !Arrays.equals(orders[0], orders[3]));
  }

  @Test
  void everyOrderOfThreeComesUpEquallyOften() {
    Batches batches = new Batches(numbered(3), 3, Batches.LastBatch.KEEP);
    int[] counts = new int[27];
    for (int epoch = 0; epoch < 6000; epoch++) {
      batches.shuffle(1, epoch);
      assertTrue(batches.next());
      counts[9 * batches.y()[0] + 3 * batches.y()[1] + batches.y()[2]]++;
    }
    int[] used = Arrays.stream(counts).filter(c -> c > 0).toArray();
    assertEquals(6, used.length);
    for (int c : used) {
      assertEquals(1000, c, 150); // five standard deviations
    }
  }
}

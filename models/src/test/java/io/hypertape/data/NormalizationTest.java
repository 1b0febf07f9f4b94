package io.hypertape.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NormalizationTest {

  /** Random images of 2×3×4 pixels, the second channel constant. */
  static LabeledImages random(int n) {
    byte[] pixels = new byte[n * 24];
    new Random(1).nextBytes(pixels);
    for (int i = 0; i < n; i++) {
      Arrays.fill(pixels, 24 * i + 12, 24 * i + 24, (byte) 200);
    }
    return new LabeledImages("random", 2, 3, 4, 2, pixels, new byte[n]);
  }

  @Test
  void channelsComeToMean0AndDeviation1() {
    LabeledImages images = random(50);
    Normalization normalization = Normalization.of(images);
    assertEquals(200 / 255f, normalization.mean()[1], 1e-7);
    assertEquals(1, normalization.deviation()[1], "a constant channel is not divided by 0");
    Batches batches =
        new Batches(
            images, 50, Batches.LastBatch.KEEP, new Preparation(normalization, Augmentation.NONE));
    assertTrue(batches.next());
    double[] sum = new double[2];
    double[] squares = new double[2];
    for (int i = 0; i < batches.x().length; i++) {
      int channel = i / 12 % 2;
      sum[channel] += batches.x()[i] / 600.0;
      squares[channel] += batches.x()[i] * (double) batches.x()[i] / 600.0;
    }
    assertArrayEquals(new double[] {0, 0}, sum, 1e-6);
    assertArrayEquals(new double[] {1, 0}, squares, 1e-5);
  }

  @Test
  void withoutItPixelsAreScaledOnly() {
    float[][] table = Normalization.none(2).table();
    for (int p = 0; p < 256; p++) {
      assertEquals(p * (1f / 255), table[0][p]);
      assertEquals(p * (1f / 255), table[1][p]);
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    float[] one = {1};
    for (float bad : new float[] {0, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
      assertThrows(IllegalArgumentException.class, () -> new Normalization(one, new float[] {bad}));
    }
    assertThrows(IllegalArgumentException.class, () -> new Normalization(one, new float[2]));
    assertThrows(
        IllegalArgumentException.class, () -> new Normalization(new float[0], new float[0]));
    LabeledImages images = random(2);
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new Batches(images, 1, Batches.LastBatch.KEEP, Preparation.none(3)));
    assertTrue(e.getMessage().contains("has 2 channels; the normalization is for 3"));
  }

  @Test
  void itIsAValue() {
    float[] mean = {0.5f};
    Normalization one = new Normalization(mean, new float[] {2});
    mean[0] = 7;
    one.mean()[0] = 9;
    assertEquals(new Normalization(new float[] {0.5f}, new float[] {2}), one);
    assertEquals(one.hashCode(), new Normalization(one.mean(), one.deviation()).hashCode());
  }
}

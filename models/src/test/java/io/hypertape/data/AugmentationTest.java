package io.hypertape.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AugmentationTest {

  private static final int SIDE = 6;

  /** One image of two channels, whose pixels are numbered from 1. */
  private static LabeledImages numbered() {
    byte[] pixels = new byte[2 * SIDE * SIDE];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i + 1);
    }
    return new LabeledImages("numbered", 2, SIDE, SIDE, 1, pixels, new byte[1]);
  }

  private static Batches batches(Augmentation augmentation) {
    return new Batches(
        numbered(),
        1,
        Batches.LastBatch.KEEP,
        new Preparation(Normalization.none(2), augmentation));
  }

  /** Moved and mirrored by hand, for comparison. */
  private static float[] moved(int down, int right, boolean flip) {
    float[] x = new float[2 * SIDE * SIDE];
    for (int c = 0; c < 2; c++) {
      for (int h = 0; h < SIDE; h++) {
        for (int w = 0; w < SIDE; w++) {
          int row = h + down;
          int column = w + right;
          int to = flip ? SIDE - 1 - w : w;
          if (row >= 0 && row < SIDE && column >= 0 && column < SIDE) {
            x[(c * SIDE + h) * SIDE + to] = ((c * SIDE + row) * SIDE + column + 1) * (1f / 255);
          }
        }
      }
    }
    return x;
  }

  @Test
  void everyCropAndItsMirrorImageComeUpEquallyOften() {
    Batches batches = batches(Augmentation.CROP_AND_FLIP);
    int[] counts = new int[162];
    int epochs = 16_200;
    for (int epoch = 0; epoch < epochs; epoch++) {
      batches.shuffle(3, epoch);
      assertTrue(batches.next());
      int found = -1;
      for (int k = 0; k < 162 && found < 0; k++) {
        float[] expected = moved(k % 81 / 9 - 4, k % 9 - 4, k >= 81);
        found = Arrays.equals(expected, batches.x()) ? k : -1;
      }
      assertTrue(found >= 0, "no crop gives " + Arrays.toString(batches.x()));
      counts[found]++;
    }
    for (int count : counts) {
      assertEquals(100, count, 50); // five standard deviations
    }
  }

  @Test
  void aMoveDependsOnSeedEpochAndImage() {
    Augmentation crop = Augmentation.CROP_AND_FLIP;
    assertEquals(crop.move(1, 2, 3), crop.move(1, 2, 3));
    int equal = 0;
    for (int i = 0; i < 1000; i++) {
      equal += crop.move(1, 2, i) == crop.move(2, 2, i) ? 1 : 0;
      equal += crop.move(1, 2, i) == crop.move(1, 3, i) ? 1 : 0;
      equal += crop.move(1, 2, i) == crop.move(1, 2, i + 1) ? 1 : 0;
    }
    assertEquals(3000 / 162.0, equal, 25);
  }

  @Test
  void imagesInTheirOwnOrderStayAsTheyAre() {
    Batches batches = batches(Augmentation.CROP_AND_FLIP);
    batches.shuffle(1, 1);
    batches.restart();
    assertTrue(batches.next());
    assertArrayEquals(moved(0, 0, false), batches.x());
    Batches plain = batches(Augmentation.NONE);
    plain.shuffle(1, 1);
    assertTrue(plain.next());
    assertArrayEquals(moved(0, 0, false), plain.x());
  }

  @Test
  void namesAreAsTheCommandLineHasThem() {
    assertEquals("crop-and-flip", Augmentation.CROP_AND_FLIP.toString());
    assertEquals("none", Augmentation.NONE.toString());
  }
}

package io.hypertape.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class BatchLoaderTest {

  private static final LabeledImages IMAGES = Strokes.generate(1, 103, 0).train();

  private static List<float[]> epochOf(BatchLoader loader) {
    List<float[]> seen = new ArrayList<>();
    while (loader.next()) {
      assertEquals(loader.rows(), loader.y().length);
      seen.add(loader.x().clone());
    }
    return seen;
  }

  @ParameterizedTest
  @EnumSource
  void batchesAreThoseOfTheSameOrder(Batches.LastBatch last) {
    Batches expected = new Batches(IMAGES, 10, last);
    try (BatchLoader loader = new BatchLoader(IMAGES, 10, last)) {
      for (int epoch = 1; epoch <= 3; epoch++) {
        expected.shuffle(7, epoch);
        loader.shuffle(7, epoch);
        while (expected.next()) {
          assertTrue(loader.next());
          assertEquals(expected.rows(), loader.rows());
          assertArrayEquals(expected.x(), loader.x());
          assertArrayEquals(expected.y(), loader.y());
        }
        assertFalse(loader.next());
        assertFalse(loader.next());
      }
    }
  }

  @Test
  void anEpochMayBeginBeforeTheOneBeforeHasEnded() {
    try (BatchLoader loader = new BatchLoader(IMAGES, 10, Batches.LastBatch.KEEP)) {
      loader.shuffle(7, 1);
      List<float[]> whole = epochOf(loader);
      assertEquals(11, whole.size());
      for (int taken = 0; taken < 8; taken++) {
        loader.shuffle(7, 2);
        for (int i = 0; i < taken; i++) {
          assertTrue(loader.next());
        }
        loader.shuffle(7, 1);
        List<float[]> again = epochOf(loader);
        assertEquals(whole.size(), again.size());
        for (int i = 0; i < whole.size(); i++) {
          assertArrayEquals(whole.get(i), again.get(i));
        }
      }
    }
  }

  @Test
  void aBatchStaysAsItIsUntilTheNextIsTaken() throws InterruptedException {
    try (BatchLoader loader = new BatchLoader(IMAGES, 10, Batches.LastBatch.DROP)) {
      loader.shuffle(1, 1);
      assertTrue(loader.next());
      float[] x = loader.x();
      float[] copy = x.clone();
      Thread.sleep(20);
      assertSame(x, loader.x());
      assertArrayEquals(copy, x);
    }
  }

  @Test
  void beforeTheFirstEpochThereIsNothing() {
    try (BatchLoader loader = new BatchLoader(IMAGES, 10, Batches.LastBatch.DROP)) {
      assertFalse(loader.next());
      assertThrows(IllegalStateException.class, loader::x);
    }
  }

  @Test
  void aClosedOneSaysSo() {
    BatchLoader loader = new BatchLoader(IMAGES, 10, Batches.LastBatch.DROP);
    loader.shuffle(1, 1);
    loader.close();
    loader.close();
    assertThrows(IllegalStateException.class, loader::next);
    assertThrows(IllegalStateException.class, () -> loader.shuffle(1, 2));
  }

  @Test
  void aSetWithoutImagesHasNoBatch() {
    LabeledImages none = Strokes.generate(1, 1, 0).test();
    assertEquals(0, none.size());
    try (BatchLoader loader = new BatchLoader(none, 10, Batches.LastBatch.KEEP)) {
      loader.shuffle(1, 1);
      assertFalse(loader.next());
    }
  }

  @Test
  void whatGoesWrongReachesTheCaller() {
    BatchLoader.Source broken =
        new BatchLoader.Source() {
          private int made;

          @Override
          public BatchArrays room() {
            return BatchArrays.of(IMAGES, 1);
          }

          @Override
          public void shuffle(long seed, int epoch) {
            made = 0;
          }

          @Override
          public int fill(BatchArrays into) {
            if (made++ == 1) {
              throw new IllegalArgumentException("no second image");
            }
            return 1;
          }
        };
    try (BatchLoader loader = new BatchLoader(broken)) {
      for (int epoch = 1; epoch <= 2; epoch++) {
        loader.shuffle(1, epoch);
        assertTrue(loader.next());
        IllegalStateException e = assertThrows(IllegalStateException.class, loader::next);
        assertEquals("no second image", e.getCause().getMessage());
        assertFalse(loader.next());
      }
    }
  }
}

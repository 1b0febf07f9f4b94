package io.hypertape.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextBatchesTest {

  private static char[] numbered(int n) {
    char[] text = new char[n];
    for (int i = 0; i < n; i++) {
      text[i] = (char) i;
    }
    return text;
  }

  @ParameterizedTest
  @CsvSource({
    "101,4,5,KEEP,5",
    "101,4,5,DROP,5",
    "100,4,5,KEEP,5",
    "100,4,5,DROP,4",
    "9,1,50,KEEP,1",
    "51,1,50,DROP,1",
    "2,1,1,DROP,1",
    "65000,13,7,KEEP,715"
  })
  void everyStreamGoesOnWhereItWas(
      int n, int streams, int unroll, TextBatches.LastBatch last, int count) {
    TextBatches batches = new TextBatches(numbered(n), streams, unroll, last);
    assertEquals(count, batches.count());
    int length = (n - 1) / streams;
    for (int epoch = 0; epoch < 2; epoch++) {
      batches.restart();
      int done = 0;
      int seen = 0;
      while (batches.next()) {
        int steps = batches.steps();
        assertTrue(steps == unroll || (last == TextBatches.LastBatch.KEEP && steps < unroll));
        assertEquals(steps * streams, batches.x().length);
        assertEquals(streams, batches.streams());
        for (int t = 0; t < steps; t++) {
          for (int b = 0; b < streams; b++) {
            int expected = b * length + done + t;
            assertEquals(expected, batches.x()[t * streams + b]);
            assertEquals(expected + 1, batches.y()[t * streams + b]);
          }
        }
        done += steps;
        seen++;
      }
      assertEquals(count, seen);
      assertEquals(last == TextBatches.LastBatch.KEEP ? length : length / unroll * unroll, done);
      assertFalse(batches.next());
    }
  }

  @Test
  void shortTextsAreRefused() {
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new TextBatches(numbered(200), 4, 50, TextBatches.LastBatch.DROP));
    assertEquals(
        "200 characters; batches of 4 rows of 50 characters need at least 201", e.getMessage());
    assertEquals(1, new TextBatches(numbered(201), 4, 50, TextBatches.LastBatch.DROP).count());
    assertThrows(
        IllegalArgumentException.class,
        () -> new TextBatches(numbered(4), 4, 50, TextBatches.LastBatch.KEEP));
    assertThrows(
        IllegalArgumentException.class,
        () -> new TextBatches(numbered(4), 0, 50, TextBatches.LastBatch.KEEP));
  }
}

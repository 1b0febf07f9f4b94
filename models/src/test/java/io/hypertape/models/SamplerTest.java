package io.hypertape.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplerTest {

  private static final float[] LOG = {
    (float) Math.log(0.1), (float) Math.log(0.6), Float.NEGATIVE_INFINITY, (float) Math.log(0.3)
  };

  /** p^(1/t), normalized. */
  @ParameterizedTest
  @ValueSource(doubles = {0.5, 1, 2})
  void drawsByTheProbabilitiesToThePower(double temperature) {
    Sampler sampler = new Sampler(temperature, 5);
    int n = 40_000;
    int[] count = new int[4];
    for (int i = 0; i < n; i++) {
      count[sampler.draw(LOG)]++;
    }
    double[] p = {0.1, 0.6, 0, 0.3};
    double sum = 0;
    for (int i = 0; i < 4; i++) {
      p[i] = Math.pow(p[i], 1 / temperature);
      sum += p[i];
    }
    for (int i = 0; i < 4; i++) {
      assertEquals(p[i] / sum, (double) count[i] / n, 0.012, "symbol " + i);
    }
    assertEquals(0, count[2]);
  }

  @Test
  void equalSeedsDrawAlike() {
    assertEquals(draws(new Sampler(1, 7)), draws(new Sampler(1, 7)));
    assertNotEquals(draws(new Sampler(1, 7)), draws(new Sampler(1, 8)));
  }

  private static List<Integer> draws(Sampler sampler) {
    return IntStream.range(0, 50).map(i -> sampler.draw(LOG)).boxed().toList();
  }

  @Test
  void coldTakesTheLikeliest() {
    for (double temperature : new double[] {0, 1e-300, 1e-6}) {
      assertEquals(1, new Sampler(temperature, 1).draw(LOG));
      // Of equal ones the first, when there is no chance in it.
      assertEquals(1, new Sampler(0, 1).draw(-5, -1, -1));
    }
    // Far from normalized: nothing overflows.
    assertEquals(2, new Sampler(1, 1).draw(-3e38f, 0, 3e38f));
  }

  @Test
  void whatIsNoDistributionIsRefused() {
    Sampler sampler = new Sampler(1, 1);
    var nan = assertThrows(IllegalArgumentException.class, () -> sampler.draw(0, Float.NaN));
    assertTrue(nan.getMessage().contains("symbol 1 is NaN"), nan.getMessage());
    assertThrows(IllegalArgumentException.class, () -> sampler.draw(Float.NEGATIVE_INFINITY));
    assertThrows(IllegalArgumentException.class, sampler::draw);
    assertThrows(IllegalArgumentException.class, () -> new Sampler(-1, 1));
    assertThrows(IllegalArgumentException.class, () -> new Sampler(Double.NaN, 1));
  }
}

package io.hypertape.metrics;

import static io.hypertape.metrics.MetricSamples.E;
import static io.hypertape.metrics.MetricSamples.N;
import static io.hypertape.metrics.MetricSamples.SINGLE;
import static io.hypertape.metrics.MetricSamples.merged;
import static io.hypertape.metrics.MetricSamples.numbers;
import static io.hypertape.metrics.MetricSamples.rows;
import static io.hypertape.metrics.MetricSamples.weights;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Errors of real numbers against scikit-learn. Numbers as in {@link MetricsTest}. */
class RegressionErrorsTest {

  @Test
  void errorsOfNumbers() {
    float[] truth = numbers(2 * N, 7919, 1009);
    float[] predicted = numbers(2 * N, 104729, 997);
    for (int i = 0; i < 2 * N; i++) {
      truth[i] *= 10f;
      predicted[i] = truth[i] + (predicted[i] - 0.5f) * 3f;
    }
    double[][] expected = {
      {0.8687141451535216, 0.7530880172760226, 0.909708225239382},
      {0.8551739353765772, 0.7531458840813428, 0.9126867212214074},
    };
    for (int weighted = 0; weighted < 2; weighted++) {
      boolean isWeighted = weighted == 1;
      RegressionErrors errors =
          merged(
              () -> new RegressionErrors(2),
              RegressionErrors::merge,
              (m, from, to) ->
                  m.add(
                      rows(predicted, from, to),
                      rows(truth, from, to),
                      weights(isWeighted, from, to)));
      assertEquals(expected[weighted][0], errors.rmse(), SINGLE);
      assertEquals(expected[weighted][1], errors.mae(), SINGLE);
      assertEquals(expected[weighted][2], errors.r2(), SINGLE);
      if (!isWeighted) {
        assertEquals(0.8694193152508699, errors.rmse(0), E);
        assertEquals(0.7526028106268495, errors.mae(1), E);
        assertEquals(0.9097366942453438, errors.r2(0), E);
      }
    }
  }

  @Test
  void deviationsOfLargeNumbersDoNotCancel() {
    RegressionErrors errors = new RegressionErrors(1);
    for (int i = 0; i < 1000; i++) {
      float truth = 1e7f + i % 10;
      errors.add(new float[] {truth + (i % 2 == 0 ? 1 : -1)}, truth);
    }
    assertEquals(1, errors.rmse(), E);
    // The digits' variance is 8.25.
    assertEquals(1 - 1 / 8.25, errors.r2(), 1e-9);
  }

  @Test
  void constantsHaveAnR2AsScikitLearnSays() {
    RegressionErrors right = new RegressionErrors(1);
    right.add(new float[] {3, 3, 3}, 3, 3, 3);
    assertEquals(1, right.r2());
    RegressionErrors wrong = new RegressionErrors(1);
    wrong.add(new float[] {3, 3, 4}, 3, 3, 3);
    assertEquals(0, wrong.r2());
    RegressionErrors single = new RegressionErrors(1);
    single.add(new float[] {3}, 3);
    assertTrue(Double.isNaN(single.r2()));
    assertEquals(0, single.rmse());
    assertTrue(Double.isNaN(new RegressionErrors(1).mae()));
  }
}

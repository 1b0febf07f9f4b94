package io.hypertape.metrics;

import static io.hypertape.metrics.MetricSamples.E;
import static io.hypertape.metrics.MetricSamples.N;
import static io.hypertape.metrics.MetricSamples.SINGLE;
import static io.hypertape.metrics.MetricSamples.classes;
import static io.hypertape.metrics.MetricSamples.merged;
import static io.hypertape.metrics.MetricSamples.numbers;
import static io.hypertape.metrics.MetricSamples.positives;
import static io.hypertape.metrics.MetricSamples.rows;
import static io.hypertape.metrics.MetricSamples.weights;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Calibration against scikit-learn and, of its expected error, the definition in NumPy. Numbers as
 * in {@link MetricsTest}.
 */
class CalibrationTest {

  /** Rows of four probabilities, multiples of 1/64. */
  private static float[] probabilities() {
    float[] rows = new float[4 * N];
    for (int i = 0; i < N; i++) {
      int k = i * 7919 % 61;
      int[] parts = {k, (61 - k) / 2, 63 - k - (61 - k) / 2, 1};
      for (int c = 0; c < 4; c++) {
        rows[4 * i + c] = parts[c] / 64f;
      }
    }
    return rows;
  }

  @Test
  void calibration() {
    int[] truth = classes();
    float[] rows = probabilities();
    double[][] expected = {{0.26890625, 0.93130126953125}, {0.2569906919122532, 0.928359009589749}};
    for (int weighted = 0; weighted < 2; weighted++) {
      boolean isWeighted = weighted == 1;
      Calibration calibration =
          merged(
              Calibration::new,
              Calibration::merge,
              (m, from, to) ->
                  m.add(
                      rows(rows, from, to),
                      Arrays.copyOfRange(truth, from, to),
                      weights(isWeighted, from, to)));
      assertEquals(expected[weighted][0], calibration.expectedError(), SINGLE);
      assertEquals(expected[weighted][1], calibration.brier(), SINGLE);
    }
  }

  /** {@code calibration_curve(right, confidence, n_bins=5)}. */
  @Test
  void binsMakeAReliabilityDiagram() {
    Calibration five = new Calibration(5);
    five.add(probabilities(), classes());
    List<Calibration.Bin> bins = five.bins();
    double[] accuracy = {
      0.2916666666666667, 0.30978260869565216, 0.29069767441860467, 0.25862068965517243
    };
    double[] confidence = {
      0.3695746527777778, 0.4769870923913043, 0.7029433139534884, 0.8747306034482759
    };
    assertArrayEquals(accuracy, bins.stream().mapToDouble(Calibration.Bin::accuracy).toArray(), E);
    assertArrayEquals(
        confidence, bins.stream().mapToDouble(Calibration.Bin::confidence).toArray(), E);
    assertEquals(N, bins.stream().mapToDouble(Calibration.Bin::weight).sum());
  }

  @Test
  void brierOfTwoClassesIsOfOneProbability() {
    boolean[] positive = positives();
    float[] p = numbers(N, 7919, 1009);
    Calibration calibration = new Calibration();
    for (int i = 0; i < N; i++) {
      calibration.add(new float[] {1 - p[i], p[i]}, positive[i] ? 1 : 0);
    }
    assertEquals(0.3353462964026811, calibration.brier(), SINGLE);
    Calibration nothing = new Calibration();
    assertTrue(Double.isNaN(nothing.expectedError()));
    nothing.add(new float[] {Float.NaN, 0.5f}, 1);
    assertTrue(Double.isNaN(nothing.expectedError()) && Double.isNaN(nothing.brier()));
  }
}

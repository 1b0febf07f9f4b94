package io.hypertape.metrics;

import static io.hypertape.metrics.MetricSamples.E;
import static io.hypertape.metrics.MetricSamples.N;
import static io.hypertape.metrics.MetricSamples.SINGLE;
import static io.hypertape.metrics.MetricSamples.WEIGHTS;
import static io.hypertape.metrics.MetricSamples.classes;
import static io.hypertape.metrics.MetricSamples.merged;
import static io.hypertape.metrics.MetricSamples.numbers;
import static io.hypertape.metrics.MetricSamples.positives;
import static io.hypertape.metrics.MetricSamples.rows;
import static io.hypertape.metrics.MetricSamples.weights;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * Metrics against scikit-learn 1.9.1, whose functions got the same 400 examples (in float32, and
 * weights as {@code sample_weight}); expected calibration errors against its definition in NumPy.
 * Whole, in batches and merged of three parts they are the same.
 */
class MetricsTest {

  private static float[] scores(int[] truth) {
    float[] scores = numbers(4 * N, 7919, 1009);
    for (int i = 0; i < N; i++) {
      scores[4 * i + truth[i]] += 0.25f;
    }
    return scores;
  }

  private static ConfusionMatrix matrix(boolean weighted) {
    int[] truth = classes();
    float[] scores = scores(truth);
    return merged(
        () -> new ConfusionMatrix(4),
        ConfusionMatrix::merge,
        (m, from, to) ->
            m.add(
                rows(scores, from, to),
                Arrays.copyOfRange(truth, from, to),
                weights(weighted, from, to)));
  }

  @Test
  void confusionMatrix() {
    ConfusionMatrix even = matrix(false);
    int[][] counts = {{72, 14, 15, 16}, {0, 70, 10, 4}, {52, 0, 42, 18}, {40, 9, 0, 38}};
    for (int i = 0; i < 4; i++) {
      for (int k = 0; k < 4; k++) {
        assertEquals(counts[i][k], even.count(i, k));
      }
    }
    assertEquals(N, even.total());
    assertEquals(117, even.support(0));
    assertEquals(0.555, even.accuracy(), E);
    assertEquals(0.5597368449300131, even.macroF1(), E);
    assertEquals(0.555, even.microF1(), E);
    double[] precision = {0.43902439024390244, 0.7526881720430108, 0.6268656716417911, 0.5};
    double[] recall = {0.6153846153846154, 0.8333333333333334, 0.375, 0.4367816091954023};
    for (int k = 0; k < 4; k++) {
      assertEquals(precision[k], even.precision(k), E);
      assertEquals(recall[k], even.recall(k), E);
    }
    ConfusionMatrix weighted = matrix(true);
    assertEquals(0.557287725211358, weighted.accuracy(), SINGLE);
    assertEquals(0.5618088892494264, weighted.macroF1(), SINGLE);
    assertEquals(0.557287725211358, weighted.microF1(), SINGLE);
    assertEquals(0.5331772063204209, weighted.precision(3), SINGLE);
    assertEquals(0.32748537853553683, weighted.recall(2), SINGLE);
  }

  @Test
  void classesThatNeitherOccurNorAreNamedDoNotCount() {
    ConfusionMatrix matrix = new ConfusionMatrix(5);
    matrix.addDecided(new int[] {0, 1, 2, 2, 4}, new int[] {0, 2, 2, 1, 0});
    assertEquals(0.29166666666666663, matrix.macroF1(), E);
    assertEquals(0.4, matrix.microF1(), E);
    assertEquals(0, matrix.f1(3));
    ConfusionMatrix nothing = new ConfusionMatrix(2);
    assertTrue(Double.isNaN(nothing.accuracy()));
    assertTrue(Double.isNaN(nothing.macroF1()));
    assertTrue(Double.isNaN(nothing.microF1()));
  }

  @Test
  void whatSaysNothingIsWrong() {
    ConfusionMatrix matrix = new ConfusionMatrix(2);
    // NaN, a class beyond, equal scores, a right answer.
    matrix.add(new float[] {Float.NaN, 1, 0, 1, 1, 2, 3, 3, 0, 0, 1, 0}, 0, 1, 0, 1);
    assertEquals(0.5, matrix.accuracy());
    assertEquals(1, matrix.count(0, 0));
    assertEquals(2, matrix.support(1));
    assertTrue(matrix.microF1() > 0.5, "what is not named is no wrong naming");
    TopK two = new TopK(2);
    two.add(new float[] {Float.NaN, 1, 0, 1, 1, 2, 3, 3, 3, 0, 0, 1}, 0, 2, 2, 0);
    assertEquals(0.5, two.accuracy(), "of equal ones the first two");
  }

  @Test
  void topK() {
    int[] truth = classes();
    float[] scores = scores(truth);
    double[] expected = {0.7575, 0.7609353715711913};
    for (int weighted = 0; weighted < 2; weighted++) {
      boolean isWeighted = weighted == 1;
      TopK two =
          merged(
              () -> new TopK(2),
              TopK::merge,
              (m, from, to) ->
                  m.add(
                      rows(scores, from, to),
                      Arrays.copyOfRange(truth, from, to),
                      weights(isWeighted, from, to)));
      assertEquals(expected[weighted], two.accuracy(), SINGLE);
    }
    TopK one = new TopK(1);
    one.add(scores, truth);
    assertEquals(0.555, one.accuracy(), E);
  }

  @Test
  void areaUnderTheCurveWithManyTies() {
    boolean[] positive = positives();
    float[] rounded = numbers(N, 7919, 1009);
    for (int i = 0; i < N; i++) {
      rounded[i] = (float) Math.rint(rounded[i] * 20f) / 20f;
    }
    float[] better = rounded.clone();
    for (int i = 0; i < N; i++) {
      better[i] += positive[i] ? 0.1f : 0;
    }
    double[][] expected = {
      {0.4997646197300973, 0.5089344266223305}, {0.5985589496809289, 0.6079045721376571}
    };
    float[][] scores = {rounded, better};
    for (int s = 0; s < 2; s++) {
      for (int weighted = 0; weighted < 2; weighted++) {
        float[] each = scores[s];
        boolean isWeighted = weighted == 1;
        RocAuc auc =
            merged(
                RocAuc::new,
                RocAuc::merge,
                (m, from, to) -> {
                  for (int i = from; i < to; i++) {
                    m.add(each[i], positive[i], isWeighted ? WEIGHTS[i] : 1);
                  }
                });
        assertEquals(expected[s][weighted], auc.area(), SINGLE);
      }
    }
  }

  @Test
  void areaOfFewExamples() {
    RocAuc auc = new RocAuc();
    assertTrue(Double.isNaN(auc.area()));
    auc.add(new float[] {-0f, 0f, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY}, 1, 0, 0, 1);
    assertEquals((0.5 + 1 + 2) / 4, auc.area(), "−0 and 0 are equal");
    auc.add(Float.NaN, true, 1);
    assertTrue(Double.isNaN(auc.area()));
    RocAuc one = new RocAuc();
    one.add(new float[] {1, 2}, 1, 1);
    assertTrue(Double.isNaN(one.area()));
  }

  @Test
  void severalLabels() {
    float[] truth = new float[3 * N];
    float[] scores = numbers(3 * N, 7919, 1009);
    for (int i = 0; i < 3 * N; i++) {
      truth[i] = (i * i + i / 5) % 3 == 0 ? 1 : 0;
      scores[i] = scores[i] - 0.5f + 0.25f * truth[i];
    }
    double[][] expected = {
      {0.6021580854827338, 0.6021684737281068, 0.24, 0.3975},
      {0.6017940532403913, 0.601806177816736, 0.24337823561053684, 0.39707885539759513}
    };
    for (int weighted = 0; weighted < 2; weighted++) {
      boolean isWeighted = weighted == 1;
      LabelCounts counts =
          merged(
              () -> new LabelCounts(3),
              LabelCounts::merge,
              (m, from, to) ->
                  m.add(
                      rows(scores, from, to),
                      rows(truth, from, to),
                      weights(isWeighted, from, to)));
      assertEquals(expected[weighted][0], counts.macroF1(), SINGLE);
      assertEquals(expected[weighted][1], counts.microF1(), SINGLE);
      assertEquals(expected[weighted][2], counts.exactMatch(), SINGLE);
      assertEquals(expected[weighted][3], counts.error(), SINGLE);
      if (!isWeighted) {
        assertEquals(0.502092050209205, counts.precision(1), E);
        assertEquals(0.74375, counts.recall(2), E);
      }
    }
    assertTrue(Double.isNaN(new LabelCounts(1).macroF1()));
  }

  private static void refused(String part, Runnable call) {
    Exception e = assertThrows(IllegalArgumentException.class, call::run);
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  @Test
  void whatDoesNotFitIsRefused() {
    ConfusionMatrix two = new ConfusionMatrix(2);
    refused("class 2; 0 to 1 would fit", () -> two.addDecided(new int[] {0}, new int[] {2}));
    refused("3 scores for 2 examples", () -> two.add(new float[3], 0, 1));
    refused("weight 0 is -1.0", () -> two.add(new float[2], new int[1], new float[] {-1}));
    refused("1 weights; 2 are needed", () -> two.add(new float[4], new int[2], new float[1]));
    refused("3 classes; 2 are needed", () -> two.merge(new ConfusionMatrix(3)));
    refused("0 bins; at least 1", () -> new Calibration(0));
    refused("3 predictions; 2 are needed", () -> new RegressionErrors(2).add(new float[3], 1, 2));
    refused("1 scores; 2 are needed", () -> new RocAuc().add(new float[1], 0, 1));
    refused("a weight of NaN", () -> new RocAuc().add(1, true, Float.NaN));
    refused("2 labels; 3 are needed", () -> new LabelCounts(3).merge(new LabelCounts(2)));
    refused("class 5; 0 to 1 would fit", () -> new TopK(1).add(new float[2], 5));
  }
}

package io.hypertape.cli.board;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Buckets, beside what all rows say. */
class ThinnedCurvesTest {

  private static JsonNode written(ThinnedCurves curves, int from) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    curves.write(node, from);
    return node;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 1999, 2000, 2001, 2003, 4000, 4001, 8001, 20_000, 77_777})
  void everyBucketHasItsExtremesAndItsMean(int n) {
    ThinnedCurves curves = new ThinnedCurves(List.of("a", "b"));
    double[] a = new double[n];
    Random random = new Random(n);
    for (int i = 0; i < n; i++) {
      a[i] = random.nextInt(40) == 0 ? Double.NaN : random.nextGaussian();
      curves.add(i + 1, new double[] {a[i], i});
    }
    assertEquals(n, curves.rows());
    int stride = (int) curves.stride();
    assertEquals((n + stride - 1) / stride, curves.buckets());
    assertTrue(curves.buckets() <= (stride == 1 ? ThinnedCurves.WHOLE : ThinnedCurves.BUCKETS));
    JsonNode all = written(curves, 0);
    JsonNode y = all.at("/columns/0/y");
    for (int bucket = 0; bucket < curves.buckets(); bucket++) {
      int begin = bucket * stride;
      int end = Math.min(n, begin + stride);
      double low = Double.POSITIVE_INFINITY;
      double high = Double.NEGATIVE_INFINITY;
      double sum = 0;
      int finite = 0;
      for (int i = begin; i < end; i++) {
        if (Double.isFinite(a[i])) {
          low = Math.min(low, a[i]);
          high = Math.max(high, a[i]);
          sum += a[i];
          finite++;
        }
      }
      assertEquals(end, all.path("x").path(bucket).asDouble());
      if (stride == 1) {
        assertEquals(a[bucket], number(y.path(bucket)));
      } else {
        assertEquals(begin + 1, all.path("begin").path(bucket).asDouble());
        double first = number(y.path(5 * bucket + 1));
        double second = number(y.path(5 * bucket + 3));
        if (finite > 0) {
          assertEquals(low, Math.min(first, second));
          assertEquals(high, Math.max(first, second));
          assertEquals(first, a[(int) number(y.path(5 * bucket)) - 1]);
          assertEquals(second, a[(int) number(y.path(5 * bucket + 2)) - 1]);
          assertTrue(number(y.path(5 * bucket)) <= number(y.path(5 * bucket + 2)));
          assertEquals(sum / finite, number(y.path(5 * bucket + 4)), 1e-12);
        } else {
          assertTrue(Double.isNaN(first) && Double.isNaN(second));
        }
      }
    }
  }

  private static double number(JsonNode node) {
    return node.isTextual() ? Double.parseDouble(node.asText()) : node.asDouble();
  }

  @Test
  void fullBucketsStayAsTheyAre() {
    ThinnedCurves curves = new ThinnedCurves(List.of("a"));
    for (int i = 0; i < 5000; i++) {
      curves.add(i, new double[] {Math.sin(i)});
    }
    JsonNode before = written(curves, 0);
    int full = curves.buckets() - 1;
    for (int i = 5000; i < 6000; i++) {
      curves.add(i, new double[] {Math.sin(i)});
    }
    assertEquals(before.path("stride"), written(curves, 0).path("stride"));
    JsonNode after = written(curves, 0);
    for (int i = 0; i < 5 * full; i++) {
      assertEquals(before.at("/columns/0/y").path(i), after.at("/columns/0/y").path(i));
    }
    JsonNode rest = written(curves, full);
    assertEquals(curves.buckets() - full, rest.path("x").size());
    assertEquals(full, rest.path("from").asInt());
  }
}

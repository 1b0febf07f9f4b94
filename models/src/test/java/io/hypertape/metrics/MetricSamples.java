package io.hypertape.metrics;

import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** Examples that metrics are tried with, and how they are added. */
final class MetricSamples {

  static final int N = 400;
  static final float[] WEIGHTS = plus(numbers(N, 31, 17), 0.5f);
  static final double E = 1e-12;
  // Sums of floats, elsewhere of doubles.
  static final double SINGLE = 1e-6;

  private MetricSamples() {}

  /** [0, 1), the same in NumPy: {@code ((i·a) % m).astype(float32)/float32(m)}. */
  static float[] numbers(int n, int a, int m) {
    float[] numbers = new float[n];
    for (int i = 0; i < n; i++) {
      numbers[i] = (float) ((long) i * a % m) / m;
    }
    return numbers;
  }

  static float[] plus(float[] values, float more) {
    for (int i = 0; i < values.length; i++) {
      values[i] += more;
    }
    return values;
  }

  static int[] classes() {
    int[] truth = new int[N];
    for (int i = 0; i < N; i++) {
      truth[i] = (i * i * 3 + i / 7) % 4;
    }
    return truth;
  }

  /** Takes the examples from here to there. */
  interface Part<M> {
    void add(M metric, int from, int to);
  }

  /** A metric of all examples, in three parts of unequal batches. */
  static <M> M merged(Supplier<M> empty, BiConsumer<M, M> merge, Part<M> part) {
    M all = empty.get();
    for (int[] range : new int[][] {{0, 150}, {150, 151}, {151, N}}) {
      M some = empty.get();
      for (int from = range[0]; from < range[1]; from += 64) {
        part.add(some, from, Math.min(from + 64, range[1]));
      }
      merge.accept(all, some);
    }
    return all;
  }

  static float[] rows(float[] values, int from, int to) {
    int width = values.length / N;
    return Arrays.copyOfRange(values, from * width, to * width);
  }

  static float[] weights(boolean weighted, int from, int to) {
    return weighted ? rows(WEIGHTS, from, to) : Weights.even(to - from);
  }

  static boolean[] positives() {
    boolean[] positive = new boolean[N];
    for (int i = 0; i < N; i++) {
      positive[i] = (i * i + i / 5) % 3 == 0;
    }
    return positive;
  }
}

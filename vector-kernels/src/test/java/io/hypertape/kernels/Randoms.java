package io.hypertape.kernels;

import java.util.Random;

/** Seeded arrays for tests. */
final class Randoms {
  private Randoms() {}

  static float[] normal(int n, long seed) {
    Random random = new Random(seed);
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return x;
  }

  static float[] positive(int n, long seed) {
    float[] x = normal(n, seed);
    for (int i = 0; i < n; i++) {
      x[i] *= x[i];
    }
    return x;
  }
}

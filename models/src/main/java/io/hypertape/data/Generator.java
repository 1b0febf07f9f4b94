package io.hypertape.data;

/**
 * SplitMix64 (Steele, Lea, Flood, 'Fast Splittable Pseudorandom Number Generators', OOPSLA 2014):
 * the same numbers everywhere, and a start of its own for every image.
 */
final class Generator {

  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private long state;

  Generator(long seed, long stream, long index) {
    state = mix(seed + GAMMA) ^ mix(mix(stream + 2 * GAMMA) + index);
  }

  private static long mix(long x) {
    long z = (x ^ (x >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  long nextLong() {
    state += GAMMA;
    return mix(state);
  }

  /** 0 to bound − 1. */
  int below(int bound) {
    return (int) (((nextLong() >>> 33) * bound) >>> 31);
  }

  /** Uniform on [0, 1). */
  double uniform() {
    return (nextLong() >>> 11) * 0x1p-53;
  }

  double uniform(double from, double to) {
    return from + (to - from) * uniform();
  }

  double normal() {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - uniform()));
    return radius * StrictMath.cos(2 * Math.PI * uniform());
  }

  /** Fisher and Yates' shuffle. */
  void shuffle(int[] order) {
    for (int i = order.length - 1; i > 0; i--) {
      int j = below(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
  }

  boolean chance(double probability) {
    return uniform() < probability;
  }
}

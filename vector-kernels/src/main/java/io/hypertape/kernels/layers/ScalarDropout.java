package io.hypertape.kernels.layers;

import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Philox;

/** Masks for dropout from {@link Philox}'s words. */
final class ScalarDropout {

  private ScalarDropout() {}

  /** Numbers from on of the sequence; from is a multiple of 4. */
  static void mask(double keep, long seed, int stream, int from, int to, Floats out) {
    int[] words = new int[4];
    float value = (float) (1 / keep);
    for (int i = from; i < to; i++) {
      if ((i & 3) == 0) {
        Philox.block(seed, i >> 2, 0, stream, 0, words);
      }
      out.set(i, Philox.toUniform(words[i & 3]) < keep ? value : 0);
    }
  }
}

package io.hypertape.kernels.layers;

import io.hypertape.kernels.lanes.Philox;

/** Masks for dropout from {@link Philox}'s words. */
final class ScalarDropout {

  private ScalarDropout() {}

  /** Numbers from on of the sequence; from is a multiple of 4. */
  static void mask(double keep, long seed, long stream, int from, int to, float[] out, int off) {
    int[] words = new int[4];
    float value = (float) (1 / keep);
    for (int i = from; i < to; i++) {
      if ((i & 3) == 0) {
        Philox.block(seed, i >> 2, 0, (int) stream, (int) (stream >>> 32), words);
      }
      out[off + i] = Philox.toUniform(words[i & 3]) < keep ? value : 0;
    }
  }
}

package io.hypertape.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Sums over lanes at the end of {@link FilterBlocks}. */
final class FilterSums {

  private static final VectorSpecies<Float> S = VectorRows.S;
  private static final int L = S.length();

  private FilterSums() {}

  /** dw[at + j] += the sum of vector j. */
  static void add(float[] tile, int from, int n, float[] dw, int at) {
    for (int j = 0; j < n; j++) {
      dw[at + j] += VectorRows.sum(FloatVector.fromArray(S, tile, from + j * L));
    }
  }
}

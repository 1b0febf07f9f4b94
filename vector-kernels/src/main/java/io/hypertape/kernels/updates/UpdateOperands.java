package io.hypertape.kernels.updates;

import io.hypertape.kernels.lanes.Floats;
import java.util.List;
import java.util.Objects;

/**
 * What an update works on: it has all its operands, and its outputs overlap nothing in part.
 *
 * @param update which
 * @param n number of elements
 * @param vectors inputs, then outputs
 * @param offsets where each vector begins in its array
 * @param scalars as the update names them
 * @param sums where its sums go
 */
record UpdateOperands(
    UpdateOp update, int n, float[][] vectors, int[] offsets, double[] scalars, float[] sums) {

  static UpdateOperands of(UpdateOp update, double[] scalars, float[] sums, Floats... vectors) {
    Objects.requireNonNull(update, "update");
    List<String> names = update.vectors();
    if (vectors.length != names.size()) {
      throw new IllegalArgumentException(
          update + ": " + vectors.length + " vectors; it takes " + names);
    }
    if (scalars.length < update.scalars().size() || sums.length < update.sums()) {
      throw new IllegalArgumentException(
          update
              + ": "
              + scalars.length
              + " scalars and room for "
              + sums.length
              + " sums; it takes "
              + update.scalars()
              + " and gives "
              + update.sums());
    }
    int n = vectors[0].length();
    float[][] arrays = new float[vectors.length][];
    int[] offsets = new int[vectors.length];
    for (int i = 0; i < vectors.length; i++) {
      arrays[i] = vectors[i].ofLength(names.get(i), n).array();
      offsets[i] = vectors[i].offset();
    }
    apart(names, update.inputs().size(), vectors);
    return new UpdateOperands(update, n, arrays, offsets, scalars, sums);
  }

  /** No output overlaps another one, nor an input in part. */
  private static void apart(List<String> names, int inputs, Floats... vectors) {
    for (int out = inputs; out < vectors.length; out++) {
      for (int i = 0; i < inputs; i++) {
        vectors[out].apartFrom(names.get(out), names.get(i), vectors[i]);
      }
      for (int i = inputs; i < out; i++) {
        vectors[out].disjointFrom(names.get(out), names.get(i), vectors[i]);
      }
    }
  }
}

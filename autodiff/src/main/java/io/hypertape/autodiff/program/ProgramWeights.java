package io.hypertape.autodiff.program;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.Storage;
import io.hypertape.autodiff.backend.View;
import io.hypertape.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What computations read that was there before them, such as a model's weights: copies, which
 * nobody writes to. Weights of dense layers that nothing else reads can be turned, so that a
 * product with few rows reads them where they lie; that changes no bit.
 */
final class ProgramWeights {

  /** Rows so far apart fall into the same sets of a cache. */
  private static final int CROWDED = 512;

  /** Elements between rows that would be so. */
  private static final int GAP = 16;

  private final Map<Storage, Copy> copies = new IdentityHashMap<>();

  /** A copy; if its rows are some elements apart, it is [k, n] of weights [n, k]. */
  private record Copy(Storage storage, int turnedRow) {}

  /**
   * Copies what steps read.
   *
   * @param steps of all computations
   * @param from has what they read
   * @param to has the copies
   * @param turns whether weights of dense layers are turned
   */
  ProgramWeights(List<Step> steps, Backend from, Backend to, boolean turns) {
    Map<Storage, View> dense = new IdentityHashMap<>();
    Map<Storage, Integer> others = new IdentityHashMap<>();
    for (Step step : steps) {
      for (int i = 0; i < step.reads().length; i++) {
        View view = step.reads()[i];
        boolean isWeight = turns && step.kind() == Step.Kind.DENSE && i == 1 && isWhole(view);
        if (!(view.storage() instanceof Symbol)
            && !(isWeight && isSame(view, dense.putIfAbsent(view.storage(), view)))) {
          others.merge(view.storage(), end(view), Math::max);
        }
      }
    }
    dense.keySet().removeAll(others.keySet());
    dense.forEach((storage, weights) -> copies.put(storage, turned(weights, from, to)));
    others.forEach((storage, size) -> copies.put(storage, copy(storage, size, from, to)));
  }

  private static boolean isWhole(View matrix) {
    return matrix.isContiguous() && matrix.offset() == 0;
  }

  /** Whether a matrix is the one that was met with before, if there was one. */
  private static boolean isSame(View matrix, @Nullable View before) {
    return before == null || Arrays.equals(matrix.shape(), before.shape());
  }

  /** The place behind a view's last element. */
  private static int end(View view) {
    int last = view.offset();
    for (int axis = 0; axis < view.rank(); axis++) {
      last += Math.max(0, view.shape()[axis] - 1) * view.strides()[axis];
    }
    return last + 1;
  }

  /** Of a storage, which may be larger than what is used of it, so many elements. */
  private static Copy copy(Storage storage, int size, Backend from, Backend to) {
    MemorySegment values =
        switch (storage.type()) {
          case F32 -> MemorySegment.ofArray(new float[size]);
          case F64 -> MemorySegment.ofArray(new double[size]);
          case I32 -> MemorySegment.ofArray(new int[size]);
        };
    from.read(View.contiguous(storage, size), values);
    Storage copy = to.allocate(storage.type(), size);
    to.write(values, copy);
    return new Copy(to.fixed(copy), 0);
  }

  private static Copy turned(View weights, Backend from, Backend to) {
    int n = weights.shape()[0];
    int k = weights.shape()[1];
    int row = n % CROWDED == 0 ? n + GAP : n;
    float[] values = new float[n * k];
    float[] turned = new float[k * row];
    from.read(weights, values.length, values, 0);
    for (int j = 0; j < n; j++) {
      for (int p = 0; p < k; p++) {
        turned[p * row + j] = values[j * k + p];
      }
    }
    Storage copy = to.allocate(DType.F32, turned.length);
    to.write(turned, 0, turned.length, copy);
    return new Copy(copy, row);
  }

  /** The same look at the copy. */
  View place(View view) {
    Copy copy = copies.get(view.storage());
    return copy.turnedRow > 0
        ? new View(copy.storage, 0, view.shape(), new int[] {1, copy.turnedRow})
        : new View(copy.storage, view.offset(), view.shape(), view.strides());
  }
}

// Generated, not to be edited: change the generator and run
// java vector-kernels/src/generator/java/io/hypertape/kernels/generator/GenerateBlocks.java
package io.hypertape.kernels.convolution;

import io.hypertape.kernels.lanes.LeafLoop;
import io.hypertape.kernels.lanes.VectorCopies;
import io.hypertape.kernels.lanes.VectorRows;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Copies of many short rows of n elements, for which a call of arraycopy each would cost more than
 * the copy; as they are, every second element, or two rows' elements in turn. Rows of x begin at
 * {@code at + i · step}, those of out at {@code to + i · outStep}; second ones, such as another
 * image's, at {@code at2} and {@code to2} and as far apart.
 */
@LeafLoop
final class RowCopies {

  private static final VectorSpecies<Float> S = VectorRows.S;
  private static final int L = S.length();

  // Elements 0, 2, 4 … of a vector in its lower half; 1, 3, 5 …, in the upper half, too.
  private static final VectorShuffle<Float> EVEN = VectorShuffle.iota(S, 0, 2, true);
  private static final VectorShuffle<Float> ODD = VectorShuffle.iota(S, 1, 2, true);

  // Each element of a half twice; elements 0, 0, 2, 2, 4, 4 …; and 1, 1, 3, 3, 5, 5 ….
  private static final VectorShuffle<Float> LOWER = VectorShuffle.fromOp(S, i -> i / 2);
  private static final VectorShuffle<Float> UPPER = VectorShuffle.fromOp(S, i -> L / 2 + i / 2);
  private static final VectorShuffle<Float> EVEN_TWICE = VectorShuffle.fromOp(S, i -> i / 2 * 2);
  private static final VectorShuffle<Float> ODD_TWICE = VectorShuffle.fromOp(S, i -> i / 2 * 2 + 1);

  private static final VectorMask<Float> ODD_LANES = VectorMask.fromLong(S, 0xAAAA_AAAA_AAAA_AAAAL);
  private static final VectorMask<Float> UPPER_HALF = VectorMask.fromLong(S, -1L << (L / 2));

  private RowCopies() {}

  /** Rows as they are. */
  static void plain(
      int rows, int n, float[] x, int at, int step, float[] out, int to, int outStep) {
    if (n % L == 0 && n <= 2 * L) {
      VectorCopies.rows(rows, n / L, x, at, step, out, to, outStep);
    } else if (n < L) {
      narrow(rows, n, x, at, step, out, to, outStep);
    } else {
      vectors(rows, n, x, at, step, out, to, outStep);
    }
  }

  /** Elements 0, 2, 4 … of rows. */
  static void everySecond(
      int rows, int n, float[] x, int at, int step, float[] out, int to, int outStep) {
    if (n == L) {
      everySecondOfTwo(rows, n, x, at, step, out, to, outStep);
    } else {
      everySecondOfAny(rows, n, x, at, step, out, to, outStep);
    }
  }

  /** {@link #plain} for rows of a vector or more. */
  static void vectors(
      int rows, int n, float[] x, int at, int step, float[] out, int to, int outStep) {
    int whole = n / L * L;
    for (int i = 0; i < rows; i++) {
      int from = at + i * step;
      int into = to + i * outStep;
      for (int j = 0; j < whole; j += L) {
        FloatVector a = FloatVector.fromArray(S, x, from + j);
        a.intoArray(out, into + j);
      }
      int j = n - L;
      FloatVector a = FloatVector.fromArray(S, x, from + j);
      a.intoArray(out, into + j);
    }
  }

  /** {@link #plain} for rows shorter than a vector. */
  static void narrow(
      int rows, int n, float[] x, int at, int step, float[] out, int to, int outStep) {
    VectorMask<Float> some0 = S.indexInRange(0, n);
    for (int i = 0; i < rows; i++) {
      int from = at + i * step;
      int into = to + i * outStep;
      FloatVector a = FloatVector.fromArray(S, x, from, some0);
      a.intoArray(out, into, some0);
    }
  }

  /** {@link #everySecond} for rows of a vector. Reads nothing beyond the last element. */
  static void everySecondOfTwo(
      int rows, int n, float[] x, int at, int step, float[] out, int to, int outStep) {
    for (int i = 0; i < rows; i++) {
      int from = at + i * step;
      int into = to + i * outStep;
      FloatVector a = FloatVector.fromArray(S, x, from);
      FloatVector b = FloatVector.fromArray(S, x, from + L - 1);
      a.rearrange(EVEN).blend(b.rearrange(ODD), UPPER_HALF).intoArray(out, into);
    }
  }

  /** {@link #everySecond} for other rows. */
  static void everySecondOfAny(
      int rows, int n, float[] x, int at, int step, float[] out, int to, int outStep) {
    int whole = n / L * L;
    VectorMask<Float> some0 = S.indexInRange(0, 2 * (n - whole) - 1);
    VectorMask<Float> some1 = S.indexInRange(0, 2 * (n - whole) - L);
    VectorMask<Float> some2 = S.indexInRange(0, n - whole);
    for (int i = 0; i < rows; i++) {
      int from = at + i * step;
      int into = to + i * outStep;
      for (int j = 0; j < whole; j += L) {
        FloatVector a = FloatVector.fromArray(S, x, from + 2 * j);
        FloatVector b = FloatVector.fromArray(S, x, from + 2 * j + L - 1);
        a.rearrange(EVEN).blend(b.rearrange(ODD), UPPER_HALF).intoArray(out, into + j);
      }
      if (whole < n) {
        int j = whole;
        FloatVector a = FloatVector.fromArray(S, x, from + 2 * j, some0);
        FloatVector b = FloatVector.fromArray(S, x, from + 2 * j + L - 1, some1);
        a.rearrange(EVEN).blend(b.rearrange(ODD), UPPER_HALF).intoArray(out, into + j, some2);
      }
    }
  }

  /** Elements of two rows in turn, n in all. Rows of x are readable to a whole vector. */
  static void inTurn(
      int rows, int n, float[] x, int at, int at2, int step, float[] out, int to, int outStep) {
    int whole = n / (2 * L) * (2 * L);
    VectorMask<Float> some0 = S.indexInRange(0, n - whole);
    VectorMask<Float> some1 = S.indexInRange(0, n - whole - L);
    for (int i = 0; i < rows; i++) {
      int from = at + i * step;
      int from2 = at2 + i * step;
      int into = to + i * outStep;
      for (int j = 0; j < whole; j += (2 * L)) {
        FloatVector a = FloatVector.fromArray(S, x, from + j / 2);
        FloatVector b = FloatVector.fromArray(S, x, from2 + j / 2);
        a.rearrange(LOWER).blend(b.rearrange(LOWER), ODD_LANES).intoArray(out, into + j);
        a.rearrange(UPPER).blend(b.rearrange(UPPER), ODD_LANES).intoArray(out, into + j + L);
      }
      if (whole < n) {
        int j = whole;
        FloatVector a = FloatVector.fromArray(S, x, from + j / 2);
        FloatVector b = FloatVector.fromArray(S, x, from2 + j / 2);
        a.rearrange(LOWER).blend(b.rearrange(LOWER), ODD_LANES).intoArray(out, into + j, some0);
        a.rearrange(UPPER).blend(b.rearrange(UPPER), ODD_LANES).intoArray(out, into + j + L, some1);
      }
    }
  }

  /** Interleaves rows of two images, of n elements each, half a vector at most. */
  static void pair(
      int rows, int n, float[] x, int at, int at2, int step, float[] out, int to, int outStep) {
    VectorMask<Float> some0 = S.indexInRange(0, n);
    VectorMask<Float> some1 = S.indexInRange(0, 2 * n);
    for (int i = 0; i < rows; i++) {
      int from = at + i * step;
      int from2 = at2 + i * step;
      int into = to + i * outStep;
      FloatVector a = FloatVector.fromArray(S, x, from, some0);
      FloatVector b = FloatVector.fromArray(S, x, from2, some0);
      a.rearrange(LOWER).blend(b.rearrange(LOWER), ODD_LANES).intoArray(out, into, some1);
    }
  }

  /** {@link #pair} with every second element, n of each row. */
  static void pairEverySecond(
      int rows, int n, float[] x, int at, int at2, int step, float[] out, int to, int outStep) {
    VectorMask<Float> some0 = S.indexInRange(0, 2 * n - 1);
    VectorMask<Float> some1 = S.indexInRange(0, 2 * n);
    for (int i = 0; i < rows; i++) {
      int from = at + i * step;
      int from2 = at2 + i * step;
      int into = to + i * outStep;
      FloatVector a = FloatVector.fromArray(S, x, from, some0);
      FloatVector b = FloatVector.fromArray(S, x, from2, some0);
      a.rearrange(EVEN_TWICE).blend(b.rearrange(EVEN_TWICE), ODD_LANES).intoArray(out, into, some1);
    }
  }

  /** The inverse of {@link #pair}; rows of x are readable to a whole vector. */
  static void unpair(
      int rows, int n, float[] x, int at, int step, float[] out, int to, int to2, int outStep) {
    VectorMask<Float> some0 = S.indexInRange(0, n);
    for (int i = 0; i < rows; i++) {
      int from = at + i * step;
      int into = to + i * outStep;
      int into2 = to2 + i * outStep;
      FloatVector a = FloatVector.fromArray(S, x, from);
      a.rearrange(EVEN).intoArray(out, into, some0);
      a.rearrange(ODD).intoArray(out, into2, some0);
    }
  }

  /** The same with elements in turn, odd ones from at2; rows of n elements, a vector at most. */
  static void unpairInTurn(
      int rows,
      int n,
      float[] x,
      int at,
      int at2,
      int step,
      float[] out,
      int to,
      int to2,
      int outStep) {
    VectorMask<Float> some0 = S.indexInRange(0, n);
    for (int i = 0; i < rows; i++) {
      int from = at + i * step;
      int from2 = at2 + i * step;
      int into = to + i * outStep;
      int into2 = to2 + i * outStep;
      FloatVector a = FloatVector.fromArray(S, x, from);
      FloatVector b = FloatVector.fromArray(S, x, from2);
      a.rearrange(EVEN_TWICE).blend(b.rearrange(EVEN_TWICE), ODD_LANES).intoArray(out, into, some0);
      a.rearrange(ODD_TWICE).blend(b.rearrange(ODD_TWICE), ODD_LANES).intoArray(out, into2, some0);
    }
  }
}

package io.hypertape.kernels.convolution;

import io.hypertape.kernels.lanes.LeafLoop;
import io.hypertape.kernels.lanes.VectorCopies;
import io.hypertape.kernels.lanes.VectorRows;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Copies of many short rows of equal length, for which a call of arraycopy each would cost more
 * than the copy; as they are, every second element, or two rows' elements in turn.
 */
@LeafLoop
final class RowCopies {

  private static final VectorSpecies<Float> S = VectorRows.S;
  private static final int L = S.length();

  /** Elements 0, 2, 4 … of a vector in its lower half. */
  private static final VectorShuffle<Float> EVEN = VectorShuffle.iota(S, 0, 2, true);

  /** Elements 1, 3, 5 … of a vector in its lower half; in the upper, too. */
  private static final VectorShuffle<Float> ODD = VectorShuffle.iota(S, 1, 2, true);

  /** Each element of the lower half twice. */
  private static final VectorShuffle<Float> LOWER = VectorShuffle.fromOp(S, lane -> lane / 2);

  /** Each element of the upper half twice. */
  private static final VectorShuffle<Float> UPPER =
      VectorShuffle.fromOp(S, lane -> L / 2 + lane / 2);

  /** Elements 0, 0, 2, 2, 4, 4 … of a vector. */
  private static final VectorShuffle<Float> EVEN_TWICE =
      VectorShuffle.fromOp(S, lane -> lane / 2 * 2);

  /** Elements 1, 1, 3, 3, 5, 5 … of a vector. */
  private static final VectorShuffle<Float> ODD_TWICE =
      VectorShuffle.fromOp(S, lane -> lane / 2 * 2 + 1);

  private static final VectorMask<Float> ODD_LANES = VectorMask.fromLong(S, 0xAAAA_AAAA_AAAA_AAAAL);
  private static final VectorMask<Float> UPPER_HALF = VectorMask.fromLong(S, -1L << (L / 2));

  private RowCopies() {}

  /** out[to + i · outStep + j] = x[at + i · step + j] for rows i and j below n. */
  static void plain(
      int rows, int n, float[] x, int at, int step, float[] out, int to, int outStep) {
    int whole = S.loopBound(n);
    if (whole == n && n <= 2 * L) {
      VectorCopies.rows(rows, n / L, x, at, step, out, to, outStep);
      return;
    }
    if (n < L) {
      narrow(rows, n, x, at, step, out, to, outStep);
      return;
    }
    for (int i = 0; i < rows; i++) {
      int from = at + i * step;
      int into = to + i * outStep;
      for (int j = 0; j < whole; j += L) {
        FloatVector.fromArray(S, x, from + j).intoArray(out, into + j);
      }
      // What remains, with some of what is there already.
      FloatVector.fromArray(S, x, from + n - L).intoArray(out, into + n - L);
    }
  }

  /** The same for rows shorter than a vector. */
  private static void narrow(
      int rows, int n, float[] x, int at, int step, float[] out, int to, int outStep) {
    VectorMask<Float> mask = S.indexInRange(0, n);
    for (int i = 0; i < rows; i++) {
      FloatVector.fromArray(S, x, at + i * step, mask).intoArray(out, to + i * outStep, mask);
    }
  }

  /** out[to + i · outStep + j] = x[at + i · step + 2j] for rows i and j below n. */
  static void everySecond(
      int rows, int n, float[] x, int at, int step, float[] out, int to, int outStep) {
    int whole = S.loopBound(n);
    if (n == L) {
      everySecond(rows, x, at, step, out, to, outStep);
      return;
    }
    int left = 2 * (n - whole) - 1;
    VectorMask<Float> rest = S.indexInRange(whole, n);
    VectorMask<Float> first = S.indexInRange(0, Math.max(0, Math.min(left, L)));
    VectorMask<Float> second = S.indexInRange(0, Math.max(0, left - (L - 1)));
    for (int i = 0; i < rows; i++) {
      int from = at + i * step;
      int into = to + i * outStep;
      for (int j = 0; j < whole; j += L) {
        // The second vector begins one early, since nothing may follow the last element.
        FloatVector lower = FloatVector.fromArray(S, x, from + 2 * j).rearrange(EVEN);
        FloatVector upper = FloatVector.fromArray(S, x, from + 2 * j + L - 1).rearrange(ODD);
        lower.blend(upper, UPPER_HALF).intoArray(out, into + j);
      }
      if (whole < n) {
        int last = from + 2 * whole;
        FloatVector lower = FloatVector.fromArray(S, x, last, first).rearrange(EVEN);
        FloatVector upper = FloatVector.fromArray(S, x, last + L - 1, second).rearrange(ODD);
        lower.blend(upper, UPPER_HALF).intoArray(out, into + whole, rest);
      }
    }
  }

  /** The same for rows of one vector. */
  private static void everySecond(
      int rows, float[] x, int at, int step, float[] out, int to, int outStep) {
    for (int i = 0; i < rows; i++) {
      int from = at + i * step;
      FloatVector lower = FloatVector.fromArray(S, x, from).rearrange(EVEN);
      FloatVector upper = FloatVector.fromArray(S, x, from + L - 1).rearrange(ODD);
      lower.blend(upper, UPPER_HALF).intoArray(out, to + i * outStep);
    }
  }

  /**
   * out[to + i · outStep + 2j] = x[at + i · step + j] and the odd places from x at other, for rows
   * i and 2j, 2j+1 below n. Rows of x are readable to a whole vector.
   */
  static void inTurn(
      int rows, int n, float[] x, int at, int other, int step, float[] out, int to, int outStep) {
    int whole = n / (2 * L) * 2 * L;
    VectorMask<Float> first = S.indexInRange(0, Math.min(L, n - whole));
    VectorMask<Float> second = S.indexInRange(0, Math.max(0, n - whole - L));
    for (int i = 0; i < rows; i++) {
      int from = at + i * step;
      int from2 = other + i * step;
      int into = to + i * outStep;
      for (int j = 0; j < whole; j += 2 * L) {
        FloatVector a = FloatVector.fromArray(S, x, from + j / 2);
        FloatVector b = FloatVector.fromArray(S, x, from2 + j / 2);
        a.rearrange(LOWER).blend(b.rearrange(LOWER), ODD_LANES).intoArray(out, into + j);
        a.rearrange(UPPER).blend(b.rearrange(UPPER), ODD_LANES).intoArray(out, into + j + L);
      }
      if (whole < n) {
        FloatVector a = FloatVector.fromArray(S, x, from + whole / 2);
        FloatVector b = FloatVector.fromArray(S, x, from2 + whole / 2);
        a.rearrange(LOWER).blend(b.rearrange(LOWER), ODD_LANES).intoArray(out, into + whole, first);
        a.rearrange(UPPER)
            .blend(b.rearrange(UPPER), ODD_LANES)
            .intoArray(out, into + whole + L, second);
      }
    }
  }

  /** Whether rows of n elements can be interleaved by vectors. */
  static boolean pairs(int n) {
    return 2 * n <= L;
  }

  /** Interleaves rows of two images, of n elements each, half a vector at most. */
  static void pair(
      int rows, int n, float[] x, int at, int other, int step, float[] out, int to, int outStep) {
    VectorMask<Float> in = S.indexInRange(0, n);
    VectorMask<Float> both = S.indexInRange(0, 2 * n);
    for (int i = 0; i < rows; i++) {
      FloatVector a = FloatVector.fromArray(S, x, at + i * step, in);
      FloatVector b = FloatVector.fromArray(S, x, other + i * step, in);
      a.rearrange(LOWER)
          .blend(b.rearrange(LOWER), ODD_LANES)
          .intoArray(out, to + i * outStep, both);
    }
  }

  /** Interleaves every second element of rows of two images, n of each, half a vector at most. */
  static void pairEverySecond(
      int rows, int n, float[] x, int at, int other, int step, float[] out, int to, int outStep) {
    VectorMask<Float> in = S.indexInRange(0, 2 * n - 1);
    VectorMask<Float> both = S.indexInRange(0, 2 * n);
    for (int i = 0; i < rows; i++) {
      FloatVector a = FloatVector.fromArray(S, x, at + i * step, in);
      FloatVector b = FloatVector.fromArray(S, x, other + i * step, in);
      a.rearrange(EVEN_TWICE)
          .blend(b.rearrange(EVEN_TWICE), ODD_LANES)
          .intoArray(out, to + i * outStep, both);
    }
  }

  /** The inverse of {@link #pair}. */
  static void unpair(
      int rows, int n, float[] x, int at, int step, float[] out, int to, int other, int outStep) {
    VectorMask<Float> mask = S.indexInRange(0, n);
    for (int i = 0; i < rows; i++) {
      FloatVector v = FloatVector.fromArray(S, x, at + i * step);
      v.rearrange(EVEN).intoArray(out, to + i * outStep, mask);
      v.rearrange(ODD).intoArray(out, other + i * outStep, mask);
    }
  }

  /**
   * The inverse of {@link #pairEverySecond} for even and odd elements at once: those of the rows of
   * two images are interleaved at a place and at an odd one. Images' rows have n elements, a vector
   * at most.
   */
  static void unpairInTurn(
      int rows,
      int n,
      float[] x,
      int at,
      int odd,
      int step,
      float[] out,
      int to,
      int other,
      int outStep) {
    VectorMask<Float> mask = S.indexInRange(0, n);
    for (int i = 0; i < rows; i++) {
      FloatVector a = FloatVector.fromArray(S, x, at + i * step);
      FloatVector b = FloatVector.fromArray(S, x, odd + i * step);
      a.rearrange(EVEN_TWICE)
          .blend(b.rearrange(EVEN_TWICE), ODD_LANES)
          .intoArray(out, to + i * outStep, mask);
      a.rearrange(ODD_TWICE)
          .blend(b.rearrange(ODD_TWICE), ODD_LANES)
          .intoArray(out, other + i * outStep, mask);
    }
  }

  /** out[to + i · outStep + j · into] = x[at + i · step + j · from], one by one. */
  static void scattered(
      int rows,
      int n,
      float[] x,
      int at,
      int step,
      int from,
      float[] out,
      int to,
      int outStep,
      int into) {
    for (int i = 0; i < rows; i++) {
      int source = at + i * step;
      int target = to + i * outStep;
      for (int j = 0; j < n; j++) {
        out[target + j * into] = x[source + j * from];
      }
    }
  }
}

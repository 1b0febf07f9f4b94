package io.hypertape.kernels.layers;

import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Ints;
import io.hypertape.kernels.lanes.LeafLoop;
import io.hypertape.kernels.lanes.VectorRows;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Pooling with a lane for each of neighbouring windows, where they lie wholly on the plane and one
 * or two columns apart; {@link ScalarPooling} has the others.
 */
final class VectorPooling {

  private static final VectorSpecies<Float> S = VectorRows.S;
  private static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, S.vectorShape());
  private static final int L = S.length();

  /** Lanes 0, 2, 4 … of a vector, twice. */
  private static final VectorShuffle<Float> EVEN = VectorShuffle.fromOp(S, lane -> 2 * lane % L);

  private static final VectorMask<Float> UPPER_HALF = VectorMask.fromLong(S, -1L << L / 2);

  private static final IntVector COLUMNS_1 = IntVector.zero(I).addIndex(1);
  private static final IntVector COLUMNS_2 = IntVector.zero(I).addIndex(2);

  private VectorPooling() {}

  /** Whether neighbouring windows are so far apart that lanes can have them. */
  static boolean fits(PoolingShape s) {
    return s.strideWidth() <= 2;
  }

  /** Elements that a lane for each of so many windows reads from their first column on. */
  private static int reach(PoolingShape s) {
    return s.windowWidth() - 1 + s.strideWidth() * L;
  }

  /** One element of each window: neighbours, or every second. */
  private static FloatVector column(int stride, float[] x, int at) {
    FloatVector low = FloatVector.fromArray(S, x, at);
    if (stride == 1) {
      return low;
    }
    FloatVector high = FloatVector.fromArray(S, x, at + L);
    return low.rearrange(EVEN).blend(high.rearrange(EVEN), UPPER_HALF);
  }

  static void max(PoolingShape s, int from, int to, Floats x, Floats y, Ints index) {
    for (int plane = from; plane < to; plane++) {
      maxPlane(s, plane, x.array(), x.offset() + plane * s.plane(), y, index);
    }
  }

  private static void maxPlane(
      PoolingShape s, int plane, float[] x, int base, Floats y, Ints index) {
    float[] most = y.array();
    int[] places = index.array();
    int wide = s.outWidth();
    int inner = s.innerFrom();
    int innerTo = s.innerTo();
    for (int p = 0; p < s.outHeight(); p++) {
      int at = plane * s.outPlane() + p * wide;
      int yOff = y.offset() + at;
      int indexOff = index.offset() + at;
      int firstRow = s.firstRow(p);
      int rows = s.endRow(p) - firstRow;
      for (int q = 0; q < wide; ) {
        int lanes = q < inner ? 0 : Math.min(L, innerTo - q);
        int begin = firstRow * s.width() + s.firstColumn(q);
        if (lanes > 1 && base + begin + (rows - 1) * s.width() + reach(s) <= x.length) {
          maxLanes(s, rows, lanes, begin, x, base, most, yOff + q, places, indexOff + q);
          q += lanes;
        } else {
          ScalarPooling.maxWindow(s, p, q, x, base, most, places, yOff + q, indexOff + q);
          q++;
        }
      }
    }
  }

  @LeafLoop
  private static void maxLanes(
      PoolingShape s,
      int rows,
      int lanes,
      int begin,
      float[] x,
      int base,
      float[] y,
      int yOff,
      int[] index,
      int indexOff) {
    int stride = s.strideWidth();
    IntVector places = (stride == 1 ? COLUMNS_1 : COLUMNS_2).add(begin);
    FloatVector most = column(stride, x, base + begin);
    IntVector best = places;
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < s.windowWidth(); column++) {
        int step = row * s.width() + column;
        FloatVector value = column(stride, x, base + begin + step);
        // False for NaN on either side; the first NaN stays.
        VectorMask<Float> more =
            value
                .compare(VectorOperators.LE, most)
                .not()
                .and(most.compare(VectorOperators.EQ, most));
        most = most.blend(value, more);
        best = best.blend(places.add(step), more.cast(I));
      }
    }
    most.intoArray(y, yOff, S.indexInRange(0, lanes));
    best.intoArray(index, indexOff, I.indexInRange(0, lanes));
  }

  static void average(PoolingShape s, int from, int to, Floats in, Floats out) {
    float[] x = in.array();
    float[] y = out.array();
    int wide = s.outWidth();
    for (int plane = from; plane < to; plane++) {
      int base = in.offset() + plane * s.plane();
      for (int p = 0; p < s.outHeight(); p++) {
        int at = out.offset() + plane * s.outPlane() + p * wide;
        int inner = s.innerFrom();
        for (int q = 0; q < wide; ) {
          int lanes = q < inner ? 0 : Math.min(L, s.innerTo() - q);
          int begin = base + s.firstRow(p) * s.width() + s.firstColumn(q);
          int last = base + (s.endRow(p) - 1) * s.width() + s.firstColumn(q);
          if (lanes > 1 && last + reach(s) <= x.length) {
            meanLanes(s, s.endRow(p) - s.firstRow(p), lanes, x, begin, y, at + q);
            q += lanes;
          } else {
            y[at + q] = ScalarPooling.meanWindow(s, p, q, x, base);
            q++;
          }
        }
      }
    }
  }

  private static void meanLanes(
      PoolingShape s, int rows, int lanes, float[] in, int begin, float[] out, int outOff) {
    boolean byRows = s.addsRows();
    FloatVector sum = FloatVector.zero(S);
    FloatVector part = sum;
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < s.windowWidth(); column++) {
        part = part.add(column(s.strideWidth(), in, begin + row * s.width() + column));
      }
      if (byRows) {
        sum = sum.add(part);
        part = FloatVector.zero(S);
      }
    }
    sum = sum.add(part);
    sum.div(s.window()).intoArray(out, outOff, S.indexInRange(0, lanes));
  }

  /** Adds shares of a row of windows, one column apart, to a row of the plane. */
  static void spreadRow(PoolingShape s, float[] in, int inOff, float[] out, int outOff) {
    float share = s.share();
    for (int tap = 0; tap < s.windowWidth(); tap++) {
      int shift = tap - s.padWidth();
      int end = Math.min(s.outWidth(), s.width() - shift);
      for (int q = Math.max(0, -shift); q < end; q += L) {
        VectorMask<Float> rest = S.indexInRange(q, end);
        FloatVector sum = FloatVector.fromArray(S, out, outOff + q + shift, rest);
        FloatVector.fromArray(S, in, inOff + q, rest)
            .mul(share)
            .add(sum)
            .intoArray(out, outOff + q + shift, rest);
      }
    }
  }
}

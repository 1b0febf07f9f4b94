package io.hypertape.kernels.lanes;

import java.util.ArrayList;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** The vector shape of this machine, and sums over it. */
public final class VectorRows {

  public static final VectorSpecies<Float> S =
      VectorSpecies.of(float.class, VectorShape.forBitSize(VectorWidth.BITS));

  private static final int L = S.length();
  private static final VectorShuffle<Float> BY_8 = VectorShuffle.iota(S, 8 % L, 1, true);
  private static final VectorShuffle<Float> BY_4 = VectorShuffle.iota(S, 4 % L, 1, true);
  private static final VectorShuffle<Float> BY_2 = VectorShuffle.iota(S, 2, 1, true);
  private static final VectorShuffle<Float> BY_1 = VectorShuffle.iota(S, 1, 1, true);

  private static final List<VectorMask<Float>> FIRST = masks();

  private VectorRows() {}

  /** A plain loop, and masks from bits: streams and indexInRange take 10 ms more to start. */
  private static List<VectorMask<Float>> masks() {
    List<VectorMask<Float>> masks = new ArrayList<>();
    for (int lanes = 0; lanes <= L; lanes++) {
      masks.add(VectorMask.fromLong(S, (1L << lanes) - 1));
    }
    return List.copyOf(masks);
  }

  /** The first lanes. One object each: a mask that is passed on would be made anew. */
  public static VectorMask<Float> first(int lanes) {
    return FIRST.get(lanes);
  }

  /**
   * The lanes' sum, in one order. {@code reduceLanes} leaves the order open and has two, that of
   * the interpreter and that of compiled code: a run's bits would hang on when it gets compiled.
   */
  public static float sum(FloatVector v) {
    if (L == 16) {
      v = v.add(v.rearrange(BY_8));
    }
    if (L >= 8) {
      v = v.add(v.rearrange(BY_4));
    }
    v = v.add(v.rearrange(BY_2));
    return v.add(v.rearrange(BY_1)).lane(0);
  }

  /**
   * What {@link VirtualVector#sum} is, on vectors.
   *
   * @param lanes where they lie
   * @param at the place of the first of 16
   * @return their sum in single precision
   */
  public static float sum(float[] lanes, int at) {
    FloatVector v = FloatVector.fromArray(S, lanes, at);
    if (L <= 8) {
      v = v.add(FloatVector.fromArray(S, lanes, at + 8));
    }
    if (L <= 4) {
      FloatVector next = FloatVector.fromArray(S, lanes, at + 4);
      v = v.add(next.add(FloatVector.fromArray(S, lanes, at + 12)));
    }
    return sum(v);
  }
}

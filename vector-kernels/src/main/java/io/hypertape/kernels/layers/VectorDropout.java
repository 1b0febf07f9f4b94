package io.hypertape.kernels.layers;

import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.VectorRows;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Masks for dropout from {@link io.hypertape.kernels.lanes.Philox}'s words, a block of four words
 * in each lane of 64 bits.
 */
final class VectorDropout {

  private static final VectorSpecies<Float> S = VectorRows.S;
  private static final VectorSpecies<Long> LONGS = VectorSpecies.of(long.class, S.vectorShape());
  private static final int BLOCKS = LONGS.length();

  /** Numbers that one round of vectors makes. */
  private static final int STEP = 4 * BLOCKS;

  private static final long WORD = 0xFFFFFFFFL;
  private static final long M0 = 0xD2511F53L;
  private static final long M1 = 0xCD9E8D57L;
  private static final int W0 = 0x9E3779B9;
  private static final int W1 = 0xBB67AE85;

  private static final VectorShuffle<Long> LOWER = VectorShuffle.fromOp(LONGS, lane -> lane / 2);
  private static final VectorShuffle<Long> UPPER =
      VectorShuffle.fromOp(LONGS, lane -> (BLOCKS + lane) / 2);
  private static final VectorMask<Long> ODD = VectorMask.fromLong(LONGS, 0xAAL);
  private static final LongVector LANES = LongVector.zero(LONGS).addIndex(1);

  private VectorDropout() {}

  /** Numbers from on of the sequence; from is a multiple of {@link #STEP}. */
  static void mask(double keep, long seed, int stream, int from, int to, Floats out) {
    // The smallest whole number that u·2^24 must stay below.
    int below = (int) Math.ceil(keep * 0x1p24);
    float value = (float) (1 / keep);
    int i = from;
    for (; i <= to - STEP; i += STEP) {
      block(seed, stream, i >> 2, below, value, out.array(), out.offset() + i);
    }
    if (i < to) {
      ScalarDropout.mask(keep, seed, stream, i, to, out);
    }
  }

  private static void block(
      long seed, int stream, int counter, int below, float value, float[] out, int off) {
    LongVector x0 = LANES.add(counter);
    LongVector x1 = LongVector.zero(LONGS);
    LongVector x2 = LongVector.broadcast(LONGS, stream & WORD);
    LongVector x3 = x1;
    int k0 = (int) seed;
    int k1 = (int) (seed >>> 32);
    for (int round = 0; round < 10; round++) {
      LongVector p0 = x0.mul(M0);
      LongVector p1 = x2.mul(M1);
      x0 = p1.lanewise(VectorOperators.LSHR, 32).lanewise(VectorOperators.XOR, x1);
      x0 = x0.lanewise(VectorOperators.XOR, k0 & WORD);
      x2 = p0.lanewise(VectorOperators.LSHR, 32).lanewise(VectorOperators.XOR, x3);
      x2 = x2.lanewise(VectorOperators.XOR, k1 & WORD);
      x1 = p1.and(WORD);
      x3 = p0.and(WORD);
      k0 += W0;
      k1 += W1;
    }
    LongVector first = x0.or(x1.lanewise(VectorOperators.LSHL, 32));
    LongVector second = x2.or(x3.lanewise(VectorOperators.LSHL, 32));
    store(first.rearrange(LOWER).blend(second.rearrange(LOWER), ODD), below, value, out, off);
    store(
        first.rearrange(UPPER).blend(second.rearrange(UPPER), ODD),
        below,
        value,
        out,
        off + S.length());
  }

  private static void store(LongVector words, int below, float value, float[] out, int off) {
    IntVector uniform = words.reinterpretAsInts().lanewise(VectorOperators.LSHR, 8);
    VectorMask<Integer> kept = uniform.compare(VectorOperators.LT, below);
    FloatVector.zero(S).blend(value, kept.cast(S)).intoArray(out, off);
  }
}

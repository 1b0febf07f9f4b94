// Generated, not to be edited: change the generator and run
// java vector-kernels/src/generator/java/io/hypertape/kernels/generator/GenerateBlocks.java
package io.hypertape.kernels.lanes;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Transposes 16 lines of 16 numbers in registers of 512 bits: four rounds, each of which exchanges
 * the off-diagonal halves of all blocks of one size. Unrolled, as the 16 registers must be local
 * variables.
 */
public final class Transposition {

  private static final VectorSpecies<Float> S = FloatVector.SPECIES_512;

  /** Whether this machine has such registers. */
  public static final boolean FITS = VectorWidth.BITS >= 512;

  /** Lines and numbers of a block. */
  public static final int SIZE = 16;

  private static final VectorShuffle<Float> UP_8 = VectorShuffle.iota(S, 16 - 8, 1, true);
  private static final VectorShuffle<Float> DOWN_8 = VectorShuffle.iota(S, 8, 1, true);
  private static final VectorMask<Float> ODD_8 = VectorMask.fromLong(S, 0xFF00L);
  private static final VectorShuffle<Float> UP_4 = VectorShuffle.iota(S, 16 - 4, 1, true);
  private static final VectorShuffle<Float> DOWN_4 = VectorShuffle.iota(S, 4, 1, true);
  private static final VectorMask<Float> ODD_4 = VectorMask.fromLong(S, 0xF0F0L);
  private static final VectorShuffle<Float> UP_2 = VectorShuffle.iota(S, 16 - 2, 1, true);
  private static final VectorShuffle<Float> DOWN_2 = VectorShuffle.iota(S, 2, 1, true);
  private static final VectorMask<Float> ODD_2 = VectorMask.fromLong(S, 0xCCCCL);
  private static final VectorShuffle<Float> UP_1 = VectorShuffle.iota(S, 16 - 1, 1, true);
  private static final VectorShuffle<Float> DOWN_1 = VectorShuffle.iota(S, 1, 1, true);
  private static final VectorMask<Float> ODD_1 = VectorMask.fromLong(S, 0xAAAAL);

  private Transposition() {}

  /** out[p · width + line] = x[line · lineStep + p] for 16 lines and p below 16. */
  public static void block(float[] x, int at, int lineStep, float[] out, int to, int width) {
    FloatVector r0 = FloatVector.fromArray(S, x, at);
    FloatVector r1 = FloatVector.fromArray(S, x, at + lineStep);
    FloatVector r2 = FloatVector.fromArray(S, x, at + 2 * lineStep);
    FloatVector r3 = FloatVector.fromArray(S, x, at + 3 * lineStep);
    FloatVector r4 = FloatVector.fromArray(S, x, at + 4 * lineStep);
    FloatVector r5 = FloatVector.fromArray(S, x, at + 5 * lineStep);
    FloatVector r6 = FloatVector.fromArray(S, x, at + 6 * lineStep);
    FloatVector r7 = FloatVector.fromArray(S, x, at + 7 * lineStep);
    FloatVector r8 = FloatVector.fromArray(S, x, at + 8 * lineStep);
    FloatVector r9 = FloatVector.fromArray(S, x, at + 9 * lineStep);
    FloatVector r10 = FloatVector.fromArray(S, x, at + 10 * lineStep);
    FloatVector r11 = FloatVector.fromArray(S, x, at + 11 * lineStep);
    FloatVector r12 = FloatVector.fromArray(S, x, at + 12 * lineStep);
    FloatVector r13 = FloatVector.fromArray(S, x, at + 13 * lineStep);
    FloatVector r14 = FloatVector.fromArray(S, x, at + 14 * lineStep);
    FloatVector r15 = FloatVector.fromArray(S, x, at + 15 * lineStep);
    FloatVector t;
    t = r0;
    r0 = r0.blend(r8.rearrange(UP_8), ODD_8);
    r8 = t.rearrange(DOWN_8).blend(r8, ODD_8);
    t = r1;
    r1 = r1.blend(r9.rearrange(UP_8), ODD_8);
    r9 = t.rearrange(DOWN_8).blend(r9, ODD_8);
    t = r2;
    r2 = r2.blend(r10.rearrange(UP_8), ODD_8);
    r10 = t.rearrange(DOWN_8).blend(r10, ODD_8);
    t = r3;
    r3 = r3.blend(r11.rearrange(UP_8), ODD_8);
    r11 = t.rearrange(DOWN_8).blend(r11, ODD_8);
    t = r4;
    r4 = r4.blend(r12.rearrange(UP_8), ODD_8);
    r12 = t.rearrange(DOWN_8).blend(r12, ODD_8);
    t = r5;
    r5 = r5.blend(r13.rearrange(UP_8), ODD_8);
    r13 = t.rearrange(DOWN_8).blend(r13, ODD_8);
    t = r6;
    r6 = r6.blend(r14.rearrange(UP_8), ODD_8);
    r14 = t.rearrange(DOWN_8).blend(r14, ODD_8);
    t = r7;
    r7 = r7.blend(r15.rearrange(UP_8), ODD_8);
    r15 = t.rearrange(DOWN_8).blend(r15, ODD_8);
    t = r0;
    r0 = r0.blend(r4.rearrange(UP_4), ODD_4);
    r4 = t.rearrange(DOWN_4).blend(r4, ODD_4);
    t = r1;
    r1 = r1.blend(r5.rearrange(UP_4), ODD_4);
    r5 = t.rearrange(DOWN_4).blend(r5, ODD_4);
    t = r2;
    r2 = r2.blend(r6.rearrange(UP_4), ODD_4);
    r6 = t.rearrange(DOWN_4).blend(r6, ODD_4);
    t = r3;
    r3 = r3.blend(r7.rearrange(UP_4), ODD_4);
    r7 = t.rearrange(DOWN_4).blend(r7, ODD_4);
    t = r8;
    r8 = r8.blend(r12.rearrange(UP_4), ODD_4);
    r12 = t.rearrange(DOWN_4).blend(r12, ODD_4);
    t = r9;
    r9 = r9.blend(r13.rearrange(UP_4), ODD_4);
    r13 = t.rearrange(DOWN_4).blend(r13, ODD_4);
    t = r10;
    r10 = r10.blend(r14.rearrange(UP_4), ODD_4);
    r14 = t.rearrange(DOWN_4).blend(r14, ODD_4);
    t = r11;
    r11 = r11.blend(r15.rearrange(UP_4), ODD_4);
    r15 = t.rearrange(DOWN_4).blend(r15, ODD_4);
    t = r0;
    r0 = r0.blend(r2.rearrange(UP_2), ODD_2);
    r2 = t.rearrange(DOWN_2).blend(r2, ODD_2);
    t = r1;
    r1 = r1.blend(r3.rearrange(UP_2), ODD_2);
    r3 = t.rearrange(DOWN_2).blend(r3, ODD_2);
    t = r4;
    r4 = r4.blend(r6.rearrange(UP_2), ODD_2);
    r6 = t.rearrange(DOWN_2).blend(r6, ODD_2);
    t = r5;
    r5 = r5.blend(r7.rearrange(UP_2), ODD_2);
    r7 = t.rearrange(DOWN_2).blend(r7, ODD_2);
    t = r8;
    r8 = r8.blend(r10.rearrange(UP_2), ODD_2);
    r10 = t.rearrange(DOWN_2).blend(r10, ODD_2);
    t = r9;
    r9 = r9.blend(r11.rearrange(UP_2), ODD_2);
    r11 = t.rearrange(DOWN_2).blend(r11, ODD_2);
    t = r12;
    r12 = r12.blend(r14.rearrange(UP_2), ODD_2);
    r14 = t.rearrange(DOWN_2).blend(r14, ODD_2);
    t = r13;
    r13 = r13.blend(r15.rearrange(UP_2), ODD_2);
    r15 = t.rearrange(DOWN_2).blend(r15, ODD_2);
    t = r0;
    r0 = r0.blend(r1.rearrange(UP_1), ODD_1);
    r1 = t.rearrange(DOWN_1).blend(r1, ODD_1);
    t = r2;
    r2 = r2.blend(r3.rearrange(UP_1), ODD_1);
    r3 = t.rearrange(DOWN_1).blend(r3, ODD_1);
    t = r4;
    r4 = r4.blend(r5.rearrange(UP_1), ODD_1);
    r5 = t.rearrange(DOWN_1).blend(r5, ODD_1);
    t = r6;
    r6 = r6.blend(r7.rearrange(UP_1), ODD_1);
    r7 = t.rearrange(DOWN_1).blend(r7, ODD_1);
    t = r8;
    r8 = r8.blend(r9.rearrange(UP_1), ODD_1);
    r9 = t.rearrange(DOWN_1).blend(r9, ODD_1);
    t = r10;
    r10 = r10.blend(r11.rearrange(UP_1), ODD_1);
    r11 = t.rearrange(DOWN_1).blend(r11, ODD_1);
    t = r12;
    r12 = r12.blend(r13.rearrange(UP_1), ODD_1);
    r13 = t.rearrange(DOWN_1).blend(r13, ODD_1);
    t = r14;
    r14 = r14.blend(r15.rearrange(UP_1), ODD_1);
    r15 = t.rearrange(DOWN_1).blend(r15, ODD_1);
    r0.intoArray(out, to);
    r1.intoArray(out, to + width);
    r2.intoArray(out, to + 2 * width);
    r3.intoArray(out, to + 3 * width);
    r4.intoArray(out, to + 4 * width);
    r5.intoArray(out, to + 5 * width);
    r6.intoArray(out, to + 6 * width);
    r7.intoArray(out, to + 7 * width);
    r8.intoArray(out, to + 8 * width);
    r9.intoArray(out, to + 9 * width);
    r10.intoArray(out, to + 10 * width);
    r11.intoArray(out, to + 11 * width);
    r12.intoArray(out, to + 12 * width);
    r13.intoArray(out, to + 13 * width);
    r14.intoArray(out, to + 14 * width);
    r15.intoArray(out, to + 15 * width);
  }
}

// Generated, not to be edited: change the generator and run
// java vector-kernels/src/generator/java/io/hypertape/kernels/generator/GenerateBlocks.java
package io.hypertape.kernels.gemm;

import io.hypertape.kernels.lanes.LeafLoop;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Blocks of inner products in registers of 512 bits: a half runs along k, eight elements of a
 * column of b beside the same of another column, so that no lane is idle. At the end rounds of
 * additions bring the sums of halves' lanes together, in the same order for every element.
 *
 * <p>Row r of a is at {@code aOff + r · aRow}; b is packed, see {@link VectorDots}; k is a multiple
 * of 8. Where fewer rows count than a block has, the last is computed several times. Unrolled as in
 * {@link PackedBlocks}; the rounds are too, as C2 takes in no more methods of ours once there are
 * that many operations.
 */
@LeafLoop
final class DotBlocks {

  private static final VectorSpecies<Float> S = FloatVector.SPECIES_512;
  private static final VectorSpecies<Float> FOUR = FloatVector.SPECIES_128;
  private static final VectorSpecies<Float> EIGHT = FloatVector.SPECIES_256;
  private static final int L = S.length();

  /** Elements of a column in a vector. */
  static final int HALF = EIGHT.length();

  private static final VectorShuffle<Float> TWICE = VectorShuffle.fromOp(S, i -> i & 7);
  private static final VectorShuffle<Float> SWAP_4 = VectorShuffle.fromOp(S, i -> i ^ 4);
  private static final VectorMask<Float> ODD_4 = VectorMask.fromLong(S, 0xF0F0L);
  private static final VectorShuffle<Float> SWAP_2 = VectorShuffle.fromOp(S, i -> i ^ 2);
  private static final VectorMask<Float> ODD_2 = VectorMask.fromLong(S, 0xCCCCL);
  private static final VectorShuffle<Float> SWAP_1 = VectorShuffle.fromOp(S, i -> i ^ 1);
  private static final VectorMask<Float> ODD_1 = VectorMask.fromLong(S, 0xAAAAL);
  private static final VectorShuffle<Float> FROM_4 = VectorShuffle.iota(S, 4, 1, true);
  private static final VectorShuffle<Float> FROM_8 = VectorShuffle.iota(S, 8, 1, true);
  private static final VectorShuffle<Float> FROM_12 = VectorShuffle.iota(S, 12, 1, true);

  private DotBlocks() {}

  /** c[rows, columns] (+)= a·b. */
  static void block(
      int columns,
      int rows,
      int kc,
      float[] a,
      int aOff,
      int aRow,
      float[] b,
      float[] c,
      int cOff,
      int cRow,
      boolean add) {
    switch (columns) {
      case 10 -> rows4x10(rows, kc, a, aOff, aRow, b, c, cOff, cRow, add);
      case 8 -> rows4x8(rows, kc, a, aOff, aRow, b, c, cOff, cRow, add);
      default -> throw new IllegalArgumentException("no block of " + columns + " columns");
    }
  }

  /** 4 rows by 10 columns. */
  static void rows4x10(
      int rows,
      int kc,
      float[] a,
      int aOff,
      int aRow,
      float[] b,
      float[] c,
      int cOff,
      int cRow,
      boolean add) {
    FloatVector s0a = FloatVector.zero(S);
    FloatVector s0b = s0a;
    FloatVector s0c = s0a;
    FloatVector s0d = s0a;
    FloatVector s0e = s0a;
    FloatVector s1a = s0a;
    FloatVector s1b = s0a;
    FloatVector s1c = s0a;
    FloatVector s1d = s0a;
    FloatVector s1e = s0a;
    FloatVector s2a = s0a;
    FloatVector s2b = s0a;
    FloatVector s2c = s0a;
    FloatVector s2d = s0a;
    FloatVector s2e = s0a;
    FloatVector s3a = s0a;
    FloatVector s3b = s0a;
    FloatVector s3c = s0a;
    FloatVector s3d = s0a;
    FloatVector s3e = s0a;
    int last = rows - 1;
    int a1 = aOff + Math.min(1, last) * aRow;
    int a2 = aOff + Math.min(2, last) * aRow;
    int a3 = aOff + Math.min(3, last) * aRow;
    for (int p = 0; p < kc; p += HALF) {
      int at = p * 10;
      FloatVector va = FloatVector.fromArray(S, b, at);
      FloatVector vb = FloatVector.fromArray(S, b, at + L);
      FloatVector vc = FloatVector.fromArray(S, b, at + 2 * L);
      FloatVector vd = FloatVector.fromArray(S, b, at + 3 * L);
      FloatVector ve = FloatVector.fromArray(S, b, at + 4 * L);
      FloatVector x;
      x =
          FloatVector.fromArray(EIGHT, a, aOff + p)
              .reinterpretShape(S, 0)
              .reinterpretAsFloats()
              .rearrange(TWICE);
      s0a = x.fma(va, s0a);
      s0b = x.fma(vb, s0b);
      s0c = x.fma(vc, s0c);
      s0d = x.fma(vd, s0d);
      s0e = x.fma(ve, s0e);
      x =
          FloatVector.fromArray(EIGHT, a, a1 + p)
              .reinterpretShape(S, 0)
              .reinterpretAsFloats()
              .rearrange(TWICE);
      s1a = x.fma(va, s1a);
      s1b = x.fma(vb, s1b);
      s1c = x.fma(vc, s1c);
      s1d = x.fma(vd, s1d);
      s1e = x.fma(ve, s1e);
      x =
          FloatVector.fromArray(EIGHT, a, a2 + p)
              .reinterpretShape(S, 0)
              .reinterpretAsFloats()
              .rearrange(TWICE);
      s2a = x.fma(va, s2a);
      s2b = x.fma(vb, s2b);
      s2c = x.fma(vc, s2c);
      s2d = x.fma(vd, s2d);
      s2e = x.fma(ve, s2e);
      x =
          FloatVector.fromArray(EIGHT, a, a3 + p)
              .reinterpretShape(S, 0)
              .reinterpretAsFloats()
              .rearrange(TWICE);
      s3a = x.fma(va, s3a);
      s3b = x.fma(vb, s3b);
      s3c = x.fma(vc, s3c);
      s3d = x.fma(vd, s3d);
      s3e = x.fma(ve, s3e);
    }
    s0a = s0a.blend(s1a, ODD_4).add(s1a.blend(s0a, ODD_4).rearrange(SWAP_4));
    s0b = s0b.blend(s1b, ODD_4).add(s1b.blend(s0b, ODD_4).rearrange(SWAP_4));
    s0c = s0c.blend(s1c, ODD_4).add(s1c.blend(s0c, ODD_4).rearrange(SWAP_4));
    s0d = s0d.blend(s1d, ODD_4).add(s1d.blend(s0d, ODD_4).rearrange(SWAP_4));
    s0a = s0a.blend(s0c, ODD_2).add(s0c.blend(s0a, ODD_2).rearrange(SWAP_2));
    s0b = s0b.blend(s0d, ODD_2).add(s0d.blend(s0b, ODD_2).rearrange(SWAP_2));
    s0a = s0a.blend(s0b, ODD_1).add(s0b.blend(s0a, ODD_1).rearrange(SWAP_1));
    s2a = s2a.blend(s3a, ODD_4).add(s3a.blend(s2a, ODD_4).rearrange(SWAP_4));
    s2b = s2b.blend(s3b, ODD_4).add(s3b.blend(s2b, ODD_4).rearrange(SWAP_4));
    s2c = s2c.blend(s3c, ODD_4).add(s3c.blend(s2c, ODD_4).rearrange(SWAP_4));
    s2d = s2d.blend(s3d, ODD_4).add(s3d.blend(s2d, ODD_4).rearrange(SWAP_4));
    s2a = s2a.blend(s2c, ODD_2).add(s2c.blend(s2a, ODD_2).rearrange(SWAP_2));
    s2b = s2b.blend(s2d, ODD_2).add(s2d.blend(s2b, ODD_2).rearrange(SWAP_2));
    s2a = s2a.blend(s2b, ODD_1).add(s2b.blend(s2a, ODD_1).rearrange(SWAP_1));
    s0e = s0e.blend(s2e, ODD_4).add(s2e.blend(s0e, ODD_4).rearrange(SWAP_4));
    s1e = s1e.blend(s3e, ODD_4).add(s3e.blend(s1e, ODD_4).rearrange(SWAP_4));
    s0e = s0e.blend(s1e, ODD_2).add(s1e.blend(s0e, ODD_2).rearrange(SWAP_2));
    s0e = s0e.add(s0e.rearrange(SWAP_1));
    FloatVector x0 = (FloatVector) s0a.reinterpretShape(FOUR, 0);
    FloatVector y0 = (FloatVector) s0a.rearrange(FROM_8).reinterpretShape(FOUR, 0);
    FloatVector x1 = (FloatVector) s0a.rearrange(FROM_4).reinterpretShape(FOUR, 0);
    FloatVector y1 = (FloatVector) s0a.rearrange(FROM_12).reinterpretShape(FOUR, 0);
    FloatVector x2 = (FloatVector) s2a.reinterpretShape(FOUR, 0);
    FloatVector y2 = (FloatVector) s2a.rearrange(FROM_8).reinterpretShape(FOUR, 0);
    FloatVector x3 = (FloatVector) s2a.rearrange(FROM_4).reinterpretShape(FOUR, 0);
    FloatVector y3 = (FloatVector) s2a.rearrange(FROM_12).reinterpretShape(FOUR, 0);
    float e0 = s0e.lane(0);
    float f0 = s0e.lane(8);
    float e1 = s0e.lane(2);
    float f1 = s0e.lane(10);
    float e2 = s0e.lane(4);
    float f2 = s0e.lane(12);
    float e3 = s0e.lane(6);
    float f3 = s0e.lane(14);
    int to1 = cOff + Math.min(1, last) * cRow;
    int to2 = cOff + Math.min(2, last) * cRow;
    int to3 = cOff + Math.min(3, last) * cRow;
    if (add) {
      x0 = x0.add(FloatVector.fromArray(FOUR, c, cOff));
      e0 += c[cOff + 4];
      y0 = y0.add(FloatVector.fromArray(FOUR, c, cOff + 5));
      f0 += c[cOff + 9];
      x1 = x1.add(FloatVector.fromArray(FOUR, c, to1));
      e1 += c[to1 + 4];
      y1 = y1.add(FloatVector.fromArray(FOUR, c, to1 + 5));
      f1 += c[to1 + 9];
      x2 = x2.add(FloatVector.fromArray(FOUR, c, to2));
      e2 += c[to2 + 4];
      y2 = y2.add(FloatVector.fromArray(FOUR, c, to2 + 5));
      f2 += c[to2 + 9];
      x3 = x3.add(FloatVector.fromArray(FOUR, c, to3));
      e3 += c[to3 + 4];
      y3 = y3.add(FloatVector.fromArray(FOUR, c, to3 + 5));
      f3 += c[to3 + 9];
    }
    x3.intoArray(c, to3);
    c[to3 + 4] = e3;
    y3.intoArray(c, to3 + 5);
    c[to3 + 9] = f3;
    x2.intoArray(c, to2);
    c[to2 + 4] = e2;
    y2.intoArray(c, to2 + 5);
    c[to2 + 9] = f2;
    x1.intoArray(c, to1);
    c[to1 + 4] = e1;
    y1.intoArray(c, to1 + 5);
    c[to1 + 9] = f1;
    x0.intoArray(c, cOff);
    c[cOff + 4] = e0;
    y0.intoArray(c, cOff + 5);
    c[cOff + 9] = f0;
  }

  /** 4 rows by 8 columns. */
  static void rows4x8(
      int rows,
      int kc,
      float[] a,
      int aOff,
      int aRow,
      float[] b,
      float[] c,
      int cOff,
      int cRow,
      boolean add) {
    FloatVector s0a = FloatVector.zero(S);
    FloatVector s0b = s0a;
    FloatVector s0c = s0a;
    FloatVector s0d = s0a;
    FloatVector s1a = s0a;
    FloatVector s1b = s0a;
    FloatVector s1c = s0a;
    FloatVector s1d = s0a;
    FloatVector s2a = s0a;
    FloatVector s2b = s0a;
    FloatVector s2c = s0a;
    FloatVector s2d = s0a;
    FloatVector s3a = s0a;
    FloatVector s3b = s0a;
    FloatVector s3c = s0a;
    FloatVector s3d = s0a;
    int last = rows - 1;
    int a1 = aOff + Math.min(1, last) * aRow;
    int a2 = aOff + Math.min(2, last) * aRow;
    int a3 = aOff + Math.min(3, last) * aRow;
    for (int p = 0; p < kc; p += HALF) {
      int at = p * 8;
      FloatVector va = FloatVector.fromArray(S, b, at);
      FloatVector vb = FloatVector.fromArray(S, b, at + L);
      FloatVector vc = FloatVector.fromArray(S, b, at + 2 * L);
      FloatVector vd = FloatVector.fromArray(S, b, at + 3 * L);
      FloatVector x;
      x =
          FloatVector.fromArray(EIGHT, a, aOff + p)
              .reinterpretShape(S, 0)
              .reinterpretAsFloats()
              .rearrange(TWICE);
      s0a = x.fma(va, s0a);
      s0b = x.fma(vb, s0b);
      s0c = x.fma(vc, s0c);
      s0d = x.fma(vd, s0d);
      x =
          FloatVector.fromArray(EIGHT, a, a1 + p)
              .reinterpretShape(S, 0)
              .reinterpretAsFloats()
              .rearrange(TWICE);
      s1a = x.fma(va, s1a);
      s1b = x.fma(vb, s1b);
      s1c = x.fma(vc, s1c);
      s1d = x.fma(vd, s1d);
      x =
          FloatVector.fromArray(EIGHT, a, a2 + p)
              .reinterpretShape(S, 0)
              .reinterpretAsFloats()
              .rearrange(TWICE);
      s2a = x.fma(va, s2a);
      s2b = x.fma(vb, s2b);
      s2c = x.fma(vc, s2c);
      s2d = x.fma(vd, s2d);
      x =
          FloatVector.fromArray(EIGHT, a, a3 + p)
              .reinterpretShape(S, 0)
              .reinterpretAsFloats()
              .rearrange(TWICE);
      s3a = x.fma(va, s3a);
      s3b = x.fma(vb, s3b);
      s3c = x.fma(vc, s3c);
      s3d = x.fma(vd, s3d);
    }
    s0a = s0a.blend(s1a, ODD_4).add(s1a.blend(s0a, ODD_4).rearrange(SWAP_4));
    s0b = s0b.blend(s1b, ODD_4).add(s1b.blend(s0b, ODD_4).rearrange(SWAP_4));
    s0c = s0c.blend(s1c, ODD_4).add(s1c.blend(s0c, ODD_4).rearrange(SWAP_4));
    s0d = s0d.blend(s1d, ODD_4).add(s1d.blend(s0d, ODD_4).rearrange(SWAP_4));
    s0a = s0a.blend(s0c, ODD_2).add(s0c.blend(s0a, ODD_2).rearrange(SWAP_2));
    s0b = s0b.blend(s0d, ODD_2).add(s0d.blend(s0b, ODD_2).rearrange(SWAP_2));
    s0a = s0a.blend(s0b, ODD_1).add(s0b.blend(s0a, ODD_1).rearrange(SWAP_1));
    s2a = s2a.blend(s3a, ODD_4).add(s3a.blend(s2a, ODD_4).rearrange(SWAP_4));
    s2b = s2b.blend(s3b, ODD_4).add(s3b.blend(s2b, ODD_4).rearrange(SWAP_4));
    s2c = s2c.blend(s3c, ODD_4).add(s3c.blend(s2c, ODD_4).rearrange(SWAP_4));
    s2d = s2d.blend(s3d, ODD_4).add(s3d.blend(s2d, ODD_4).rearrange(SWAP_4));
    s2a = s2a.blend(s2c, ODD_2).add(s2c.blend(s2a, ODD_2).rearrange(SWAP_2));
    s2b = s2b.blend(s2d, ODD_2).add(s2d.blend(s2b, ODD_2).rearrange(SWAP_2));
    s2a = s2a.blend(s2b, ODD_1).add(s2b.blend(s2a, ODD_1).rearrange(SWAP_1));
    FloatVector x0 = (FloatVector) s0a.reinterpretShape(FOUR, 0);
    FloatVector y0 = (FloatVector) s0a.rearrange(FROM_8).reinterpretShape(FOUR, 0);
    FloatVector x1 = (FloatVector) s0a.rearrange(FROM_4).reinterpretShape(FOUR, 0);
    FloatVector y1 = (FloatVector) s0a.rearrange(FROM_12).reinterpretShape(FOUR, 0);
    FloatVector x2 = (FloatVector) s2a.reinterpretShape(FOUR, 0);
    FloatVector y2 = (FloatVector) s2a.rearrange(FROM_8).reinterpretShape(FOUR, 0);
    FloatVector x3 = (FloatVector) s2a.rearrange(FROM_4).reinterpretShape(FOUR, 0);
    FloatVector y3 = (FloatVector) s2a.rearrange(FROM_12).reinterpretShape(FOUR, 0);
    int to1 = cOff + Math.min(1, last) * cRow;
    int to2 = cOff + Math.min(2, last) * cRow;
    int to3 = cOff + Math.min(3, last) * cRow;
    if (add) {
      x0 = x0.add(FloatVector.fromArray(FOUR, c, cOff));
      y0 = y0.add(FloatVector.fromArray(FOUR, c, cOff + 4));
      x1 = x1.add(FloatVector.fromArray(FOUR, c, to1));
      y1 = y1.add(FloatVector.fromArray(FOUR, c, to1 + 4));
      x2 = x2.add(FloatVector.fromArray(FOUR, c, to2));
      y2 = y2.add(FloatVector.fromArray(FOUR, c, to2 + 4));
      x3 = x3.add(FloatVector.fromArray(FOUR, c, to3));
      y3 = y3.add(FloatVector.fromArray(FOUR, c, to3 + 4));
    }
    x3.intoArray(c, to3);
    y3.intoArray(c, to3 + 4);
    x2.intoArray(c, to2);
    y2.intoArray(c, to2 + 4);
    x1.intoArray(c, to1);
    y1.intoArray(c, to1 + 4);
    x0.intoArray(c, cOff);
    y0.intoArray(c, cOff + 4);
  }
}

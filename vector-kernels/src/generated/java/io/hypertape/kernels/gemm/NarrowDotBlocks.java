// Generated, not to be edited: change the generator and run
// java vector-kernels/src/generator/java/io/hypertape/kernels/generator/GenerateBlocks.java
package io.hypertape.kernels.gemm;

import io.hypertape.kernels.lanes.LeafLoop;
import io.hypertape.kernels.lanes.VectorRows;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link DotBlocks} for registers of 256 or 128 bits, from the same panels: two rows by half of the
 * columns at a time, or one. Eight sums of an inner product are one register, or two, whose first
 * addition is that of the sums four apart.
 */
@LeafLoop
final class NarrowDotBlocks {

  private static final VectorSpecies<Float> S = VectorRows.S;
  private static final VectorSpecies<Float> FOUR = FloatVector.SPECIES_128;
  private static final int L = S.length();

  private static final VectorShuffle<Float> SWAP_4 = VectorShuffle.fromOp(S, i -> i ^ 4 & L - 1);
  private static final VectorMask<Float> ODD_4 = VectorMask.fromLong(S, 0xF0F0L);
  private static final VectorShuffle<Float> SWAP_2 = VectorShuffle.fromOp(S, i -> i ^ 2);
  private static final VectorMask<Float> ODD_2 = VectorMask.fromLong(S, 0xCCCCL);
  private static final VectorShuffle<Float> SWAP_1 = VectorShuffle.fromOp(S, i -> i ^ 1);
  private static final VectorMask<Float> ODD_1 = VectorMask.fromLong(S, 0xAAAAL);

  private NarrowDotBlocks() {}

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
    for (int i = 0; i < rows; i += 2) {
      int left = aOff + i * aRow;
      int to = cOff + i * cRow;
      int some = Math.min(2, rows - i);
      int right = to + columns / 2;
      switch (columns + L) {
        case 10 + 8 -> {
          row1x10of8(kc, a, left, b, c, to, add);
          if (some > 1) {
            row1x10of8(kc, a, left + aRow, b, c, to + cRow, add);
          }
        }
        case 8 + 8 -> {
          rows2x4of8(some, kc, a, left, aRow, b, 0, c, to, cRow, add);
          rows2x4of8(some, kc, a, left, aRow, b, 8, c, right, cRow, add);
        }
        case 10 + 4 -> {
          rows2x5of4(some, kc, a, left, aRow, b, 0, c, to, cRow, add);
          rows2x5of4(some, kc, a, left, aRow, b, 8, c, right, cRow, add);
        }
        case 8 + 4 -> {
          rows2x4of4(some, kc, a, left, aRow, b, 0, c, to, cRow, add);
          rows2x4of4(some, kc, a, left, aRow, b, 8, c, right, cRow, add);
        }
        default -> throw new IllegalArgumentException("no block of " + columns + " columns");
      }
    }
  }

  /** 1 row by 10 columns, 8 lanes. */
  static void row1x10of8(int kc, float[] a, int aOff, float[] b, float[] c, int cOff, boolean add) {
    FloatVector sa = FloatVector.zero(S);
    FloatVector sb = sa;
    FloatVector sc = sa;
    FloatVector sd = sa;
    FloatVector se = sa;
    FloatVector sA = sa;
    FloatVector sB = sa;
    FloatVector sC = sa;
    FloatVector sD = sa;
    FloatVector sE = sa;
    for (int p = 0; p < kc; p += 8) {
      int at = p * 10;
      FloatVector x = FloatVector.fromArray(S, a, aOff + p);
      sa = x.fma(FloatVector.fromArray(S, b, at), sa);
      sb = x.fma(FloatVector.fromArray(S, b, at + 16), sb);
      sc = x.fma(FloatVector.fromArray(S, b, at + 32), sc);
      sd = x.fma(FloatVector.fromArray(S, b, at + 48), sd);
      se = x.fma(FloatVector.fromArray(S, b, at + 64), se);
      sA = x.fma(FloatVector.fromArray(S, b, at + 8), sA);
      sB = x.fma(FloatVector.fromArray(S, b, at + 24), sB);
      sC = x.fma(FloatVector.fromArray(S, b, at + 40), sC);
      sD = x.fma(FloatVector.fromArray(S, b, at + 56), sD);
      sE = x.fma(FloatVector.fromArray(S, b, at + 72), sE);
    }
    sa = sa.blend(sA, ODD_4).add(sA.blend(sa, ODD_4).rearrange(SWAP_4));
    sb = sb.blend(sB, ODD_4).add(sB.blend(sb, ODD_4).rearrange(SWAP_4));
    sc = sc.blend(sC, ODD_4).add(sC.blend(sc, ODD_4).rearrange(SWAP_4));
    sd = sd.blend(sD, ODD_4).add(sD.blend(sd, ODD_4).rearrange(SWAP_4));
    se = se.blend(sE, ODD_4).add(sE.blend(se, ODD_4).rearrange(SWAP_4));
    sa = sa.blend(sc, ODD_2).add(sc.blend(sa, ODD_2).rearrange(SWAP_2));
    sb = sb.blend(sd, ODD_2).add(sd.blend(sb, ODD_2).rearrange(SWAP_2));
    sa = sa.blend(sb, ODD_1).add(sb.blend(sa, ODD_1).rearrange(SWAP_1));
    se = se.add(se.rearrange(SWAP_2));
    se = se.add(se.rearrange(SWAP_1));
    FloatVector x = sa;
    FloatVector y = sa.rearrange(SWAP_4);
    int to = cOff + 5;
    FloatVector first = (FloatVector) x.reinterpretShape(FOUR, 0);
    FloatVector second = (FloatVector) y.reinterpretShape(FOUR, 0);
    float e = se.lane(0);
    float f = se.lane(4);
    if (add) {
      first = first.add(FloatVector.fromArray(FOUR, c, cOff));
      second = second.add(FloatVector.fromArray(FOUR, c, to));
      e += c[cOff + 4];
      f += c[to + 4];
    }
    second.intoArray(c, to);
    c[to + 4] = f;
    c[cOff + 4] = e;
    first.intoArray(c, cOff);
  }

  /** 2 rows by 4 columns, 8 lanes. */
  static void rows2x4of8(
      int rows,
      int kc,
      float[] a,
      int aOff,
      int aRow,
      float[] b,
      int bOff,
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
    int a1 = aOff + (rows - 1) * aRow;
    FloatVector x;
    FloatVector y;
    FloatVector v;
    int at;
    int p = 0;
    for (; p <= kc - 16; p += 16) {
      at = bOff + p * 8;
      x = FloatVector.fromArray(S, a, aOff + p);
      y = FloatVector.fromArray(S, a, a1 + p);
      v = FloatVector.fromArray(S, b, at);
      s0a = x.fma(v, s0a);
      s1a = y.fma(v, s1a);
      v = FloatVector.fromArray(S, b, at + 16);
      s0b = x.fma(v, s0b);
      s1b = y.fma(v, s1b);
      v = FloatVector.fromArray(S, b, at + 32);
      s0c = x.fma(v, s0c);
      s1c = y.fma(v, s1c);
      v = FloatVector.fromArray(S, b, at + 48);
      s0d = x.fma(v, s0d);
      s1d = y.fma(v, s1d);
      at = bOff + p * 8;
      x = FloatVector.fromArray(S, a, aOff + p + 8);
      y = FloatVector.fromArray(S, a, a1 + p + 8);
      v = FloatVector.fromArray(S, b, at + 64);
      s0a = x.fma(v, s0a);
      s1a = y.fma(v, s1a);
      v = FloatVector.fromArray(S, b, at + 80);
      s0b = x.fma(v, s0b);
      s1b = y.fma(v, s1b);
      v = FloatVector.fromArray(S, b, at + 96);
      s0c = x.fma(v, s0c);
      s1c = y.fma(v, s1c);
      v = FloatVector.fromArray(S, b, at + 112);
      s0d = x.fma(v, s0d);
      s1d = y.fma(v, s1d);
    }
    if (p < kc) {
      at = bOff + p * 8;
      x = FloatVector.fromArray(S, a, aOff + p);
      y = FloatVector.fromArray(S, a, a1 + p);
      v = FloatVector.fromArray(S, b, at);
      s0a = x.fma(v, s0a);
      s1a = y.fma(v, s1a);
      v = FloatVector.fromArray(S, b, at + 16);
      s0b = x.fma(v, s0b);
      s1b = y.fma(v, s1b);
      v = FloatVector.fromArray(S, b, at + 32);
      s0c = x.fma(v, s0c);
      s1c = y.fma(v, s1c);
      v = FloatVector.fromArray(S, b, at + 48);
      s0d = x.fma(v, s0d);
      s1d = y.fma(v, s1d);
    }
    s0a = s0a.blend(s1a, ODD_4).add(s1a.blend(s0a, ODD_4).rearrange(SWAP_4));
    s0b = s0b.blend(s1b, ODD_4).add(s1b.blend(s0b, ODD_4).rearrange(SWAP_4));
    s0c = s0c.blend(s1c, ODD_4).add(s1c.blend(s0c, ODD_4).rearrange(SWAP_4));
    s0d = s0d.blend(s1d, ODD_4).add(s1d.blend(s0d, ODD_4).rearrange(SWAP_4));
    s0a = s0a.blend(s0c, ODD_2).add(s0c.blend(s0a, ODD_2).rearrange(SWAP_2));
    s0b = s0b.blend(s0d, ODD_2).add(s0d.blend(s0b, ODD_2).rearrange(SWAP_2));
    s0a = s0a.blend(s0b, ODD_1).add(s0b.blend(s0a, ODD_1).rearrange(SWAP_1));
    x = s0a;
    y = s0a.rearrange(SWAP_4);
    int to = cOff + (rows - 1) * cRow;
    FloatVector first = (FloatVector) x.reinterpretShape(FOUR, 0);
    FloatVector second = (FloatVector) y.reinterpretShape(FOUR, 0);
    if (add) {
      first = first.add(FloatVector.fromArray(FOUR, c, cOff));
      second = second.add(FloatVector.fromArray(FOUR, c, to));
    }
    second.intoArray(c, to);
    first.intoArray(c, cOff);
  }

  /** 2 rows by 5 columns, 4 lanes. */
  static void rows2x5of4(
      int rows,
      int kc,
      float[] a,
      int aOff,
      int aRow,
      float[] b,
      int bOff,
      float[] c,
      int cOff,
      int cRow,
      boolean add) {
    FloatVector s0al = FloatVector.zero(S);
    FloatVector s0ar = s0al;
    FloatVector s0bl = s0al;
    FloatVector s0br = s0al;
    FloatVector s0cl = s0al;
    FloatVector s0cr = s0al;
    FloatVector s0dl = s0al;
    FloatVector s0dr = s0al;
    FloatVector s0el = s0al;
    FloatVector s0er = s0al;
    FloatVector s1al = s0al;
    FloatVector s1ar = s0al;
    FloatVector s1bl = s0al;
    FloatVector s1br = s0al;
    FloatVector s1cl = s0al;
    FloatVector s1cr = s0al;
    FloatVector s1dl = s0al;
    FloatVector s1dr = s0al;
    FloatVector s1el = s0al;
    FloatVector s1er = s0al;
    int a1 = aOff + (rows - 1) * aRow;
    FloatVector x;
    FloatVector y;
    FloatVector v;
    int at;
    int p = 0;
    for (; p < kc; p += 8) {
      at = bOff + p * 10;
      x = FloatVector.fromArray(S, a, aOff + p);
      y = FloatVector.fromArray(S, a, a1 + p);
      v = FloatVector.fromArray(S, b, at);
      s0al = x.fma(v, s0al);
      s1al = y.fma(v, s1al);
      v = FloatVector.fromArray(S, b, at + 16);
      s0bl = x.fma(v, s0bl);
      s1bl = y.fma(v, s1bl);
      v = FloatVector.fromArray(S, b, at + 32);
      s0cl = x.fma(v, s0cl);
      s1cl = y.fma(v, s1cl);
      v = FloatVector.fromArray(S, b, at + 48);
      s0dl = x.fma(v, s0dl);
      s1dl = y.fma(v, s1dl);
      v = FloatVector.fromArray(S, b, at + 64);
      s0el = x.fma(v, s0el);
      s1el = y.fma(v, s1el);
      x = FloatVector.fromArray(S, a, aOff + p + 4);
      y = FloatVector.fromArray(S, a, a1 + p + 4);
      v = FloatVector.fromArray(S, b, at + 4);
      s0ar = x.fma(v, s0ar);
      s1ar = y.fma(v, s1ar);
      v = FloatVector.fromArray(S, b, at + 20);
      s0br = x.fma(v, s0br);
      s1br = y.fma(v, s1br);
      v = FloatVector.fromArray(S, b, at + 36);
      s0cr = x.fma(v, s0cr);
      s1cr = y.fma(v, s1cr);
      v = FloatVector.fromArray(S, b, at + 52);
      s0dr = x.fma(v, s0dr);
      s1dr = y.fma(v, s1dr);
      v = FloatVector.fromArray(S, b, at + 68);
      s0er = x.fma(v, s0er);
      s1er = y.fma(v, s1er);
    }
    FloatVector s0a = s0al.add(s0ar);
    FloatVector s0b = s0bl.add(s0br);
    FloatVector s0c = s0cl.add(s0cr);
    FloatVector s0d = s0dl.add(s0dr);
    FloatVector s0e = s0el.add(s0er);
    FloatVector s1a = s1al.add(s1ar);
    FloatVector s1b = s1bl.add(s1br);
    FloatVector s1c = s1cl.add(s1cr);
    FloatVector s1d = s1dl.add(s1dr);
    FloatVector s1e = s1el.add(s1er);
    s0a = s0a.blend(s0c, ODD_2).add(s0c.blend(s0a, ODD_2).rearrange(SWAP_2));
    s0b = s0b.blend(s0d, ODD_2).add(s0d.blend(s0b, ODD_2).rearrange(SWAP_2));
    s0a = s0a.blend(s0b, ODD_1).add(s0b.blend(s0a, ODD_1).rearrange(SWAP_1));
    s0e = s0e.add(s0e.rearrange(SWAP_2));
    s0e = s0e.add(s0e.rearrange(SWAP_1));
    s1a = s1a.blend(s1c, ODD_2).add(s1c.blend(s1a, ODD_2).rearrange(SWAP_2));
    s1b = s1b.blend(s1d, ODD_2).add(s1d.blend(s1b, ODD_2).rearrange(SWAP_2));
    s1a = s1a.blend(s1b, ODD_1).add(s1b.blend(s1a, ODD_1).rearrange(SWAP_1));
    s1e = s1e.add(s1e.rearrange(SWAP_2));
    s1e = s1e.add(s1e.rearrange(SWAP_1));
    x = s0a;
    y = s1a;
    int to = cOff + (rows - 1) * cRow;
    FloatVector first = (FloatVector) x.reinterpretShape(FOUR, 0);
    FloatVector second = (FloatVector) y.reinterpretShape(FOUR, 0);
    float e = s0e.lane(0);
    float f = s1e.lane(0);
    if (add) {
      first = first.add(FloatVector.fromArray(FOUR, c, cOff));
      second = second.add(FloatVector.fromArray(FOUR, c, to));
      e += c[cOff + 4];
      f += c[to + 4];
    }
    second.intoArray(c, to);
    c[to + 4] = f;
    c[cOff + 4] = e;
    first.intoArray(c, cOff);
  }

  /** 2 rows by 4 columns, 4 lanes. */
  static void rows2x4of4(
      int rows,
      int kc,
      float[] a,
      int aOff,
      int aRow,
      float[] b,
      int bOff,
      float[] c,
      int cOff,
      int cRow,
      boolean add) {
    FloatVector s0al = FloatVector.zero(S);
    FloatVector s0ar = s0al;
    FloatVector s0bl = s0al;
    FloatVector s0br = s0al;
    FloatVector s0cl = s0al;
    FloatVector s0cr = s0al;
    FloatVector s0dl = s0al;
    FloatVector s0dr = s0al;
    FloatVector s1al = s0al;
    FloatVector s1ar = s0al;
    FloatVector s1bl = s0al;
    FloatVector s1br = s0al;
    FloatVector s1cl = s0al;
    FloatVector s1cr = s0al;
    FloatVector s1dl = s0al;
    FloatVector s1dr = s0al;
    int a1 = aOff + (rows - 1) * aRow;
    FloatVector x;
    FloatVector y;
    FloatVector v;
    int at;
    int p = 0;
    for (; p < kc; p += 8) {
      at = bOff + p * 8;
      x = FloatVector.fromArray(S, a, aOff + p);
      y = FloatVector.fromArray(S, a, a1 + p);
      v = FloatVector.fromArray(S, b, at);
      s0al = x.fma(v, s0al);
      s1al = y.fma(v, s1al);
      v = FloatVector.fromArray(S, b, at + 16);
      s0bl = x.fma(v, s0bl);
      s1bl = y.fma(v, s1bl);
      v = FloatVector.fromArray(S, b, at + 32);
      s0cl = x.fma(v, s0cl);
      s1cl = y.fma(v, s1cl);
      v = FloatVector.fromArray(S, b, at + 48);
      s0dl = x.fma(v, s0dl);
      s1dl = y.fma(v, s1dl);
      x = FloatVector.fromArray(S, a, aOff + p + 4);
      y = FloatVector.fromArray(S, a, a1 + p + 4);
      v = FloatVector.fromArray(S, b, at + 4);
      s0ar = x.fma(v, s0ar);
      s1ar = y.fma(v, s1ar);
      v = FloatVector.fromArray(S, b, at + 20);
      s0br = x.fma(v, s0br);
      s1br = y.fma(v, s1br);
      v = FloatVector.fromArray(S, b, at + 36);
      s0cr = x.fma(v, s0cr);
      s1cr = y.fma(v, s1cr);
      v = FloatVector.fromArray(S, b, at + 52);
      s0dr = x.fma(v, s0dr);
      s1dr = y.fma(v, s1dr);
    }
    FloatVector s0a = s0al.add(s0ar);
    FloatVector s0b = s0bl.add(s0br);
    FloatVector s0c = s0cl.add(s0cr);
    FloatVector s0d = s0dl.add(s0dr);
    FloatVector s1a = s1al.add(s1ar);
    FloatVector s1b = s1bl.add(s1br);
    FloatVector s1c = s1cl.add(s1cr);
    FloatVector s1d = s1dl.add(s1dr);
    s0a = s0a.blend(s0c, ODD_2).add(s0c.blend(s0a, ODD_2).rearrange(SWAP_2));
    s0b = s0b.blend(s0d, ODD_2).add(s0d.blend(s0b, ODD_2).rearrange(SWAP_2));
    s0a = s0a.blend(s0b, ODD_1).add(s0b.blend(s0a, ODD_1).rearrange(SWAP_1));
    s1a = s1a.blend(s1c, ODD_2).add(s1c.blend(s1a, ODD_2).rearrange(SWAP_2));
    s1b = s1b.blend(s1d, ODD_2).add(s1d.blend(s1b, ODD_2).rearrange(SWAP_2));
    s1a = s1a.blend(s1b, ODD_1).add(s1b.blend(s1a, ODD_1).rearrange(SWAP_1));
    x = s0a;
    y = s1a;
    int to = cOff + (rows - 1) * cRow;
    FloatVector first = (FloatVector) x.reinterpretShape(FOUR, 0);
    FloatVector second = (FloatVector) y.reinterpretShape(FOUR, 0);
    if (add) {
      first = first.add(FloatVector.fromArray(FOUR, c, cOff));
      second = second.add(FloatVector.fromArray(FOUR, c, to));
    }
    second.intoArray(c, to);
    first.intoArray(c, cOff);
  }
}

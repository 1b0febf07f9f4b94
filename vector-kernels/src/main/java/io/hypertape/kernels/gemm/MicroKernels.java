package io.hypertape.kernels.gemm;

import io.hypertape.kernels.lanes.VectorRows;

/**
 * The inner loops of the matrix product: a block of c stays in registers while k runs. With 32
 * registers of 512 bits the block is 14 rows by two vectors (28 accumulators), 12 where a is
 * packed; with 16 of 256 bits 6 and 5, since C2 spills one of 6 there. Smaller blocks are for what
 * remains at the edges, each for its number of rows and one less.
 */
final class MicroKernels {

  /** Whether there are registers for blocks three vectors wide. */
  static final boolean MANY = VectorRows.BITS >= 512;

  /** Rows of a whole block of packed ones. */
  static final int PACKED = MANY ? 12 : 5;

  /** Rows of a whole block that is read where it lies: fewer blocks share the addresses' costs. */
  static final int IN_PLACE = MANY ? 14 : 6;

  /** Columns of a whole block. */
  static final int NR = 2 * VectorRows.S.length();

  private MicroKernels() {}

  /** Rows of the smallest block that has so many: the width of their panel. */
  static int panel(int rows) {
    return !MANY && rows == PACKED ? PACKED : rows + 1 & -2;
  }

  /** c[rows, two vectors] (+)= a·b, a packed in a panel. */
  static void packed(
      int rows,
      int kc,
      float[] a,
      int aOff,
      float[] b,
      int bOff,
      int bStep,
      float[] c,
      int cOff,
      int cRow,
      boolean add) {
    switch (panel(rows)) {
      case 12 -> PackedBlocks.rows12x2(rows, kc, a, aOff, b, bOff, bStep, c, cOff, cRow, add);
      case 10 -> PackedBlocks.rows10x2(rows, kc, a, aOff, b, bOff, bStep, c, cOff, cRow, add);
      case 8 -> PackedBlocks.rows8x2(rows, kc, a, aOff, b, bOff, bStep, c, cOff, cRow, add);
      case 6 -> PackedBlocks.rows6x2(rows, kc, a, aOff, b, bOff, bStep, c, cOff, cRow, add);
      case 5 -> PackedBlocks.rows5x2(rows, kc, a, aOff, b, bOff, bStep, c, cOff, cRow, add);
      case 4 -> PackedBlocks.rows4x2(rows, kc, a, aOff, b, bOff, bStep, c, cOff, cRow, add);
      default -> PackedBlocks.rows2x2(rows, kc, a, aOff, b, bOff, bStep, c, cOff, cRow, add);
    }
  }

  /** c[rows, one vector] (+)= a·b, a packed in a panel. */
  static void packedNarrow(
      int rows,
      int kc,
      float[] a,
      int aOff,
      float[] b,
      int bOff,
      int bStep,
      float[] c,
      int cOff,
      int cRow,
      boolean add) {
    switch (panel(rows)) {
      case 12 -> NarrowPackedBlocks.rows12x1(rows, kc, a, aOff, b, bOff, bStep, c, cOff, cRow, add);
      case 10 -> NarrowPackedBlocks.rows10x1(rows, kc, a, aOff, b, bOff, bStep, c, cOff, cRow, add);
      case 8 -> NarrowPackedBlocks.rows8x1(rows, kc, a, aOff, b, bOff, bStep, c, cOff, cRow, add);
      case 6 -> NarrowPackedBlocks.rows6x1(rows, kc, a, aOff, b, bOff, bStep, c, cOff, cRow, add);
      case 5 -> NarrowPackedBlocks.rows5x1(rows, kc, a, aOff, b, bOff, bStep, c, cOff, cRow, add);
      case 4 -> NarrowPackedBlocks.rows4x1(rows, kc, a, aOff, b, bOff, bStep, c, cOff, cRow, add);
      default -> NarrowPackedBlocks.rows2x1(rows, kc, a, aOff, b, bOff, bStep, c, cOff, cRow, add);
    }
  }

  /** As {@link #packed} with a's rows where they lie, aRow apart. */
  static void direct(
      int rows,
      int kc,
      float[] a,
      int aOff,
      int aRow,
      float[] b,
      int bOff,
      int bStep,
      float[] c,
      int cOff,
      int cRow,
      boolean add) {
    switch (rows + 1 & -2) {
      case 14 -> DirectBlocks.rows14x2(rows, kc, a, aOff, aRow, b, bOff, bStep, c, cOff, cRow, add);
      case 12 -> DirectBlocks.rows12x2(rows, kc, a, aOff, aRow, b, bOff, bStep, c, cOff, cRow, add);
      case 10 -> DirectBlocks.rows10x2(rows, kc, a, aOff, aRow, b, bOff, bStep, c, cOff, cRow, add);
      case 8 -> DirectBlocks.rows8x2(rows, kc, a, aOff, aRow, b, bOff, bStep, c, cOff, cRow, add);
      case 6 -> DirectBlocks.rows6x2(rows, kc, a, aOff, aRow, b, bOff, bStep, c, cOff, cRow, add);
      case 4 -> DirectBlocks.rows4x2(rows, kc, a, aOff, aRow, b, bOff, bStep, c, cOff, cRow, add);
      default -> DirectBlocks.rows2x2(rows, kc, a, aOff, aRow, b, bOff, bStep, c, cOff, cRow, add);
    }
  }

  /** As {@link #packedNarrow} with a's rows where they lie, aRow apart. */
  static void directNarrow(
      int rows,
      int kc,
      float[] a,
      int aOff,
      int aRow,
      float[] b,
      int bOff,
      int bStep,
      float[] c,
      int cOff,
      int cRow,
      boolean add) {
    switch (rows + 1 & -2) {
      case 14 ->
          NarrowDirectBlocks.rows14x1(rows, kc, a, aOff, aRow, b, bOff, bStep, c, cOff, cRow, add);
      case 12 ->
          NarrowDirectBlocks.rows12x1(rows, kc, a, aOff, aRow, b, bOff, bStep, c, cOff, cRow, add);
      case 10 ->
          NarrowDirectBlocks.rows10x1(rows, kc, a, aOff, aRow, b, bOff, bStep, c, cOff, cRow, add);
      case 8 ->
          NarrowDirectBlocks.rows8x1(rows, kc, a, aOff, aRow, b, bOff, bStep, c, cOff, cRow, add);
      case 6 ->
          NarrowDirectBlocks.rows6x1(rows, kc, a, aOff, aRow, b, bOff, bStep, c, cOff, cRow, add);
      case 4 ->
          NarrowDirectBlocks.rows4x1(rows, kc, a, aOff, aRow, b, bOff, bStep, c, cOff, cRow, add);
      default ->
          NarrowDirectBlocks.rows2x1(rows, kc, a, aOff, aRow, b, bOff, bStep, c, cOff, cRow, add);
    }
  }

  /** As {@link #direct} for three vectors, the third a number of columns from the first. */
  static void directThree(
      int rows,
      int kc,
      float[] a,
      int aOff,
      int aRow,
      float[] b,
      int bOff,
      int bStep,
      float[] c,
      int cOff,
      int cRow,
      int third,
      boolean add) {
    for (int i = 0; i < rows; ) {
      int some = Math.min(rows - i, rows > 12 ? 8 : 6);
      int left = aOff + i * aRow;
      int at = cOff + i * cRow;
      switch (some + 1 & -2) {
        case 8 ->
            ThreeVectorBlocks.rows8x3(
                some, kc, a, left, aRow, b, bOff, bStep, c, at, cRow, third, add);
        case 6 ->
            ThreeVectorBlocks.rows6x3(
                some, kc, a, left, aRow, b, bOff, bStep, c, at, cRow, third, add);
        case 4 ->
            ThreeVectorBlocks.rows4x3(
                some, kc, a, left, aRow, b, bOff, bStep, c, at, cRow, third, add);
        default ->
            ThreeVectorBlocks.rows2x3(
                some, kc, a, left, aRow, b, bOff, bStep, c, at, cRow, third, add);
      }
      i += some;
    }
  }
}

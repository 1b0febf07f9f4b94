package io.hypertape.kernels;

/**
 * The inner loops of the matrix product: a block of c stays in registers while k runs. With 32
 * registers of 512 bits the block is 12 rows by two vectors (24 accumulators), with 16 of 256 bits
 * 5 by two, since C2 spills one of 6; smaller blocks are for what remains at the edges.
 */
final class MicroKernels {

  private static final int L = VectorRows.S.length();

  /** Rows of a whole block. */
  static final int MR = VectorRows.BITS >= 512 ? 12 : 5;

  /** Rows of a whole block that is read in place. */
  static final int IN_PLACE = MR == 12 ? 14 : 6;

  /** Rows of the largest block of all. */
  static final int MAX_ROWS = 14;

  /** Columns of a whole block. */
  static final int NR = 2 * L;

  private MicroKernels() {}

  /** Rows of the smallest block that has so many. */
  static int rows(int needed) {
    if (MR == 12) {
      return needed > 8 ? 12 : needed > 4 ? 8 : 4;
    }
    return needed > 4 ? 5 : needed > 2 ? 4 : 2;
  }

  /**
   * Rows of the next block that is read in place; 0 if the rest has to be packed, being less than
   * the smallest block. There 14 rows are faster than 12: fewer of them share the addresses' costs.
   */
  static int rowsInPlace(int left) {
    if (MR == 12) {
      return left >= 14 ? 14 : left >= 8 ? 8 : left >= 4 ? 4 : 0;
    }
    return left >= 6 ? 6 : left >= 4 ? 4 : left >= 2 ? 2 : 0;
  }

  /** Columns of the narrowest block that has so many. */
  static int columns(int needed) {
    return needed > L ? NR : L;
  }

  /** c[rows, columns] (+)= a·b, a packed in a panel of so many rows. */
  static void packed(
      int rows,
      int columns,
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
    boolean wide = columns == NR;
    switch (rows) {
      case 12 -> {
        if (wide) {
          PackedBlocks.rows12x2(kc, a, aOff, b, bOff, bStep, c, cOff, cRow, add);
        } else {
          PackedBlocks.rows12x1(kc, a, aOff, b, bOff, bStep, c, cOff, cRow, add);
        }
      }
      case 8 -> {
        if (wide) {
          PackedBlocks.rows8x2(kc, a, aOff, b, bOff, bStep, c, cOff, cRow, add);
        } else {
          PackedBlocks.rows8x1(kc, a, aOff, b, bOff, bStep, c, cOff, cRow, add);
        }
      }
      case 5 -> {
        if (wide) {
          PackedBlocks.rows5x2(kc, a, aOff, b, bOff, bStep, c, cOff, cRow, add);
        } else {
          PackedBlocks.rows5x1(kc, a, aOff, b, bOff, bStep, c, cOff, cRow, add);
        }
      }
      case 4 -> {
        if (wide) {
          PackedBlocks.rows4x2(kc, a, aOff, b, bOff, bStep, c, cOff, cRow, add);
        } else {
          PackedBlocks.rows4x1(kc, a, aOff, b, bOff, bStep, c, cOff, cRow, add);
        }
      }
      default -> {
        if (wide) {
          PackedBlocks.rows2x2(kc, a, aOff, b, bOff, bStep, c, cOff, cRow, add);
        } else {
          PackedBlocks.rows2x1(kc, a, aOff, b, bOff, bStep, c, cOff, cRow, add);
        }
      }
    }
  }

  /** The same with a's rows read in place, aRow apart. */
  static void direct(
      int rows,
      int columns,
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
    boolean wide = columns == NR;
    switch (rows) {
      case 14 -> {
        if (wide) {
          DirectBlocks.rows14x2(kc, a, aOff, aRow, b, bOff, bStep, c, cOff, cRow, add);
        } else {
          DirectBlocks.rows14x1(kc, a, aOff, aRow, b, bOff, bStep, c, cOff, cRow, add);
        }
      }
      case 8 -> {
        if (wide) {
          DirectBlocks.rows8x2(kc, a, aOff, aRow, b, bOff, bStep, c, cOff, cRow, add);
        } else {
          DirectBlocks.rows8x1(kc, a, aOff, aRow, b, bOff, bStep, c, cOff, cRow, add);
        }
      }
      case 6 -> {
        if (wide) {
          DirectBlocks.rows6x2(kc, a, aOff, aRow, b, bOff, bStep, c, cOff, cRow, add);
        } else {
          DirectBlocks.rows6x1(kc, a, aOff, aRow, b, bOff, bStep, c, cOff, cRow, add);
        }
      }
      case 4 -> {
        if (wide) {
          DirectBlocks.rows4x2(kc, a, aOff, aRow, b, bOff, bStep, c, cOff, cRow, add);
        } else {
          DirectBlocks.rows4x1(kc, a, aOff, aRow, b, bOff, bStep, c, cOff, cRow, add);
        }
      }
      default -> {
        if (wide) {
          DirectBlocks.rows2x2(kc, a, aOff, aRow, b, bOff, bStep, c, cOff, cRow, add);
        } else {
          DirectBlocks.rows2x1(kc, a, aOff, aRow, b, bOff, bStep, c, cOff, cRow, add);
        }
      }
    }
  }
}

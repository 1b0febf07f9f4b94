package io.hypertape.kernels.gemm;

import io.hypertape.kernels.lanes.LeafLoop;
import io.hypertape.kernels.lanes.VectorRows;
import io.hypertape.kernels.lanes.VectorWidth;

/**
 * How matrix products are cut into blocks of c that stay in registers while k runs. With 32
 * registers of 512 bits a whole block is 14 rows by two vectors (28 accumulators), 12 where a is
 * packed; with 16 of 256 bits 6 and 5, since C2 spills one of 6 there. Smaller blocks are for what
 * remains at the edges, each for its number of rows and one less. The blocks are generated: see
 * docs/adding-a-kernel.md.
 */
final class MicroKernels {

  /** Whether there are registers for blocks three vectors wide. */
  static final boolean MANY = VectorWidth.BITS >= 512;

  /** Rows of a whole block of packed ones. */
  static final int PACKED = MANY ? 12 : 5;

  /** Rows of a whole block that is read where it lies: fewer blocks share the addresses' costs. */
  static final int IN_PLACE = MANY ? 14 : 6;

  /** Columns of a whole block. */
  static final int NR = 2 * VectorRows.S.length();

  private MicroKernels() {}

  /**
   * c[rows, three vectors] (+)= a·b, a's rows where they lie, the third vector a number of columns
   * from the first: blocks of fewer rows than {@link DirectBlocks} have.
   */
  @LeafLoop
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
      ThreeVectorBlocks.block(some, kc, a, left, aRow, b, bOff, bStep, c, at, cRow, third, add);
      i += some;
    }
  }
}

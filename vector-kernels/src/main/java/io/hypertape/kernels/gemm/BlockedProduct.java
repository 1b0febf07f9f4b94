package io.hypertape.kernels.gemm;

import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.lanes.Transposition;
import io.hypertape.kernels.lanes.VectorCopies;
import io.hypertape.kernels.lanes.VectorRows;

/**
 * The matrix product of one thread, in blocks: for a chunk of k, panels of b, NR columns each, pass
 * over a few rows of a that stay in the first-level cache; both are packed where they cannot be
 * read in place. It has the thread's buffers, and says in fields which block is under way.
 */
final class BlockedProduct {

  private static final int NR = MicroKernels.NR;
  private static final int L = VectorRows.S.length();

  /** Widest block of b: chunks of k by NC floats of it lie in the second-level cache. */
  private static final int NC = 512;

  /** Longest rows of b that are read in place: beyond, a panel's rows lie in too many pages. */
  private static final int B_IN_PLACE = 1024;

  /** Rows of a from which whole panels of b are worth packing for their alignment alone. */
  private static final int MANY_ROWS = 512;

  private static final float[] NONE = {};

  /** A block's rows and columns that stand where there is room for whole vectors. */
  final float[] tile = new float[256];

  private float[] panelA = NONE;
  private float[] panelB = NONE;

  // The block that is under way: its rows of c, with how many columns, how many of those where
  // whole vectors of b lie in place, and how deep.
  private int rows;
  private int cols;
  private int inPlace;
  private int depth;
  // Where its rows of a lie, if not in a panel; where b lies, if in place; and c.
  private float[] left = NONE;
  private int leftAt;
  private int leftRow;
  private float[] right = NONE;
  private int rightAt;
  private int rightRow;
  private float[] out = NONE;
  private int outAt;
  private int outRow;
  private boolean add;

  /** Rows of a whole block. */
  static int height(Matrix a) {
    return a.colStride() == 1 ? MicroKernels.IN_PLACE : MicroKernels.PACKED;
  }

  /** Makes the buffers long enough for a product. */
  void reserve(Matrix a, Matrix b) {
    int longest = ProductOrder.longest(a.cols());
    // Packing writes whole vectors and whole transposed blocks, beyond the last panel's end.
    reserve(
        (longest + 2 * L) * height(a),
        (longest + Transposition.SIZE) * (Math.min(b.cols(), NC) + NR) + Panels.START);
  }

  void reserve(int sizeOfA, int sizeOfB) {
    if (panelA.length < sizeOfA) {
      panelA = new float[sizeOfA];
    }
    if (panelB.length < sizeOfB) {
      panelB = new float[Panels.length(sizeOfB, Runtime.getRuntime().maxMemory())];
    }
  }

  float[] panelA() {
    return panelA;
  }

  float[] panelB() {
    return panelB;
  }

  /** c (+)= a·b; the buffers are reserved. */
  void run(Matrix a, Matrix b, Matrix c, boolean addFirst, DenseFinish finish) {
    int m = c.rows();
    int n = c.cols();
    int k = a.cols();
    int longest = ProductOrder.longest(k);
    boolean bInPlace =
        b.colStride() == 1
            && rowsAreSpread(b.rowStride())
            && b.rowStride() <= B_IN_PLACE
            && (m < MANY_ROWS || n % NR != 0);
    int height = height(a);
    right = b.array();
    rightRow = b.rowStride();
    out = c.array();
    outRow = c.rowStride();
    for (int p = 0; p < k; p += longest) {
      depth = Math.min(longest, k - p);
      add = addFirst || p > 0;
      for (int j = 0; j < n; j += NC) {
        cols = Math.min(NC, n - j);
        rightAt = b.offset() + p * b.rowStride() + j * b.colStride();
        inPlace = bInPlace ? cols - cols % L : 0;
        // Where sums may be computed twice, columns beside whole vectors need no panel.
        if (inPlace == 0 || add || cols < L) {
          Panels.packB(depth, inPlace, cols, b, rightAt, panelB, tile);
        }
        for (int i = 0; i < m; i += height) {
          rows = Math.min(height, m - i);
          outAt = c.offset() + i * outRow + j;
          block(a, a.offset() + i * a.rowStride() + p * a.colStride());
          if (p + depth == k) {
            finish.apply(rows, cols, j, out, outAt, outRow);
          }
        }
      }
    }
    // Who has no product under way holds nobody's operands.
    left = NONE;
    right = NONE;
    out = NONE;
  }

  /** A block, whose first element of a is at an offset. */
  private void block(Matrix a, int at) {
    int row = a.rowStride();
    if (a.colStride() != 1) {
      Panels.packA(rows, depth, a, at, panelA);
      columns(true);
      return;
    }
    left = a.array();
    leftAt = at;
    leftRow = row;
    if (!rowsAreSpread(row)) {
      // An odd number of vectors apart, rows fall into different sets of the cache.
      int apart = (depth / L | 1) * L + L;
      for (int i = 0; i < rows; i++) {
        System.arraycopy(left, at + i * row, panelA, i * apart, depth);
      }
      left = panelA;
      leftAt = 0;
      leftRow = apart;
    }
    columns(false);
  }

  /**
   * Whether rows so far apart fall into different sets of the cache, and are read where they lie.
   */
  private static boolean rowsAreSpread(int row) {
    return row % 512 != 0;
  }

  /**
   * A block's rows of a, which lie in a panel or not, with all columns of b, of which so many lie
   * in place and the others in panels.
   */
  private void columns(boolean packed) {
    int n = cols;
    boolean isInPlace = inPlace > 0;
    boolean adds = add;
    float[] b = isInPlace ? right : panelB;
    int bOff = isInPlace ? rightAt : Panels.START;
    int next = isInPlace ? 1 : depth;
    int step = isInPlace ? rightRow : NR;
    int j = 0;
    boolean three = MicroKernels.MANY && !packed && isInPlace && n > NR && (n + L - 1) / L % 2 == 1;
    if (three && (n % L == 0 || !adds)) {
      int third = Math.min(NR, n - L);
      MicroKernels.directThree(
          rows, depth, left, leftAt, leftRow, b, bOff, step, out, outAt, outRow, third, adds);
      j = 3 * L;
    }
    if (rows == 1 && isInPlace && !packed) {
      for (; j <= n - SingleRow.COLUMNS; j += SingleRow.COLUMNS) {
        SingleRow.block(depth, left, leftAt, b, bOff + j, step, out, outAt + j, adds);
      }
    }
    for (; j <= n - NR; j += NR) {
      wide(packed, b, bOff + j * next, step, j);
    }
    if (j < n - L && isInPlace && !adds && n >= NR) {
      // The last vectors begin early enough to be whole: some sums are computed twice.
      wide(packed, b, bOff + n - NR, step, n - NR);
      return;
    }
    int at = bOff + j * next;
    step = isInPlace ? step : Panels.lastWidth(n);
    if (j <= n - L) {
      narrow(packed, b, at, step, out, outAt + j, outRow, adds);
      j += L;
      at += L;
    }
    if (j < n && isInPlace && !adds && n >= L) {
      // So does the last vector.
      narrow(packed, b, bOff + n - L, step, out, outAt + n - L, outRow, false);
    } else if (j < n) {
      narrow(
          packed, panelB, isInPlace ? Panels.START : at, isInPlace ? L : step, tile, 0, L, false);
      VectorCopies.part(rows, n - j, tile, 0, L, out, outAt + j, outRow, adds);
    }
  }

  /** Two vectors of columns. */
  private void wide(boolean packed, float[] b, int at, int step, int j) {
    int to = outAt + j;
    if (packed) {
      PackedBlocks.block(rows, depth, panelA, 0, b, at, step, out, to, outRow, add);
    } else {
      DirectBlocks.block(rows, depth, left, leftAt, leftRow, b, at, step, out, to, outRow, add);
    }
  }

  /** One vector of columns. */
  private void narrow(
      boolean packed, float[] b, int at, int step, float[] c, int to, int cRow, boolean adds) {
    if (packed) {
      NarrowPackedBlocks.block(rows, depth, panelA, 0, b, at, step, c, to, cRow, adds);
    } else {
      NarrowDirectBlocks.block(rows, depth, left, leftAt, leftRow, b, at, step, c, to, cRow, adds);
    }
  }
}

package io.hypertape.kernels;

import java.util.Arrays;

/**
 * Matrix product after Goto and van de Geijn, 'Anatomy of High-Performance Matrix Multiplication'
 * (2008): b packed in panels of NR columns for a block of k, a in panels of MR rows where it is not
 * already contiguous along k or is used often enough. Blocks of k depend on k alone, so an
 * element's sum has one order whatever the number of threads.
 */
final class VectorGemm {

  private static final int MR = MicroKernels.MR;
  private static final int NR = MicroKernels.NR;
  private static final int L = VectorRows.S.length();

  /**
   * Longest block of k: a panel of b, KC·NR floats, shares the second-level cache with one of a.
   */
  private static final int KC = 512;

  /** Longest block of rows of a that is packed at once. */
  private static final int MC = 240;

  /** Longest rows of b that are read in place: beyond, a panel's rows lie in too many pages. */
  private static final int B_IN_PLACE = 1024;

  /** Multiply-adds below which a second thread costs more than it brings. */
  private static final long PARALLEL = 2_000_000;

  private final Workers workers;
  private final Scratch[] scratch;

  /** Buffers of one thread. */
  private static final class Scratch {
    float[] a = {};
    float[] b = {};
    float[] turned = {};
    final float[] tile = new float[MicroKernels.MAX_ROWS * NR];

    void reserve(int aSize, int bSize) {
      if (a.length < aSize) {
        a = new float[aSize];
      }
      if (b.length < bSize) {
        b = new float[bSize];
      }
    }
  }

  VectorGemm(Workers workers) {
    this.workers = workers;
    this.scratch = new Scratch[workers.count()];
    Arrays.setAll(scratch, unused -> new Scratch());
  }

  void run(
      int m,
      int n,
      int k,
      float[] a,
      int aOff,
      int aRow,
      int aCol,
      float[] b,
      int bOff,
      int bRow,
      int bCol,
      float beta,
      float[] c,
      int cOff,
      int cRow) {
    if (m == 0 || n == 0) {
      return;
    }
    scale(m, n, k, beta, c, cOff, cRow);
    if (k == 0) {
      return;
    }
    boolean add = beta != 0;
    if (n <= L && aRow == 1 && m >= 2 * NR) {
      turned(m, n, k, a, aOff, aCol, b, bOff, bRow, bCol, c, cOff, cRow, add);
    } else if (workers.count() == 1 || (long) m * n * k < PARALLEL) {
      block(scratch[0], m, n, k, a, aOff, aRow, aCol, b, bOff, bRow, bCol, c, cOff, cRow, add);
    } else if (n >= 2 * NR * workers.count()) {
      workers.run(
          (part, parts) -> {
            int from = edge(n, NR, part, parts);
            int to = edge(n, NR, part + 1, parts);
            block(
                scratch[part],
                m,
                to - from,
                k,
                a,
                aOff,
                aRow,
                aCol,
                b,
                bOff + from * bCol,
                bRow,
                bCol,
                c,
                cOff + from,
                cRow,
                add);
          });
    } else {
      workers.run(
          (part, parts) -> {
            int from = edge(m, MR, part, parts);
            int to = edge(m, MR, part + 1, parts);
            block(
                scratch[part],
                to - from,
                n,
                k,
                a,
                aOff + from * aRow,
                aRow,
                aCol,
                b,
                bOff,
                bRow,
                bCol,
                c,
                cOff + from * cRow,
                cRow,
                add);
          });
    }
  }

  /**
   * cᵀ = bᵀ·aᵀ: where c has few columns and a's columns are contiguous, a is what vectors should
   * run along.
   */
  private void turned(
      int m,
      int n,
      int k,
      float[] a,
      int aOff,
      int aCol,
      float[] b,
      int bOff,
      int bRow,
      int bCol,
      float[] c,
      int cOff,
      int cRow,
      boolean add) {
    Scratch s = scratch[0];
    if (s.turned.length < n * m) {
      s.turned = new float[n * m];
    }
    block(s, n, m, k, b, bOff, bCol, bRow, a, aOff, aCol, 1, s.turned, 0, m, false);
    for (int i = 0; i < m; i++) {
      int at = cOff + i * cRow;
      for (int j = 0; j < n; j++) {
        float sum = s.turned[j * m + i];
        c[at + j] = add ? c[at + j] + sum : sum;
      }
    }
  }

  /** Where a part begins, in whole blocks. */
  private static int edge(int n, int unit, int part, int parts) {
    int blocks = (n + unit - 1) / unit;
    return Math.min(n, (int) ((long) blocks * part / parts) * unit);
  }

  /**
   * Brings c to beta·c, so that products can be added; at beta = 0 the first block overwrites it.
   */
  private static void scale(int m, int n, int k, float beta, float[] c, int cOff, int cRow) {
    if (beta == 1 || (beta == 0 && k > 0)) {
      return;
    }
    for (int i = 0; i < m; i++) {
      int at = cOff + i * cRow;
      for (int j = 0; j < n; j++) {
        c[at + j] = beta == 0 ? 0 : beta * c[at + j];
      }
    }
  }

  private static void block(
      Scratch s,
      int m,
      int n,
      int k,
      float[] a,
      int aOff,
      int aRow,
      int aCol,
      float[] b,
      int bOff,
      int bRow,
      int bCol,
      float[] c,
      int cOff,
      int cRow,
      boolean addFirst) {
    if (m == 0 || n == 0) {
      return;
    }
    int blocks = (k + KC - 1) / KC;
    int longest = (k + blocks - 1) / blocks;
    int panels = (n + NR - 1) / NR;
    boolean aInPlace = aInPlace(n, aRow, aCol);
    boolean bInPlace = bInPlace(bRow, bCol);
    // Packing a column writes a whole vector, beyond the last panel's end.
    s.reserve(longest * (Math.min(m, MC) + MR) + L, longest * panels * NR);
    for (int p = 0; p < k; p += longest) {
      int kc = Math.min(longest, k - p);
      int from = bInPlace ? n - n % L : 0;
      Panels.packB(kc, from, n, b, bOff + p * bRow, bRow, bCol, s.b);
      boolean add = addFirst || p > 0;
      // In place, a block of a stays in the first-level cache while all panels of b pass.
      int most = aInPlace ? MicroKernels.IN_PLACE : MC;
      for (int i = 0; i < m; i += most) {
        int mc = Math.min(most, m - i);
        int at = aOff + i * aRow + p * aCol;
        if (!aInPlace) {
          Panels.packA(mc, kc, a, at, aRow, aCol, s.a);
        }
        for (int j = 0; j < n; j += NR) {
          int width = MicroKernels.columns(n - j);
          if (bInPlace && j + width <= n) {
            panel(
                s,
                mc,
                width,
                width,
                kc,
                aInPlace,
                a,
                at,
                aRow,
                aCol,
                b,
                bOff + p * bRow + j,
                bRow,
                c,
                cOff + i * cRow + j,
                cRow,
                add);
          } else {
            panel(
                s,
                mc,
                Math.min(width, n - j),
                width,
                kc,
                aInPlace,
                a,
                at,
                aRow,
                aCol,
                s.b,
                j * kc,
                width,
                c,
                cOff + i * cRow + j,
                cRow,
                add);
          }
        }
      }
    }
  }

  /**
   * Whether a is read where it lies: its columns must be contiguous, few panels of b must pass over
   * it, and its rows must not fall into the same cache sets.
   */
  private static boolean aInPlace(int n, int aRow, int aCol) {
    return aCol == 1 && n <= 8 * NR && aRow % 512 != 0;
  }

  /** Whether b is read where it lies: the same, but for the panels. */
  private static boolean bInPlace(int bRow, int bCol) {
    return bCol == 1 && bRow % 512 != 0 && bRow <= B_IN_PLACE;
  }

  /** All rows of a with one panel of b, of which some columns count. */
  private static void panel(
      Scratch s,
      int mc,
      int cols,
      int width,
      int kc,
      boolean inPlace,
      float[] a,
      int aOff,
      int aRow,
      int aCol,
      float[] b,
      int bOff,
      int bStep,
      float[] c,
      int cOff,
      int cRow,
      boolean add) {
    boolean whole = cols == width;
    int i = 0;
    while (inPlace && i < mc) {
      int rows = MicroKernels.rowsInPlace(mc - i);
      if (rows == 0) {
        break;
      }
      int to = cOff + i * cRow;
      float[] target = whole ? c : s.tile;
      MicroKernels.direct(
          rows,
          width,
          kc,
          a,
          aOff + i * aRow,
          aRow,
          b,
          bOff,
          bStep,
          target,
          whole ? to : 0,
          whole ? cRow : width,
          whole && add);
      if (!whole) {
        copyTile(s.tile, width, rows, cols, c, to, cRow, add);
      }
      i += rows;
    }
    if (inPlace && i < mc) {
      // The last, incomplete rows are packed after all, with zeros below.
      Panels.packA(mc - i, kc, a, aOff + i * aRow, aRow, aCol, s.a);
    }
    for (int first = inPlace ? i : 0; i < mc; i += MR) {
      int left = Math.min(MR, mc - i);
      int rows = MicroKernels.rows(left);
      boolean fits = whole && rows == left;
      int to = cOff + i * cRow;
      MicroKernels.packed(
          rows,
          width,
          kc,
          s.a,
          (i - first) * kc,
          b,
          bOff,
          bStep,
          fits ? c : s.tile,
          fits ? to : 0,
          fits ? cRow : width,
          fits && add);
      if (!fits) {
        copyTile(s.tile, width, left, cols, c, to, cRow, add);
      }
    }
  }

  private static void copyTile(
      float[] tile, int width, int rows, int cols, float[] c, int cOff, int cRow, boolean add) {
    for (int i = 0; i < rows; i++) {
      int at = cOff + i * cRow;
      if (add) {
        for (int j = 0; j < cols; j++) {
          c[at + j] += tile[i * width + j];
        }
      } else {
        System.arraycopy(tile, i * width, c, at, cols);
      }
    }
  }
}

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

  /**
   * Longest block of k: a panel of b, KC·NR floats, shares the second-level cache with one of a.
   */
  private static final int KC = 512;

  /** Longest block of rows of a that is packed at once. */
  private static final int MC = 240;

  /** Multiply-adds below which a second thread costs more than it brings. */
  private static final long PARALLEL = 2_000_000;

  private final Workers workers;
  private final Scratch[] scratch;

  /** Buffers of one thread. */
  private static final class Scratch {
    float[] a = {};
    float[] b = {};
    final float[] tile = new float[MR * NR];

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
    if (workers.count() == 1 || (long) m * n * k < PARALLEL) {
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
    boolean direct = readsInPlace(n, aRow, aCol);
    s.reserve(longest * (Math.min(m, MC) + MR), longest * panels * NR);
    for (int p = 0; p < k; p += longest) {
      int kc = Math.min(longest, k - p);
      packB(kc, n, b, bOff + p * bRow, bRow, bCol, s.b);
      boolean add = addFirst || p > 0;
      for (int i = 0; i < m; i += MC) {
        int mc = Math.min(MC, m - i);
        int at = aOff + i * aRow + p * aCol;
        if (!direct) {
          packA(mc, kc, a, at, aRow, aCol, s.a);
        }
        rows(s, mc, n, kc, direct, a, at, aRow, aCol, c, cOff + i * cRow, cRow, add);
      }
    }
  }

  /**
   * Whether a is read where it lies: its columns must be contiguous, few panels of b must pass over
   * it, and its rows must not fall into the same cache sets.
   */
  private static boolean readsInPlace(int n, int aRow, int aCol) {
    return aCol == 1 && n <= 8 * NR && aRow % 512 != 0;
  }

  private static void rows(
      Scratch s,
      int mc,
      int n,
      int kc,
      boolean direct,
      float[] a,
      int aOff,
      int aRow,
      int aCol,
      float[] c,
      int cOff,
      int cRow,
      boolean add) {
    for (int j = 0; j < n; j += NR) {
      int bOff = j * kc;
      for (int i = 0; i < mc; i += MR) {
        boolean whole = i + MR <= mc;
        boolean fits = whole && j + NR <= n;
        float[] target = fits ? c : s.tile;
        int at = fits ? cOff + i * cRow + j : 0;
        int row = fits ? cRow : NR;
        if (direct && whole) {
          MicroKernels.direct(
              kc, a, aOff + i * aRow, aRow, s.b, bOff, target, at, row, fits && add);
        } else {
          int from = i * kc;
          if (direct) {
            // The last, incomplete rows are packed after all, with zeros below.
            packA(mc - i, kc, a, aOff + i * aRow, aRow, aCol, s.a);
            from = 0;
          }
          MicroKernels.packed(kc, s.a, from, s.b, bOff, target, at, row, fits && add);
        }
        if (!fits) {
          copyTile(
              s.tile, Math.min(MR, mc - i), Math.min(NR, n - j), c, cOff + i * cRow + j, cRow, add);
        }
      }
    }
  }

  private static void copyTile(
      float[] tile, int rows, int cols, float[] c, int cOff, int cRow, boolean add) {
    for (int i = 0; i < rows; i++) {
      int at = cOff + i * cRow;
      if (add) {
        for (int j = 0; j < cols; j++) {
          c[at + j] += tile[i * NR + j];
        }
      } else {
        System.arraycopy(tile, i * NR, c, at, cols);
      }
    }
  }

  /** Panels of NR columns: panel after panel, row after row; zeros fill the last one. */
  private static void packB(
      int kc, int n, float[] b, int bOff, int bRow, int bCol, float[] packed) {
    for (int j = 0; j < n; j += NR) {
      int cols = Math.min(NR, n - j);
      int panel = j * kc;
      if (cols < NR) {
        Arrays.fill(packed, panel, panel + kc * NR, 0);
      }
      if (bCol == 1) {
        for (int p = 0; p < kc; p++) {
          System.arraycopy(b, bOff + p * bRow + j, packed, panel + p * NR, cols);
        }
      } else {
        interleave(cols, kc, b, bOff + j * bCol, bCol, bRow, packed, panel, NR);
      }
    }
  }

  /** Panels of MR rows: panel after panel, column after column; zeros fill the last one. */
  private static void packA(
      int mc, int kc, float[] a, int aOff, int aRow, int aCol, float[] packed) {
    for (int i = 0; i < mc; i += MR) {
      int rows = Math.min(MR, mc - i);
      int panel = i * kc;
      if (rows < MR) {
        Arrays.fill(packed, panel, panel + kc * MR, 0);
      }
      if (aRow == 1 && rows == MR) {
        for (int p = 0; p < kc; p++) {
          copyColumn(a, aOff + i + p * aCol, packed, panel + p * MR);
        }
      } else {
        interleave(rows, kc, a, aOff + i * aRow, aRow, aCol, packed, panel, MR);
      }
    }
  }

  private static void copyColumn(float[] a, int at, float[] packed, int to) {
    for (int r = 0; r < MR; r++) {
      packed[to + r] = a[at + r];
    }
  }

  /** packed[p·width + line] = x[line·lineStep + p·step], a stretch of p at a time for the cache. */
  private static void interleave(
      int lines,
      int kc,
      float[] x,
      int xOff,
      int lineStep,
      int step,
      float[] packed,
      int to,
      int width) {
    for (int from = 0; from < kc; from += 64) {
      int end = Math.min(from + 64, kc);
      for (int line = 0; line < lines; line++) {
        int at = xOff + line * lineStep;
        if (step == 1) {
          spread(x, at + from, end - from, packed, to + from * width + line, width);
        } else {
          for (int p = from; p < end; p++) {
            packed[to + p * width + line] = x[at + p * step];
          }
        }
      }
    }
  }

  private static void spread(float[] x, int at, int n, float[] packed, int to, int width) {
    for (int p = 0; p < n; p++) {
      packed[to + p * width] = x[at + p];
    }
  }
}

package io.hypertape.kernels;

import java.util.Arrays;

/** Factors of a matrix product, packed in the order in which {@link MicroKernels} read them. */
final class Panels {

  private static final int MR = MicroKernels.MR;
  private static final int NR = MicroKernels.NR;

  private Panels() {}

  /**
   * Panels of NR columns, or fewer at the end, that hold columns from a number on: panel after
   * panel, row after row; zeros fill the last one.
   */
  static void packB(
      int kc, int from, int n, float[] b, int bOff, int bRow, int bCol, float[] packed) {
    for (int j = from / NR * NR; j < n; j += NR) {
      int cols = Math.min(NR, n - j);
      int width = MicroKernels.columns(cols);
      int panel = j * kc;
      if (cols < width) {
        Arrays.fill(packed, panel, panel + kc * width, 0);
      } else if (from > 0) {
        continue;
      }
      if (bCol == 1 && cols == NR) {
        VectorCopies.rows(kc, 2, b, bOff + j, bRow, packed, panel, NR);
      } else if (bCol == 1) {
        for (int p = 0; p < kc; p++) {
          System.arraycopy(b, bOff + p * bRow + j, packed, panel + p * width, cols);
        }
      } else {
        interleave(cols, kc, b, bOff + j * bCol, bCol, bRow, packed, panel, width);
      }
    }
  }

  /** Panels of MR rows, or fewer at the end: panel after panel, column after column. */
  static void packA(int mc, int kc, float[] a, int aOff, int aRow, int aCol, float[] packed) {
    for (int i = 0; i < mc; i += MR) {
      int left = Math.min(MR, mc - i);
      int rows = MicroKernels.rows(left);
      int panel = i * kc;
      if (left < rows) {
        Arrays.fill(packed, panel, panel + kc * rows, 0);
      }
      if (aRow == 1 && left == MR) {
        // One vector has a column; what it has beyond that is overwritten by the next.
        int from = aOff + i;
        int whole = VectorCopies.within(kc, a.length - from, aCol);
        VectorCopies.rows(whole, 1, a, from, aCol, packed, panel, MR);
        for (int p = whole; p < kc; p++) {
          copyColumn(a, from + p * aCol, packed, panel + p * MR);
        }
      } else {
        interleave(left, kc, a, aOff + i * aRow, aRow, aCol, packed, panel, rows);
      }
    }
  }

  private static void copyColumn(float[] a, int at, float[] packed, int to) {
    for (int r = 0; r < MR; r++) {
      packed[to + r] = a[at + r];
    }
  }

  /** packed[p·width + line] = x[line·lineStep + p·step]; lines from there to the end stay. */
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
    int line = 0;
    if (step == 1 && Transposition.FITS) {
      for (; lines - line >= Transposition.SIZE; line += Transposition.SIZE) {
        transpose(
            Transposition.SIZE, kc, x, xOff + line * lineStep, lineStep, packed, to + line, width);
      }
      if (line == 0 && lines == width && lines == 12) {
        transpose(12, kc, x, xOff, lineStep, packed, to, width);
        return;
      }
    }
    spread(line, lines, 0, kc, x, xOff, lineStep, step, packed, to, width);
  }

  /** Whole blocks in registers, what remains of k one by one. */
  private static void transpose(
      int lines, int kc, float[] x, int at, int lineStep, float[] packed, int to, int width) {
    int p = 0;
    for (; p + Transposition.SIZE <= kc; p += Transposition.SIZE) {
      Transposition.block(lines, x, at + p, lineStep, packed, to + p * width, width);
    }
    spread(0, lines, p, kc, x, at, lineStep, 1, packed, to, width);
  }

  /** Lines from a number on, p from a number on; a stretch of p at a time for the cache. */
  private static void spread(
      int firstLine,
      int lines,
      int first,
      int kc,
      float[] x,
      int xOff,
      int lineStep,
      int step,
      float[] packed,
      int to,
      int width) {
    for (int from = first; from < kc; from += 64) {
      int end = Math.min(from + 64, kc);
      for (int line = firstLine; line < lines; line++) {
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

package io.hypertape.kernels.gemm;

import io.hypertape.kernels.lanes.Transposition;
import io.hypertape.kernels.lanes.VectorCopies;
import io.hypertape.kernels.lanes.VectorRows;
import java.util.Arrays;

/** Factors of a matrix product, packed in the order in which {@link MicroKernels} read them. */
final class Panels {

  private static final int NR = MicroKernels.NR;
  private static final int L = VectorRows.S.length();

  private Panels() {}

  /** Width of the last, incomplete panel. */
  static int lastWidth(int n) {
    return n % NR > L ? NR : L;
  }

  /**
   * Panels of NR columns, or fewer at the end: panel after panel, row after row; zeros fill the
   * last one. Where columns are used in place, only those beyond the whole vectors are packed.
   */
  static void packB(
      int kc,
      int inPlace,
      int n,
      float[] b,
      int bOff,
      int bRow,
      int bCol,
      float[] packed,
      float[] tile) {
    if (inPlace > 0) {
      if (inPlace < n) {
        VectorCopies.padded(kc, n - inPlace, b, bOff + inPlace, bRow, packed, 0, L);
      }
      return;
    }
    for (int j = 0; j < n; j += NR) {
      int cols = Math.min(NR, n - j);
      int width = cols < NR ? lastWidth(n) : NR;
      int panel = j * kc;
      if (bCol == 1 && cols == NR) {
        VectorCopies.rows(kc, 2, b, bOff + j, bRow, packed, panel, NR);
      } else if (bCol == 1) {
        int from = bOff + j;
        if (cols >= L) {
          VectorCopies.rows(kc, 1, b, from, bRow, packed, panel, width);
        }
        if (cols % L > 0) {
          int whole = cols - cols % L;
          VectorCopies.padded(
              kc, cols - whole, b, from + whole, bRow, packed, panel + whole, width);
        }
      } else {
        if (cols < width) {
          Arrays.fill(packed, panel, panel + kc * width, 0);
        }
        interleave(cols, kc, b, bOff + j * bCol, bCol, bRow, packed, panel, width, tile);
      }
    }
  }

  /** A panel of a few rows, column after column; what an odd last row is followed by is open. */
  static void packA(int rows, int kc, float[] a, int aOff, int aRow, int aCol, float[] packed) {
    int width = MicroKernels.panel(rows);
    if (aRow == 1 && width <= L) {
      // One vector has a column; what it has beyond that is overwritten by the next.
      int whole = VectorCopies.within(kc, a.length - aOff, aCol);
      VectorCopies.rows(whole, 1, a, aOff, aCol, packed, 0, width);
      for (int p = whole; p < kc; p++) {
        for (int r = 0; r < rows; r++) {
          packed[p * width + r] = a[aOff + p * aCol + r];
        }
      }
    } else {
      spread(0, rows, 0, kc, a, aOff, aRow, aCol, packed, 0, width);
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
      int width,
      float[] tile) {
    int line = 0;
    if (step == 1 && lineStep > 0 && Transposition.FITS) {
      for (; lines - line >= Transposition.SIZE; line += Transposition.SIZE) {
        transpose(kc, x, xOff + line * lineStep, lineStep, packed, to + line, width, tile);
      }
    }
    spread(line, lines, 0, kc, x, xOff, lineStep, step, packed, to, width);
  }

  /** Blocks in registers, the last of which begins early enough to be a whole one. */
  private static void transpose(
      int kc, float[] x, int at, int lineStep, float[] packed, int to, int width, float[] tile) {
    int size = Transposition.SIZE;
    if (kc < size) {
      // It writes 16 rows; those beyond are the next panel's, which comes later.
      VectorCopies.padded(size, kc, x, at, lineStep, tile, 0, size);
      Transposition.block(tile, 0, size, packed, to, width);
      return;
    }
    int p = 0;
    for (; p <= kc - size; p += size) {
      Transposition.block(x, at + p, lineStep, packed, to + p * width, width);
    }
    if (p < kc) {
      Transposition.block(x, at + kc - size, lineStep, packed, to + (kc - size) * width, width);
    }
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
